/// Remembers the replies of a judge by a hash of all that led to them.
public protocol JudgeCache: Sendable {
    func reply(for key: String) async throws -> String?
    /// Keeps replies of a batch whose canaries were judged rightly.
    func store(_ replies: [(key: String, reply: String)]) async throws
}

/// Keeps replies while the process lives.
public actor MemoryJudgeCache: JudgeCache {
    private var replies: [String: String] = [:]

    public init() {}

    public func reply(for key: String) -> String? { replies[key] }

    public func store(_ replies: [(key: String, reply: String)]) {
        for (key, reply) in replies { self.replies[key] = reply }
    }
}
