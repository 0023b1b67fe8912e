import Foundation
import Primitives
import Storage
import Transport

/// Answers of sources on disk, for a while.
///
/// Each file holds one answer with its request and a hash: what is damaged, of another request or too old counts as absent.
/// Files appear whole or not at all, so that several processes may share a directory. Where the files together grow beyond
/// the bound, the oldest go. Secrets never get here (``SourceRequest``). The actor runs on a queue of its own.
public actor SourceCache {
    private static let format = "medresearcher.cache/1"

    private nonisolated let executor = QueueExecutor(label: "medresearcher.source-cache")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let directory: String
    private let lifetime: Double
    private let maximumBytes: Int
    private let time: SourceTime
    /// Bytes in the directory as far as this process knows; `nil` before it has looked.
    private var bytes: Int?
    /// Why the last answer could not be kept, if it could not: calls succeed nevertheless.
    public private(set) var lastProblem: String?

    /// - Parameters:
    ///   - lifetime: how long an answer is good.
    ///   - maximumBytes: the bound of all files together.
    public init(
        directory: String, lifetime: Duration = .seconds(30 * 86_400), maximumBytes: Int = 1 << 30,
        time: SourceTime = .live
    ) {
        self.directory = directory
        self.lifetime = lifetime.seconds
        self.maximumBytes = maximumBytes
        self.time = time
    }

    func answer(to request: SourceRequest, key: String) -> HTTPResponse? {
        guard let file = try? FileStore.read(path(key)), let row = try? JSONValue.parse(file),
            row["format"]?.stringValue == Self.format, row["request"] == request.canonical,
            let stored = row["stored"]?.doubleValue, stored <= time.date() + 60, time.date() < stored + lifetime,
            let answer = row["answer"], row["sha256"]?.stringValue == SHA256.hex(answer.serialized())
        else { return nil }
        return try? RecordedAnswer.response(answer)
    }

    func keep(_ response: HTTPResponse, of request: SourceRequest, key: String) {
        let answer = RecordedAnswer.json(response)
        let row: JSONValue = [
            "format": .string(Self.format), "stored": .number(time.date().rounded()), "request": request.canonical,
            "sha256": .string(SHA256.hex(answer.serialized())), "answer": answer,
        ]
        let file = row.serialized()
        guard file.count <= maximumBytes / 4 else { return }
        do throws(StorageError) {
            let path = path(key)
            let before = (try? FileStore.size(path)) ?? 0
            if bytes == nil { bytes = try entries().reduce(0) { $0 + $1.bytes } }
            try FileStore.createDirectory(FileStore.directory(of: path))
            try FileStore.writeAtomically(file, to: path)
            bytes = (bytes ?? 0) + file.count - before
            if bytes ?? 0 > maximumBytes { try removeOldest(sparing: path) }
            lastProblem = nil
        } catch {
            lastProblem = error.description
        }
    }

    private func path(_ key: String) -> String { "\(directory)/\(key.prefix(2))/\(key).json" }

    private struct Entry {
        var path: String
        var bytes: Int
        /// When it was written, in seconds since 1970.
        var written: Double
    }

    private func entries() throws(StorageError) -> [Entry] {
        guard FileStore.isDirectory(directory) else { return [] }
        var entries: [Entry] = []
        for folder in try FileStore.list(directory) where folder.utf8.count == 2 {
            let folder = "\(directory)/\(folder)"
            guard FileStore.isDirectory(folder) else { continue }
            for name in try FileStore.list(folder) where name.hasSuffix(".json") {
                let path = "\(folder)/\(name)"
                guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { continue }
                let written = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                entries.append(
                    Entry(path: path, bytes: (attributes[.size] as? NSNumber)?.intValue ?? 0, written: written))
            }
        }
        return entries
    }

    /// Down to nine tenths of the bound, so that not every answer looks through the directory.
    private func removeOldest(sparing path: String) throws(StorageError) {
        let entries = try entries()
        var total = entries.reduce(0) { $0 + $1.bytes }
        let goal = maximumBytes / 10 * 9
        for entry in entries.sorted(by: { ($0.written, $0.path) < ($1.written, $1.path) })
        where total > goal && entry.path != path {
            try FileStore.remove(entry.path)
            total -= entry.bytes
        }
        bytes = total
    }
}
