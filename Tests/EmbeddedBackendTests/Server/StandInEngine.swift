import Synchronization

@testable import EmbeddedBackend

/// What the stand-in engines did, in order, over all threads.
final class EngineLog: Sendable {
    private let entries = Mutex<[String]>([])
    private let liveSamplers = Mutex(0)
    /// While closed, trainers and samplers wait here.
    let gate = ThreadGate()

    func note(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
    var samplerCount: Int { liveSamplers.withLock { $0 } }
    func countSampler(_ difference: Int) { liveSamplers.withLock { $0 += difference } }
}

/// Deterministic weights: one number that every optimizer step increases by its learning rate.
final class StandInWeights: ModelWeights {
    let vocabularySize = 512
    let maximumPositions = 64
    let value: Double
    let log: EngineLog

    init(value: Double, log: EngineLog) {
        self.value = value
        self.log = log
    }

    func save(directory: String) throws {
        try StandInWeights.write(String(value), to: directory + "/model.txt")
    }

    func makeTrainer(threads: Int, adapter: AdapterConfiguration?) -> any TrainingEngine { StandInTrainer(self) }
    func adapted(by directory: String) throws -> any ModelWeights { self }
    func saveMerged(directory: String) throws { try save(directory: directory) }
    func makeSampler(threads: Int) -> any SequenceSampler { StandInSampler(self) }
}

/// Logprobs are `−target / 100 − value`; a batch whose first token is 13 fails.
final class StandInTrainer: TrainingEngine {
    private var value: Double
    private var steps = 0
    private var pendingSequences = 0
    private let log: EngineLog

    init(_ weights: StandInWeights) {
        value = weights.value
        log = weights.log
    }

    func forward(_ batch: [TrainingSequence]) throws -> [[Float]] {
        log.gate.pass()
        log.note("forward \(batch.count)")
        if batch[0].inputTokens[0] == 13 { throw StandInError.unlucky }
        return batch.map { $0.targetTokens.map { -Float($0) / 100 - Float(value) } }
    }

    func forwardBackward(
        _ batch: [TrainingSequence], loss: DecoderLoss
    ) throws -> (logprobs: [[Float]], lossSum: Double) {
        let logprobs = try forward(batch)
        pendingSequences += batch.count
        let losses = TrainingBatch(sequences: batch, loss: loss).elementwiseLoss(logprobs)
        return (logprobs, losses.joined().reduce(0.0) { $0 + Double($1) })
    }

    func optimizerStep(
        learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        gradientClipNorm: Double
    ) -> Double {
        log.note("step \(pendingSequences) clip \(gradientClipNorm)")
        value += learningRate
        steps += 1
        defer { pendingSequences = 0 }
        return Double(pendingSequences)
    }

    func discardGradients() {
        log.note("discard \(pendingSequences)")
        pendingSequences = 0
    }

    func saveState(directory: String) throws {
        try StandInWeights.write(String(value), to: directory + "/model.txt")
        log.gate.pass()
        try StandInWeights.write(String(steps), to: directory + "/optimizer.txt")
    }

    func loadState(directory: String, optimizer: Bool) throws {
        value = try StandInWeights.read(directory + "/model.txt")
        steps = optimizer ? Int(try StandInWeights.read(directory + "/optimizer.txt")) : 0
        log.note("load \(value) steps \(steps)")
    }

    func currentWeights() -> any ModelWeights { StandInWeights(value: value, log: log) }
}

/// Token *i* is `(seed + i + 1000 · value) mod 512`; its logprob is minus the weights' value.
final class StandInSampler: SequenceSampler {
    private let weights: StandInWeights

    init(_ weights: StandInWeights) {
        self.weights = weights
        weights.log.countSampler(1)
    }

    func sample(_ request: SamplingEngine.Request) async throws -> SamplingEngine.Completion {
        if request.prompt[0] == 13 { throw StandInError.unlucky }
        var tokens: [Int32] = []
        var stopped = false
        while tokens.count < request.maxTokens, !stopped {
            let token = Int32((Int(request.seed) + tokens.count + Int(1000 * weights.value)) % 512)
            tokens.append(token)
            stopped = request.stopTokens.contains(token)
        }
        return SamplingEngine.Completion(
            tokens: tokens, logprobs: tokens.map { _ in -Float(weights.value) }, stoppedByToken: stopped,
            promptLogprobs: request.wantsPromptLogprobs ? request.prompt.dropFirst().map { -Float($0) / 8 } : nil)
    }

    func shutdown() { weights.log.countSampler(-1) }
}

enum StandInError: Error, CustomStringConvertible {
    case unlucky, unreadable(String)

    var description: String {
        switch self {
        case .unlucky: "the engine had bad luck"
        case .unreadable(let file): "\(file) is unreadable"
        }
    }
}
