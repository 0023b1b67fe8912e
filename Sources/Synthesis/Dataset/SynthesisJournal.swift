import Primitives
import Storage

/// The demonstrations of a synthesis as they are finished: an append-only file from which an interrupted one goes on.
///
/// Invariants: the first line names what the demonstrations are a function of; each further line holds one of them with the
/// length and the hash of its JSON. A line that does not verify, and everything after it, is cut off when the file is opened.
/// The actor runs on a queue of its own: its file work does not block the cooperative threads.
public actor SynthesisJournal {
    static let format = "medresearcher.synthesis/1"

    private nonisolated let executor = QueueExecutor(label: "medresearcher.synthesis-journal")
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let log: AppendLog
    /// What was found in the file, in the order of finishing.
    public nonisolated let restored: [Demonstration]
    /// Bytes that were cut off because they did not verify.
    public nonisolated let discardedBytes: Int

    /// - Parameter inputs: what every demonstration is a function of: recipe, graph, questions.
    public init(path: String, inputs: JSONObject) throws(SynthesisError) {
        var header: JSONObject = ["format": .string(Self.format)]
        for (key, value) in inputs.members { header[key] = value }
        let bytes = try DatasetFile.storing { () throws(StorageError) in
            FileStore.exists(path) ? try FileStore.read(path) : []
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        var verified = 0
        var restored: [Demonstration] = []
        if let first = lines.first {
            let stored = try? JSONValue.parse(Array(first))
            guard stored == .object(header) else {
                throw .otherJournal(path: path, difference: Self.difference(of: stored, from: header))
            }
            verified = first.count + 1
            for line in lines.dropFirst() {
                guard let demonstration = Self.verified(Array(line)) else { break }
                restored.append(demonstration)
                verified += line.count + 1
            }
        }
        self.restored = restored
        discardedBytes = bytes.count - verified
        let length = verified
        log = try DatasetFile.storing { () throws(StorageError) in
            if length < bytes.count { try AppendLog.truncate(path, to: length) }
            let log = try AppendLog(path: path)
            if length == 0 { try log.append(JSONLines.encode([.object(header)])) }
            return log
        }
    }

    /// Keeps a demonstration before it counts as finished.
    public func append(_ demonstration: Demonstration) throws(SynthesisError) {
        let body = demonstration.json.serialized()
        let line: JSONValue = ["bytes": .integer(body.count), "sha256": .string(SHA256.hex(body))]
        // The demonstration follows as it was hashed: `{"bytes":…,"sha256":"…","item":{…}}`.
        let bytes = line.serialized().dropLast() + Array(",\"item\":".utf8) + body + Array("}\n".utf8)
        do throws(StorageError) { try log.append(Array(bytes)) } catch { throw .storage(error) }
    }

    public func close() throws(SynthesisError) {
        do throws(StorageError) { try log.synchronize() } catch { throw .storage(error) }
        log.close()
    }

    private static func verified(_ line: [UInt8]) -> Demonstration? {
        guard let row = try? JSONValue.parse(line), let item = row["item"] else { return nil }
        let body = item.serialized()
        guard row["bytes"]?.integerValue == body.count, row["sha256"]?.stringValue == SHA256.hex(body) else {
            return nil
        }
        return try? Demonstration(json: item)
    }

    private static func difference(of stored: JSONValue?, from header: JSONObject) -> String {
        guard let stored, stored.objectValue != nil else { return "its first line" }
        let keys = header.members.filter { stored[$0.key] != $0.value }.map(\.key)
        return keys.isEmpty ? "further fields" : keys.joined(separator: ", ")
    }
}
