import Primitives

/// One version of a policy on a rollout fleet. The version stays loaded as long as this lives.
public final class FleetPolicySampler: PolicySampler {
    public let policyVersion: Int
    public let weights: FleetWeights
    private let fleet: RolloutFleet
    private let released: @Sendable (FleetWeights) -> Void

    /// - Parameter released: called when the version is no longer sampled.
    init(
        policyVersion: Int, weights: FleetWeights, fleet: RolloutFleet,
        released: @escaping @Sendable (FleetWeights) -> Void
    ) {
        self.policyVersion = policyVersion
        self.weights = weights
        self.fleet = fleet
        self.released = released
    }

    deinit {
        fleet.retire(weights.name)
        released(weights)
    }

    public var pressure: SamplerPressure { fleet.pressure }

    /// Draws continuations; cancelling the task stops them on the engine.
    public func sample(
        prompt: [TokenID], count: Int, parameters: SamplingParameters
    ) async throws(FleetError) -> [SampledSequence] {
        try await fleet.sample(prompt: prompt, count: count, parameters: parameters, weights: weights.name)
    }
}
