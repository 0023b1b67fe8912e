/// A fixed policy that the trained one is compared with.
public protocol ReferencePolicy: Sendable {
    /// Per datum, the policy's logprob of each target.
    func logprobs(_ datums: [Datum]) async throws -> [[Float]]
}

/// A model that could be trained and is not.
public struct UntrainedReference: ReferencePolicy {
    private let trainer: any PolicyTrainer

    /// - Parameter trainer: given to nobody else, so that it stays what it is.
    public init(_ trainer: any PolicyTrainer) { self.trainer = trainer }

    public func logprobs(_ datums: [Datum]) async throws -> [[Float]] {
        datums.isEmpty ? [] : try await trainer.forward(datums)
    }
}
