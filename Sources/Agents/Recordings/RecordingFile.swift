import Primitives
import Storage

/// The file of a recording: JSON lines, the first of which names the format. Of lines with the same key the last one counts.
/// A file whose name ends in `.zst` is replayed compressed, and cannot be recorded into.
///
/// Invariant: a line is in the file before ``keep(_:)`` returns; a file whose last line a crash cut off loses that line alone.
struct RecordingFile {
    let path: String
    private let log: AppendLog?
    /// The lines that the file held, without the first.
    let rows: [JSONValue]

    init(path: String, format: String, mode: RecordingMode) throws(StorageError) {
        self.path = path
        let isCompressed = path.hasSuffix(".zst")
        guard mode == .replay || !isCompressed else {
            throw .malformed(
                path: path, problem: "a compressed recording can only be replayed; record into a .jsonl file")
        }
        if mode != .replay, !FileStore.exists(path) {
            try FileStore.createDirectory(FileStore.directory(of: path))
        }
        if mode != .replay, FileStore.exists(path) {
            let bytes = try FileStore.read(path)
            let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            if end < bytes.count { try AppendLog.truncate(path, to: end) }
        }
        let lines = FileStore.exists(path) || mode == .replay ? try JSONLines.read(path) : []
        if let first = lines.first, first["format"]?.stringValue != format {
            throw .malformed(path: path, problem: "line 1: this is no recording; expected {\"format\":\"\(format)\"}")
        }
        rows = Array(lines.dropFirst())
        guard mode != .replay else {
            log = nil
            return
        }
        let log = try AppendLog(path: path)
        if lines.isEmpty {
            let header: JSONValue = ["format": .string(format)]
            try log.append(header.serialized() + [UInt8(ascii: "\n")])
        }
        self.log = log
    }

    func keep(_ row: JSONValue) throws(StorageError) {
        try log?.append(row.serialized() + [UInt8(ascii: "\n")])
    }

    func malformed(row: Int, _ error: JSONError) -> StorageError {
        .malformed(path: path, problem: "line \(row + 2): \(error)")
    }

    /// The nearest of some recorded requests, for errors.
    static func nearest(_ text: String, in others: [String]) -> String {
        let near = NearestName.of(
            String(text.prefix(200)), in: others.sorted().prefix(500).map { String($0.prefix(200)) })
        return near.map { "the nearest recorded is \($0)" } ?? "nothing like it is recorded"
    }
}
