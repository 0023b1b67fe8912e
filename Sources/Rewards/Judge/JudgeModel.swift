import Primitives

/// A language model that answers one prompt. The room that owns the endpoint adapts its client to it.
public protocol JudgeModel: Sendable {
    /// The model's whole reply.
    ///
    /// - Parameter schema: a JSON Schema that the reply must follow, for servers that can enforce one; the reply is
    ///   checked afterwards in any case.
    func complete(system: String, user: String, schema: JSONValue?) async throws -> String
}

/// Hashes bytes to text: a cryptographic hash such as SHA-256 in hexadecimal digits.
public typealias ContentHash = @Sendable ([UInt8]) -> String
