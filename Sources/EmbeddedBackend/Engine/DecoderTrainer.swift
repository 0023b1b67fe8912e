import CKernels
import Dispatch

/// A trainable decoder: forward, backward, AdamW, and its state on disk. Trains all parameters, or an adapter's alone.
///
/// Invariants
/// * Used from one thread at a time, never from the cooperative pool: calls block until the work is done.
/// * Results do not depend on the number of threads: sequences are dealt to a fixed number of lanes by their lengths
///   alone, lanes' gradients are summed in order, and a lane's team changes no sum (``TrainingPlan``).
/// * `parameters` may be shared with snapshots and the weights it was made from; it is copied before it is changed then.
public final class DecoderTrainer {
    public let configuration: DecoderConfiguration
    /// Where an adapter is trained, the weights it came with; their parameters stay frozen.
    let adapted: DecoderWeights?
    /// The tensors that are trained, and their number of parameters.
    let trained: [ParameterLayout.Tensor]
    private let count: Int
    private(set) var parameters: FloatBuffer
    let firstMoment: FloatBuffer
    let secondMoment: FloatBuffer
    private let lanes: [DecoderLane]
    private let rotary: RotaryTable
    private let plan: TrainingPlan
    private let team: WorkTeam
    private(set) var stepCount: Int64 = 0
    private(set) var gradientsAreClear = true
    /// The matrices of the current parameters, until the next change.
    private var packed: PackedDecoder?

    /// Trains the adapter of weights that have one, and all parameters of others.
    /// - Parameter threads: how many threads work at the same time, at least 1.
    public convenience init(weights: DecoderWeights, threads: Int) {
        self.init(weights: weights, threads: threads, plan: TrainingPlan(weights.configuration))
    }

    init(weights: DecoderWeights, threads: Int, plan: TrainingPlan) {
        configuration = weights.configuration
        adapted = weights.adapter == nil ? nil : weights
        trained = weights.adapter?.layout.tensors ?? weights.layout.tensors
        let count = weights.adapter?.layout.count ?? weights.layout.count
        self.count = count
        parameters = weights.adapter?.parameters ?? weights.parameters
        firstMoment = FloatBuffer(count: count)
        secondMoment = FloatBuffer(count: count)
        self.plan = plan
        let team = WorkTeam(threads: threads)
        self.team = team
        lanes = (0..<plan.laneCount).map { _ in
            DecoderLane(
                weights.configuration, trainedCount: count, plan: plan,
                team: plan.isSmall ? WorkTeam(threads: 1) : team)
        }
        rotary = RotaryTable(weights.configuration)
    }

    /// The logprobs of each sequence's targets.
    public func forward(_ batch: [TrainingSequence]) throws(EngineError) -> [[Float]] {
        try run(batch, loss: nil).logprobs
    }

    /// The logprobs of each sequence's targets and the loss; gradients are added to those already there.
    public func forwardBackward(
        _ batch: [TrainingSequence], loss: DecoderLoss
    ) throws(EngineError) -> (logprobs: [[Float]], lossSum: Double) {
        gradientsAreClear = false
        let result = try run(batch, loss: loss)
        return (result.logprobs, result.loss)
    }

    private func run(
        _ batch: [TrainingSequence], loss: DecoderLoss?
    ) throws(EngineError) -> (logprobs: [[Float]], loss: Double) {
        for sequence in batch where sequence.inputTokens.count > configuration.maximumPositions {
            throw .request(
                "a sequence has \(sequence.inputTokens.count) tokens, the model takes \(configuration.maximumPositions)"
            )
        }
        let model = packedModel()
        let dealt = deal(batch)
        let results = LaneResults(count: lanes.count)
        if lanes.count == 1 {
            results.set(0, lanes[0].run(batch, model: model, loss: loss))
        } else {
            team.forEach(lanes.count) { _, lane in
                results.set(lane, lanes[lane].run(dealt[lane].map { batch[$0] }, model: model, loss: loss))
            }
        }
        var logprobs = [[Float]](repeating: [], count: batch.count)
        var total = 0.0
        for (lane, output) in results.all.enumerated() {
            for (index, values) in zip(dealt[lane], output.logprobs) { logprobs[index] = values }
            total += output.loss
        }
        return (logprobs, total)
    }

    /// Indices of the batch for each lane: every sequence in turn to the lane with the fewest tokens so far.
    private func deal(_ batch: [TrainingSequence]) -> [[Int]] {
        var dealt = [[Int]](repeating: [], count: lanes.count)
        var tokens = [Int](repeating: 0, count: lanes.count)
        for (index, sequence) in batch.enumerated() {
            let lane = tokens.indices.min { (tokens[$0], $0) < (tokens[$1], $1) } ?? 0
            dealt[lane].append(index)
            tokens[lane] += sequence.inputTokens.count
        }
        return dealt
    }

    /// Applies the accumulated gradients (AdamW as in `torch.optim.AdamW`) and clears them.
    /// - Returns: the global gradient norm before clipping.
    @discardableResult
    public func optimizerStep(
        learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        gradientClipNorm: Double
    ) -> Double {
        packed = nil
        if !isKnownUniquelyReferenced(&parameters) {
            let copy = FloatBuffer(count: count)
            copy.copy(from: parameters)
            parameters = copy
        }
        let sum = lanes[0].gradients
        for lane in lanes.dropFirst() { mr_add(sum.pointer, lane.gradients.pointer, count) }
        let norm = squaredNorm(sum).squareRoot()
        let scale = gradientClipNorm > 0 && norm > gradientClipNorm ? gradientClipNorm / norm : 1
        stepCount += 1
        let parameters = self.parameters
        team.ranges(count, unit: 1 << 14) { _, range in
            let start = range.lowerBound
            mr_adamw(
                parameters.pointer + start, sum.pointer + start, firstMoment.pointer + start,
                secondMoment.pointer + start, range.count, learningRate, beta1, beta2, epsilon, weightDecay, stepCount,
                scale)
        }
        for lane in lanes.dropFirst() { lane.clearGradients() }
        gradientsAreClear = true
        return norm
    }

    /// Summed over blocks of a fixed size, in order; a small model is one block.
    private func squaredNorm(_ gradients: FloatBuffer) -> Double {
        let block = TrainingPlan.smallParameters
        var sums = [Double](repeating: 0, count: (count + block - 1) / block)
        sums.withUnsafeMutableBufferPointer { sums in
            let sums = sums
            team.forEach(sums.count) { _, index in
                let start = index * block
                sums[index] = mr_sum_of_squares(gradients.pointer + start, min(block, count - start))
            }
        }
        return sums.reduce(0, +)
    }

    func clearGradients() {
        for lane in lanes { lane.clearGradients() }
        gradientsAreClear = true
    }

    /// Replaces the trained parameters; the optimizer starts anew at a step, its moments zero.
    func restore(parameters: FloatBuffer, step: Int64) {
        self.parameters = parameters
        stepCount = step
        firstMoment.clear()
        secondMoment.clear()
        packed = nil
        clearGradients()
    }

    private func packedModel() -> PackedDecoder {
        if let packed { return packed }
        let made = PackedDecoder(snapshot(), forTraining: true, packs: plan.isSmall, rotary: rotary)
        packed = made
        return made
    }

    /// The current weights; they stay as they are when training goes on.
    public func snapshot() -> DecoderWeights {
        guard let adapted, let adapter = adapted.adapter else {
            return DecoderWeights(configuration: configuration, parameters: parameters)
        }
        return adapted.with(AdapterWeights(layout: adapter.layout, alpha: adapter.alpha, parameters: parameters))
    }

    /// The accumulated gradient of a trained parameter, by its name in Hugging Face or PEFT layout.
    func gradient(_ name: String) -> [Float]? {
        guard let tensor = trained.first(where: { $0.name == name }) else { return nil }
        var sum = [Float](repeating: 0, count: tensor.count)
        for lane in lanes {
            for i in 0..<tensor.count { sum[i] += lane.gradients.pointer[tensor.offset + i] }
        }
        return sum
    }

}

/// What each lane returned.
///
/// Invariant: each index is written by one worker and read after all workers have ended.
private final class LaneResults: @unchecked Sendable {
    typealias Output = (logprobs: [[Float]], loss: Double)
    private let storage: UnsafeMutableBufferPointer<Output>

    init(count: Int) {
        storage = .allocate(capacity: count)
        storage.initialize(repeating: ([], 0))
    }

    deinit {
        storage.deinitialize()
        storage.deallocate()
    }

    func set(_ index: Int, _ output: Output) { storage[index] = output }
    var all: [Output] { Array(storage) }
}
