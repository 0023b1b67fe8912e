import Synchronization

@testable import EmbeddedBackend

/// What the stand-in engines did, in order, over all threads.
final class EngineLog: Sendable {
    private let entries = Mutex<[String]>([])
    private let liveSamplers = Mutex(0)
    /// While closed, trainers and samplers wait here.
    let gate = ThreadGate()
    /// What samplers write instead of counting, where it is not empty.
    private let scripted = Mutex<[Int32]>([])

    var script: [Int32] {
        get { scripted.withLock { $0 } }
        set { scripted.withLock { $0 = newValue } }
    }

    func note(_ entry: String) { entries.withLock { $0.append(entry) } }
    var all: [String] { entries.withLock { $0 } }
    var samplerCount: Int { liveSamplers.withLock { $0 } }
    func countSampler(_ difference: Int) { liveSamplers.withLock { $0 += difference } }
}

/// Deterministic weights: one number that every optimizer step increases by its learning rate.
final class StandInWeights: ModelWeights {
    let vocabularySize = 512
    let maximumPositions = 1024
    let value: Double
    let log: EngineLog
    let adapter: AdapterConfiguration?

    init(value: Double, log: EngineLog, adapter: AdapterConfiguration? = nil) {
        self.value = value
        self.log = log
        self.adapter = adapter
    }

    /// An adapter's file has another name, so that it cannot be taken for a model.
    func save(directory: String) throws {
        try StandInWeights.write(String(value), to: directory + (adapter == nil ? "/model.txt" : "/adapter.txt"))
    }

    func makeTrainer(threads: Int, adapter: AdapterConfiguration?) -> any TrainingEngine {
        if let adapter { log.note("adapter rank \(adapter.rank) alpha \(adapter.alpha) seed \(adapter.seed)") }
        return StandInTrainer(self, adapter: adapter)
    }

    func adapted(by directory: String) throws -> any ModelWeights {
        StandInWeights(value: try StandInWeights.read(directory + "/adapter.txt"), log: log)
    }
    func saveMerged(directory: String) throws { try save(directory: directory) }
    func makeSampler(threads: Int) -> any SequenceSampler { StandInSampler(self) }
}

/// Logprobs are `−target / 100 − value`; a batch whose first token is 13 fails.
final class StandInTrainer: TrainingEngine {
    private var value: Double
    private var steps = 0
    private var pendingSequences = 0
    private let log: EngineLog
    private let adapter: AdapterConfiguration?

    init(_ weights: StandInWeights, adapter: AdapterConfiguration?) {
        value = weights.value
        log = weights.log
        self.adapter = adapter
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

    func currentWeights() -> any ModelWeights { StandInWeights(value: value, log: log, adapter: adapter) }
}

/// Token *i* is `(seed + i + 1000 · value) mod 512`, or the log's script; its logprob is minus the weights' value, and the
/// most probable tokens at its place are 1, 2, 3, … with logprobs −1, −2, −3, …. The prompt's are the tokens themselves.
final class StandInSampler: SequenceSampler {
    private let weights: StandInWeights

    init(_ weights: StandInWeights) {
        self.weights = weights
        weights.log.countSampler(1)
    }

    func sample(_ request: SamplingEngine.Request) async throws -> SamplingEngine.Completion {
        if request.prompt[0] == 13 { throw StandInError.unlucky }
        let script = weights.log.script
        func top(_ count: Int) -> [SamplingEngine.ScoredToken] {
            (0..<count).map { SamplingEngine.ScoredToken(token: Int32($0 + 1), logprob: -Float($0 + 1)) }
        }
        var completion = SamplingEngine.Completion(tokens: [], logprobs: [], stoppedByToken: false)
        // A prompt of 17s is answered without end, so that it can be cancelled.
        let limit = request.prompt == [17] ? Int.max : request.maxTokens
        while completion.tokens.count < limit, !completion.isStopped {
            if Task.isCancelled {
                weights.log.note("cancelled")
                throw CancellationError()
            }
            if limit == .max { try? await Task.sleep(for: .milliseconds(2)) }
            let index = completion.tokens.count
            let counted = Int32((Int(request.seed) + index + Int(1000 * weights.value)) % 512)
            let token = script.isEmpty ? counted : script[index % script.count]
            completion.tokens.append(token)
            completion.logprobs.append(-Float(weights.value))
            request.onToken?(
                SamplingEngine.SampledToken(
                    token: token, logprob: -Float(weights.value), top: top(request.topkSampleLogprobs)))
            completion.stoppedByToken = request.stopTokens.contains(token)
            completion.stoppedByCondition = !completion.stoppedByToken && request.stopCondition?(token) ?? false
        }
        if request.topkSampleLogprobs > 0 {
            completion.topLogprobs = completion.tokens.map { _ in top(request.topkSampleLogprobs) }
        }
        let later = request.prompt.dropFirst()
        if request.wantsPromptLogprobs { completion.promptLogprobs = later.map { -Float($0) / 8 } }
        if request.topkPromptLogprobs > 0 {
            completion.topPromptLogprobs = later.map { _ in top(request.topkPromptLogprobs) }
        }
        return completion
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
