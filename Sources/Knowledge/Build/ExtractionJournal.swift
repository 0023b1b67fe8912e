import Primitives
import Storage

/// What was read out of pieces so far, in a file that only grows: an interrupted build asks for nothing twice.
///
/// A piece is known by the hash of everything that its answer depends on: the model, the schema, the settings, the title and
/// the text. A line that a crash cut off is dropped. The actor runs on a queue of its own.
actor ExtractionJournal {
    private nonisolated let executor = QueueExecutor(label: "medresearcher.extraction-journal")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let log: AppendLog
    private var entries: [String: ChunkExtraction]

    init(path: String) throws(StorageError) {
        entries = try Self.read(path).entries
        log = try AppendLog(path: path)
    }

    /// What the answers of the file took, those to pieces that were asked for again included.
    static func usage(path: String) throws(StorageError) -> TokenUsage { try read(path).usage }

    private static func read(
        _ path: String
    ) throws(StorageError) -> (entries: [String: ChunkExtraction], usage: TokenUsage) {
        guard FileStore.exists(path) else { return ([:], .none) }
        let newline = UInt8(ascii: "\n")
        let bytes = try FileStore.read(path)
        let end = bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0
        if end < bytes.count { try AppendLog.truncate(path, to: end) }
        var entries: [String: ChunkExtraction] = [:]
        var usage = TokenUsage.none
        for (index, line) in bytes[..<end].split(separator: newline).enumerated() {
            do throws(JSONError) {
                let row = try JSONValue.parse(Array(line))
                let extraction = try ChunkExtraction(json: row)
                entries[try row.string(at: "key")] = extraction
                usage += extraction.usage
            } catch {
                throw .malformed(
                    path: path,
                    problem:
                        "line \(index + 1) is no entry of a journal (\(error)); name another file, or delete this one "
                        + "to read everything again")
            }
        }
        return (entries, usage)
    }

    /// - Returns: `nil` for a piece that was not read yet, or not to its end.
    func entry(_ key: String) -> ChunkExtraction? { entries[key].flatMap { $0.problem == nil ? $0 : nil } }

    func keep(_ extraction: ChunkExtraction, key: String, document: String, chunk: Range<Int>) throws(StorageError) {
        var row: JSONObject = [
            "key": .string(key), "document": .string(document),
            "chunk": [.integer(chunk.lowerBound), .integer(chunk.upperBound)],
        ]
        for member in extraction.json.objectValue?.members ?? [] { row[member.key] = member.value }
        try log.append(JSONValue.object(row).serialized() + [UInt8(ascii: "\n")])
        entries[key] = extraction
    }

    func close() throws(StorageError) {
        try log.synchronize()
        log.close()
    }

    static func key(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            // The length in front keeps apart ("a", "bc") and ("ab", "c").
            hash.update(Array("\(part.utf8.count)\n".utf8) + Array(part.utf8))
        }
        return hash.hexadecimal()
    }
}
