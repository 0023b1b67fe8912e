import Primitives
import Storage

/// A file of conversations, one JSON value per line, plain (`.jsonl`) or compressed (`.jsonl.zst`).
public struct ConversationFile: Sendable {
    public let path: String
    /// Of the file as it lies on the disk.
    public let sha256: String
    private let bytes: [UInt8]

    public init(path: String) throws(SynthesisError) {
        self.path = path
        let stored = try DatasetFile.storing { () throws(StorageError) in try FileStore.read(path) }
        sha256 = SHA256.hex(stored)
        guard path.hasSuffix(".zst") else {
            bytes = stored
            return
        }
        do throws(StorageError) { bytes = try Zstandard.decompress(stored) } catch {
            throw .storage(.malformed(path: path, problem: "\(error)"))
        }
    }

    /// Reads every line and makes something of its conversation, several lines at once. Blank lines are passed over.
    /// - Returns: what came of each line, in their order.
    public func map<Output: Sendable>(
        format: ConversationFormat, maximumConcurrency: Int = 4,
        _ transform: @escaping @Sendable (TrainingConversation) throws -> Output
    ) async throws -> [LineResult<Output>] {
        let reader = ConversationReader(format: format)
        var results: [LineResult<Output>] = []
        try await JSONLineMap(maximumConcurrency: maximumConcurrency, linesPerTask: 64).run(
            bytes, transform: { try transform(try reader.read($0)) }, emit: { results += $0 })
        return results
    }
}
