import Primitives
import Storage

/// Writes a compressed file of JSON lines, frame by frame, so that memory stays small and an interrupted write goes on after
/// its last whole frame.
///
/// Frames end after the row that fills them, so the bytes of the file are a function of its rows alone, whether it was
/// written in one go or in several. While the file grows, `PATH.progress` says how much of it is whole and which rows it is
/// made of; a file without it is complete.
public final class DatasetWriter {
    private struct Progress {
        var rows = 0
        var bytes = 0
        var jsonBytes = 0
    }

    private let path: String
    private let key: String
    private let frameSize: Int
    private let log: AppendLog
    private var encoder: DatasetRowEncoder
    private var progress: Progress
    private var pendingRows = 0

    /// The rows that an interrupted write left whole; the caller goes on with the next one.
    public var writtenRows: Int { progress.rows }
    /// Bytes of JSON handed on so far.
    public var jsonByteCount: Int { progress.jsonBytes }

    /// - Parameters:
    ///   - tools: what every row lists.
    ///   - key: names what the rows are a function of. A write with another key starts anew.
    ///   - frameSize: bytes of JSON that a frame holds at least, except the last.
    public init(
        path: String, tools: [JSONValue], key: String, frameSize: Int = 4 << 20
    ) throws(SynthesisError) {
        self.path = path
        self.key = key
        self.frameSize = frameSize
        encoder = DatasetRowEncoder(tools: tools)
        do throws(StorageError) {
            var found = Progress()
            if FileStore.exists(path), let stored = try Self.stored(path, key: key),
                try FileStore.size(path) >= stored.bytes
            {
                found = stored
            }
            progress = found
            if FileStore.exists(path) { try AppendLog.truncate(path, to: found.bytes) }
            log = try AppendLog(path: path)
            try Self.store(found, path: path, key: key)
        } catch { throw .storage(error) }
    }

    public func append(_ example: DatasetExample) throws(SynthesisError) {
        encoder.append(example)
        pendingRows += 1
        if encoder.bytes.count >= frameSize { try flush() }
    }

    /// Writes what is left and declares the file complete.
    public func finish() throws(SynthesisError) {
        try flush()
        do throws(StorageError) {
            // An empty data set is an empty frame, which every reader of zstd accepts.
            if progress.bytes == 0 { try log.append(Zstandard.compress([])) }
            try log.synchronize()
            log.close()
            try FileStore.remove(path + Self.suffix)
        } catch { throw .storage(error) }
    }

    private func flush() throws(SynthesisError) {
        guard pendingRows > 0 else { return }
        do throws(StorageError) {
            let frame = Zstandard.compress(encoder.bytes)
            try log.append(frame)
            progress.rows += pendingRows
            progress.bytes += frame.count
            progress.jsonBytes += encoder.bytes.count
            try Self.store(progress, path: path, key: key)
        } catch { throw .storage(error) }
        encoder.removeAll()
        pendingRows = 0
    }

    private static let suffix = ".progress"

    private static func store(_ progress: Progress, path: String, key: String) throws(StorageError) {
        let json: JSONValue = [
            "key": .string(key), "rows": .integer(progress.rows), "bytes": .integer(progress.bytes),
            "json_bytes": .integer(progress.jsonBytes),
        ]
        try FileStore.writeAtomically(json.serialized(), to: path + suffix)
    }

    private static func stored(_ path: String, key: String) throws(StorageError) -> Progress? {
        guard FileStore.exists(path + suffix), let json = try? JSONValue.parse(FileStore.read(path + suffix)),
            json["key"]?.stringValue == key, let rows = json["rows"]?.integerValue,
            let bytes = json["bytes"]?.integerValue, let jsonBytes = json["json_bytes"]?.integerValue
        else { return nil }
        return Progress(rows: rows, bytes: bytes, jsonBytes: jsonBytes)
    }
}
