import Synchronization

/// A trainer whose policy is sampled on a rollout fleet instead of the trainer's own server.
///
/// Publishing saves the weights for samplers under a new name, finds the directory that holds them, and loads it on every
/// replica. The sampler's logprobs come from the fleet's engine and differ from the trainer's by the rounding of other
/// kernels: both stay available, the fleet's in ``SampledSequence/logprobs`` and so in each datum, the trainer's in
/// ``TrainStepResult/logprobs``. `Training` compares them in the metrics `kl/sampler_trainer_v1` and `_v2`.
public final class FleetTrainer: PolicyTrainer {
    /// How long the parts of a publication took.
    public struct PublicationTime: Sendable, Equatable {
        public var saving: Duration
        public var loading: Duration
    }

    /// What the names of all published weights begin with.
    public static let namePrefix = "medresearcher-"

    public var profile: BackendProfile { trainer.profile }
    public let fleet: RolloutFleet
    private let trainer: any PolicyTrainer
    private let saveSampler: @Sendable (_ name: String) async throws -> String
    private let locator: WeightsLocator
    private let deleteSampler: @Sendable (_ reference: String) -> Void
    private let notice: @Sendable (String) -> Void
    /// Sets this attempt's weights apart from those of all others that a fleet may have seen. It decides nothing else.
    private let identity = String(UInt64.random(in: .min ... .max), radix: 16)
    private let state = Mutex((count: 0, last: PublicationTime?.none))

    /// - Parameters:
    ///   - saveSampler: saves the current weights for samplers under a name, and returns their `tinker://` reference.
    ///   - deleteSampler: called with a reference once no replica needs it.
    public init(
        _ trainer: any PolicyTrainer, fleet: RolloutFleet, locator: WeightsLocator,
        saveSampler: @escaping @Sendable (_ name: String) async throws -> String,
        deleteSampler: @escaping @Sendable (_ reference: String) -> Void = { _ in },
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.trainer = trainer
        self.fleet = fleet
        self.locator = locator
        self.saveSampler = saveSampler
        self.deleteSampler = deleteSampler
        self.notice = notice
    }

    /// The last publication's times.
    public var publicationTime: PublicationTime? { state.withLock { $0.last } }

    public func trainStep(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters
    ) async throws -> TrainStepResult {
        try await trainer.trainStep(datums, loss: loss, optimizer: optimizer)
    }

    public func forwardBackward(
        _ datums: [Datum], loss: LossFunction, ofTotal total: Int
    ) async throws -> GradientPass {
        try await trainer.forwardBackward(datums, loss: loss, ofTotal: total)
    }

    public func optimizerStep(_ optimizer: AdamParameters) async throws -> OptimizerStep {
        try await trainer.optimizerStep(optimizer)
    }

    public func forward(_ datums: [Datum]) async throws -> [[Float]] { try await trainer.forward(datums) }
    public func saveState(named name: String) async throws -> String { try await trainer.saveState(named: name) }
    public func loadState(from reference: String) async throws { try await trainer.loadState(from: reference) }

    /// Adapters are loaded beside one another and stay until their sampler is released; whole models replace one another.
    public var maximumLiveSamplers: Int? { fleet.endpoint.form == .adapter ? nil : 1 }

    /// Saves the weights, loads them on the fleet, and waits for every healthy replica.
    public func publishSampler(policyVersion: Int) async throws -> any PolicySampler {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        // The name is also an adapter's name on the engines: letters, digits and hyphens only.
        let name = "\(Self.namePrefix)\(identity)-\(number)-v\(policyVersion)"
        let started = ContinuousClock.now
        let reference = try await saveSampler(name)
        let saved = ContinuousClock.now
        let weights = FleetWeights(name: name, directory: try locator.directory(of: reference))
        let publication: FleetPublication
        do {
            publication = try await fleet.publish(weights)
        } catch {
            deleteSampler(reference)
            throw error
        }
        let time = PublicationTime(saving: started.duration(to: saved), loading: publication.duration)
        state.withLock { $0.last = time }
        if !publication.problems.isEmpty {
            notice(
                "policy version \(policyVersion) is on \(publication.replicas.count) of \(fleet.endpoint.urls.count) "
                    + "rollout replicas (saved in \(time.saving), loaded in \(time.loading))")
        }
        let deleteSampler = deleteSampler
        return FleetPolicySampler(policyVersion: policyVersion, weights: weights, fleet: fleet) { _ in
            deleteSampler(reference)
        }
    }

    /// Closes the fleet's connection and the trainer. Safe to call twice.
    public func close() async {
        await fleet.close()
        await trainer.close()
    }
}
