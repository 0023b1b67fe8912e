import Backends
import Primitives
import Synchronization

/// A stable 64-bit hash (FNV-1a), so that fake weights are a function of everything they were trained on.
struct StableHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }
    mutating func add(_ numbers: [Float]) { for number in numbers { add(UInt64(number.bitPattern)) } }
    mutating func add(_ tokens: [TokenID]) { for token in tokens { add(UInt64(UInt32(bitPattern: token))) } }

    static func of(_ numbers: UInt64...) -> UInt64 {
        var hash = StableHash()
        for number in numbers { hash.add(number) }
        return hash.value ^ hash.value >> 29
    }
}

/// The part of a backend that survives the orchestrator's death: saved states by their reference.
final class FakeBackend: Sendable {
    let states = Mutex<[String: UInt64]>([:])
    let deleted = Mutex<[String]>([])
    let losses = Mutex<[LossFunction]>([])
    let optimizers = Mutex<[AdamParameters]>([])
}

/// A trainer whose weights are a hash of everything it was trained on.
final class FakeTrainer: PolicyTrainer {
    static let initialWeights: UInt64 = 42

    let backend: FakeBackend
    let faults: FaultInjector
    let profile: BackendProfile
    private let weights = Mutex<UInt64>(initialWeights)

    /// The number of steps after which the loss is not a number; `nil`: never.
    private let divergesAfter: Int?
    private let steps = Atomic<Int>(0)

    init(
        backend: FakeBackend, faults: FaultInjector, divergesAfter: Int? = nil, profile: BackendProfile = .embedded
    ) {
        self.profile = profile
        self.backend = backend
        self.faults = faults
        self.divergesAfter = divergesAfter
    }

    var currentWeights: UInt64 { weights.withLock { $0 } }

    /// The hash of the batches whose gradients wait for an optimizer step.
    private let waiting = Mutex(StableHash())

    func trainStep(
        _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters
    ) async throws -> TrainStepResult {
        let pass = try await forwardBackward(datums, loss: loss, ofTotal: datums.count)
        let step = try await optimizerStep(optimizer)
        return TrainStepResult(logprobs: pass.logprobs, loss: pass.loss, gradientNorm: step.gradientNorm)
    }

    func forwardBackward(_ datums: [Datum], loss: LossFunction, ofTotal total: Int) async throws -> GradientPass {
        try faults.point()
        waiting.withLock { hash in
            for datum in datums {
                hash.add(datum.inputTokens)
                hash.add(datum.targetTokens)
                hash.add(datum.weights)
                hash.add(datum.logprobs)
                hash.add(datum.advantages)
            }
        }
        backend.losses.withLock { $0.append(loss) }
        let weights = currentWeights
        return GradientPass(
            logprobs: datums.map { datum in datum.targetTokens.map { Self.logprob(weights: weights, token: $0) } },
            loss: divergesAfter.map { steps.load(ordering: .relaxed) >= $0 } ?? false ? .nan : 1)
    }

    func optimizerStep(_ optimizer: AdamParameters) async throws -> OptimizerStep {
        _ = steps.add(1, ordering: .relaxed)
        var hash = waiting.withLock { waiting in
            defer { waiting = StableHash() }
            return waiting
        }
        hash.add(currentWeights)
        hash.add(optimizer.learningRate.bitPattern)
        weights.withLock { $0 = hash.value }
        backend.optimizers.withLock { $0.append(optimizer) }
        try faults.point()
        return OptimizerStep(gradientNorm: Double(hash.value % 1000) / 100)
    }

    static func logprob(weights: UInt64, token: TokenID) -> Float {
        -0.1 - Float(StableHash.of(weights, UInt64(UInt32(bitPattern: token))) % 1000) / 500
    }

    func forward(_ datums: [Datum]) async throws -> [[Float]] {
        datums.map { datum in datum.targetTokens.map { Self.logprob(weights: currentWeights, token: $0) } }
    }

    func saveState(named name: String) async throws -> String {
        try faults.point()
        guard waiting.withLock({ $0.value == StableHash().value }) else {
            throw FakeBackendError(text: "the state \(name) would lack gradients that wait")
        }
        let reference = "fake://" + name
        let isNew = backend.states.withLock { $0.updateValue(currentWeights, forKey: reference) == nil }
        guard isNew else { throw FakeBackendError(text: "the state \(name) exists already") }
        try faults.point()
        return reference
    }

    func loadState(from reference: String) async throws {
        try faults.point()
        guard let stored = backend.states.withLock({ $0[reference] }) else {
            throw FakeBackendError(text: "there is no state \(reference)")
        }
        weights.withLock { $0 = stored }
    }

    func publishSampler(policyVersion: Int) async throws -> any PolicySampler {
        try faults.point()
        return FakeSampler(weights: currentWeights, policyVersion: policyVersion, faults: faults)
    }

    func close() async {}
}

struct FakeBackendError: Error, CustomStringConvertible {
    let text: String
    var description: String { text }
}

/// Draws three to six tokens that depend on weights, prompt and seed only.
struct FakeSampler: PolicySampler {
    let weights: UInt64
    let policyVersion: Int
    let faults: FaultInjector

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        try faults.point()
        var hash = StableHash()
        hash.add(weights)
        hash.add(prompt)
        hash.add(parameters.temperature == 0 ? 0 : UInt64(bitPattern: parameters.seed))
        // Episodes that began later may end earlier, so that completion order differs from start order.
        for _ in 0..<(hash.value >> 7) % 4 { await Task.yield() }
        let all = (0..<3 + Int(hash.value >> 11 % 4) % 4).map { position in
            TokenID(StableHash.of(hash.value, UInt64(position)) % 50)
        }
        let tokens = Array(all.prefix(parameters.maxTokens))
        return [
            SampledSequence(
                tokens: tokens, logprobs: tokens.map { FakeTrainer.logprob(weights: weights, token: $0) },
                stopReason: tokens.count < all.count ? .length : .stop)
        ]
    }
}
