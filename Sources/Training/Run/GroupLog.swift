import Primitives
import Storage

/// The write-ahead log of one step's groups: a header line, then one line per finished episode (``PlayedEpisode``).
///
/// An episode may be reused after a crash exactly if the policy that wrote it is the one that would write it again. The
/// header therefore names the weights (``CheckpointManifest/policyIdentity``), not only their version: when steps are
/// repeated after a crash, a backend that is not deterministic gives other weights the same version.
final class GroupLog {
    struct Header: Equatable {
        var stage: StageName
        var step: Int
        var policyIdentity: String
        var recipeSHA256: String

        var json: JSONValue {
            .object([
                "format": "medresearcher.groups/1", "stage": .string(stage.rawValue), "step": .integer(step),
                "policy": .string(policyIdentity), "recipe_sha256": .string(recipeSHA256),
            ])
        }
    }

    /// The episodes that were found when the log was opened, in the order in which they were finished.
    let finished: [JSONValue]
    private let log: AppendLog

    /// Opens the log, keeps what belongs to the header, and drops a torn last line or a log of another policy.
    /// - Parameter pendingLength: the length that a manifest vouches for. Then the log belongs to that manifest whatever policy
    ///   wrote it, and it is cut to this length.
    init(path: String, header: Header, pendingLength: Int? = nil) throws(StorageError) {
        var kept: [JSONValue] = []
        var length = 0
        if let pendingLength { try AppendLog.truncate(path, to: pendingLength) }
        if FileStore.exists(path) {
            for line in try FileStore.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .dropLast()
            {
                guard let value = try? JSONValue.parse(Array(line)) else { break }
                if kept.isEmpty && pendingLength == nil && value != header.json { break }
                kept.append(value)
                length += line.count + 1
            }
            try AppendLog.truncate(path, to: length)
        }
        finished = Array(kept.dropFirst())
        log = try AppendLog(path: path)
        if length == 0 { try log.append(JSONLines.encode([header.json])) }
    }

    func append(_ episode: JSONValue) throws(StorageError) { try log.append(JSONLines.encode([episode])) }

    /// The length of the log once all of it is on the disk.
    func synchronizedLength() throws(StorageError) -> Int {
        try log.synchronize()
        return log.length
    }

    func close() { log.close() }
}
