import Primitives

/// One JSON value per line, plain (`.jsonl`) or compressed (`.jsonl.zst`).
public enum JSONLines {
    /// The rows as text, each ended by a line feed.
    public static func encode(_ rows: [JSONValue]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in rows {
            bytes += row.serialized()
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Writes a compressed file atomically.
    public static func write(_ rows: [JSONValue], toZstandard path: String) throws(StorageError) {
        try FileStore.writeAtomically(Zstandard.compress(encode(rows)), to: path)
    }

    /// Reads a file; one whose name ends in `.zst` is decompressed. An error names the line.
    public static func read(_ path: String) throws(StorageError) -> [JSONValue] {
        let bytes = try FileStore.read(path)
        guard path.hasSuffix(".zst") else { return try decode(bytes, path: path) }
        return try decode(try Zstandard.decompress(bytes, limit: 1 << 32, path: path), path: path)
    }

    /// Reads the lines of a text; `path` names it in errors.
    public static func decode(_ bytes: [UInt8], path: String) throws(StorageError) -> [JSONValue] {
        var rows: [JSONValue] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            do {
                rows.append(try JSONValue.parse(Array(bytes[start..<end])))
            } catch .syntax(let problem, _, _, let column) {
                throw .malformed(path: path, problem: "line \(rows.count + 1), column \(column): \(problem)")
            } catch {
                throw .malformed(path: path, problem: "line \(rows.count + 1): \(error)")
            }
            start = end + 1
        }
        return rows
    }
}
