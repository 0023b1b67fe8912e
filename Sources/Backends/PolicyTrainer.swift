/// What one forward-backward pass followed by one optimizer step reported.
public struct TrainStepResult: Sendable, Equatable {
    /// Per datum, the trainer's logprob of each target **before** the step.
    public var logprobs: [[Float]]
    /// The loss as the server states it (`loss:sum`), or `nil` where it states none.
    public var loss: Double?
    /// The gradient norm before clipping, or `nil` where the server states none.
    public var gradientNorm: Double?
    /// Everything the server measured, under the server's names; of a batch sent in several chunks, combined.
    public var metrics: [String: Double]

    public init(
        logprobs: [[Float]], loss: Double?, gradientNorm: Double?, metrics: [String: Double] = [:]
    ) {
        self.logprobs = logprobs
        self.loss = loss
        self.gradientNorm = gradientNorm
        self.metrics = metrics
    }
}

/// The trainable side of a policy. One instance owns one model on the backend.
///
/// Invariant: calls are executed by the backend in the order in which they were made.
public protocol PolicyTrainer: Sendable {
    /// What the backend does differently from the Tinker API's documentation.
    var profile: BackendProfile { get }

    /// Submits forward-backward and the optimizer step together and awaits both.
    func trainStep(_ datums: [Datum], loss: LossFunction, optimizer: AdamParameters) async throws -> TrainStepResult

    /// The logprobs of the targets under the current weights, without a gradient.
    func forward(_ datums: [Datum]) async throws -> [[Float]]

    /// Saves weights and optimizer state under a name that must be new, and returns the reference that loads them.
    func saveState(named name: String) async throws -> String

    /// Restores weights and optimizer state from a reference of ``saveState(named:)``.
    func loadState(from reference: String) async throws

    /// Makes an immutable sampler of the current weights; its sequences carry `policyVersion`.
    func publishSampler(policyVersion: Int) async throws -> any PolicySampler

    /// Frees the model and ends the session. Safe to call twice.
    func close() async
}
