import Backends
import Evaluation
import Primitives

public protocol ReferencePolicy: Sendable { func logprobs(_ datums: [Datum]) async throws -> [[Float]] }

public struct PolicyObjective: Sendable {
    public var estimator: any AdvantageEstimator = GroupRelativeAdvantage()
    public var aggregation = LossAggregation.tokenMean
    public var loss = LossFunction.importanceSampling
    public var keepsPartialGroups = true
    public init() {}
    var needsReference: Bool { false }
    var needsTrainerLogprobs: Bool { false }
    var isGroupLocal: Bool { true }
    func isInformative(_ group: RolloutGroup) -> Bool { JudgedGroup(group, estimator: estimator).hasSignal }
    func judge(_ groups: [RolloutGroup]) -> [JudgedGroup] { groups.map { JudgedGroup($0, estimator: estimator, keepsPartial: keepsPartialGroups) } }
    func bareDatums(_ sequences: [PolicySequence]) -> [Datum] { DatumAssembler(aggregation: aggregation).policyDatums(sequences) }
    func update(_ sequences: [PolicySequence], trainerLogprobs: [[Float]]?, share: Double) -> PolicyUpdate {
        var datums = DatumAssembler(aggregation: aggregation).policyDatums(sequences)
        for index in datums.indices { datums[index].advantages = datums[index].advantages.map { $0 * Float(share) } }
        return PolicyUpdate(datums: datums, loss: loss)
    }
}
struct PolicyUpdate: Sendable {
    var datums: [Datum]; var loss: LossFunction
    var tokenCount: Int { datums.reduce(0) { $0 + $1.weights.count { $0 != 0 } } }
    static var namesWithoutValue: [(name: String, value: Double?)] { ["loss", "kl/sampler_trainer_v1", "kl/sampler_trainer_v2", "entropy"].map { ($0, nil) } }
    func metrics(trainerLogprobs: [[Float]]) -> [(name: String, value: Double?)] {
        let s = PolicyStatistics(datums: datums, logprobs: trainerLogprobs, loss: loss)
        return [("loss", s.loss), ("kl/sampler_trainer_v1", s.divergenceV1), ("kl/sampler_trainer_v2", s.divergenceV2), ("entropy", s.entropyEstimate), ("ratio/clip_fraction_low", s.clipFractionLow), ("ratio/clip_fraction_high", s.clipFractionHigh)]
    }
}
extension PolicySequence { static func all(of episode: Any) -> [PolicySequence] { [] } }
