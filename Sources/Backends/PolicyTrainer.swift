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

/// What a forward-backward pass without an optimizer step reported; the fields are those of ``TrainStepResult``.
public struct GradientPass: Sendable, Equatable {
    public var logprobs: [[Float]]
    public var loss: Double?
    public var metrics: [String: Double]

    public init(logprobs: [[Float]], loss: Double?, metrics: [String: Double] = [:]) {
        self.logprobs = logprobs
        self.loss = loss
        self.metrics = metrics
    }
}

/// What an optimizer step by itself reported.
public struct OptimizerStep: Sendable, Equatable {
    /// The gradient norm before clipping, or `nil` where the server states none.
    public var gradientNorm: Double?
    public var metrics: [String: Double]

    public init(gradientNorm: Double?, metrics: [String: Double] = [:]) {
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

    /// Adds the gradients of a part of a batch to those that wait for the next optimizer step. An empty part adds nothing.
    ///
    /// ``forward(_:)`` and ``publishSampler(policyVersion:)`` see the weights after the last optimizer step, whatever waits; a
    /// state is better saved when nothing does, because some servers refuse to. ``loadState(from:)`` discards what waits. After
    /// a part that failed only that helps: no step is taken with half of a gradient. A cancelled task begins no step, but may
    /// finish one.
    /// - Parameter total: the number of datums of all parts up to that step, which a server that averages divides by
    ///   (``BackendProfile/LossReduction``).
    func forwardBackward(_ datums: [Datum], loss: LossFunction, ofTotal total: Int) async throws -> GradientPass

    /// Takes an optimizer step with the gradients that wait; without any it is an error.
    func optimizerStep(_ optimizer: AdamParameters) async throws -> OptimizerStep

    /// The logprobs of the targets under the current weights, without a gradient.
    func forward(_ datums: [Datum]) async throws -> [[Float]]

    /// Saves weights and optimizer state under a name that must be new, and returns the reference that loads them.
    func saveState(named name: String) async throws -> String

    /// Restores weights and optimizer state from a reference of ``saveState(named:)``.
    func loadState(from reference: String) async throws

    /// Makes an immutable sampler of the current weights; its sequences carry `policyVersion`.
    func publishSampler(policyVersion: Int) async throws -> any PolicySampler

    /// How many samplers of this trainer can be asked at a time, the newest one included; `nil`: no limit is known. An
    /// older one must not be asked any more, whatever it would answer.
    var maximumLiveSamplers: Int? { get }

    /// Frees the model and ends the session. Safe to call twice.
    func close() async
}

extension PolicyTrainer {
    public var maximumLiveSamplers: Int? { nil }
}
