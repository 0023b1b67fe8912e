import Backends

/// What a reinforcement stage optimises: from finished groups to what the trainer gets. Pure functions throughout.
///
/// In order: rewards are shaped (`shaping`) and lowered by the distance from the reference (`reference`); the estimator makes
/// advantages of them over the whole list; groups are filtered; advantages of tokens gain the entropy bonus and the
/// reference's terms; an update multiplies them by mismatch weights and by the aggregation's factors, and the loss decides
/// what is sent.
public struct PolicyObjective: Sendable {
    public var shaping: RewardShaping
    public var estimator: any AdvantageEstimator
    public var aggregation: LossAggregation
    public var loss: PolicyLoss
    /// What to do about the difference of sampler and trainer; `nil`: the ratio of the loss does it all.
    public var mismatch: MismatchCorrection?
    /// How far the policy may go from a reference; `nil`: there is none.
    public var reference: ReferencePenalty?
    public var entropyBonus: EntropyBonus?
    public var filter: GroupFilter
    /// Whether the other episodes train where one of a group could not be played to its end.
    public var keepsPartialGroups: Bool

    public init(
        shaping: RewardShaping = RewardShaping(), estimator: any AdvantageEstimator = GroupRelativeAdvantage(),
        aggregation: LossAggregation = .tokenMean, loss: PolicyLoss = .importanceSampling,
        mismatch: MismatchCorrection? = nil, reference: ReferencePenalty? = nil, entropyBonus: EntropyBonus? = nil,
        filter: GroupFilter = GroupFilter(), keepsPartialGroups: Bool = true
    ) {
        self.shaping = shaping
        self.estimator = estimator
        self.aggregation = aggregation
        self.loss = loss
        self.mismatch = mismatch
        self.reference = reference
        self.entropyBonus = entropyBonus
        self.filter = filter
        self.keepsPartialGroups = keepsPartialGroups
    }

    /// Whether groups need the reference policy's logprobs before they are judged.
    var needsReference: Bool { reference != nil }

    /// Whether an update needs the trainer's logprobs of its sequences, computed just before it.
    var needsTrainerLogprobs: Bool { loss.needsTrainerLogprobs }

    /// Whether an update needs the trainer's logprobs from before the first update of the step.
    var needsProximalLogprobs: Bool { mismatch != nil }

    /// Whether the advantages of a group depend on that group only, so that groups may be judged one by one.
    public var isGroupLocal: Bool {
        if case .advantage = reference?.form { return false }
        return estimator.isGroupLocal
    }

    // MARK: Groups

    /// Whether a group's rewards tell its episodes apart, as far as the group alone says it.
    func isInformative(_ group: RolloutGroup) -> Bool { filter.isInformative(group, rewards: shapedRewards(of: group)) }

    /// Every group with its advantages, in order.
    func judge(_ groups: [RolloutGroup]) -> [JudgedGroup] {
        let batch = groups.map { group in
            RewardGroup(
                rewards: penalized(shapedRewards(of: group), in: group),
                tokenCounts: group.episodes.map(\.episode.trainableTokenCount))
        }
        var judged: [JudgedGroup] = []
        for (group, (rewards, advantages)) in zip(groups, zip(batch, estimator.advantages(ofBatch: batch))) {
            judged.append(JudgedGroup(group, rewards: rewards.rewards, advantages: advantages, filter: filter))
        }
        if let entropyBonus { for index in judged.indices { judged[index].add(entropyBonus) } }
        if case .advantage(let coefficient, let discount) = reference?.form {
            JudgedGroup.addReferenceTerms(to: &judged, coefficient: coefficient, discount: discount)
        }
        return judged
    }

    private func shapedRewards(of group: RolloutGroup) -> [Double?] {
        guard keepsPartialGroups || group.episodes.allSatisfy({ $0.episode.failure == nil }) else {
            return group.episodes.map { _ in nil }
        }
        return shaping.rewards(of: group)
    }

    private func penalized(_ rewards: [Double?], in group: RolloutGroup) -> [Double?] {
        guard let reference, case .reward = reference.form else { return rewards }
        return rewards.indices.map { index in
            rewards[index].map { $0 - reference.rewardPenalty(group.distances(ofEpisode: index).flatMap(\.self)) }
        }
    }

    // MARK: Updates

    /// The sequences for forward passes: every target of the policy's has weight 1, and nothing has an advantage.
    func bareDatums(_ sequences: [PolicySequence]) -> [Datum] {
        sequences.map { sequence in
            Datum(
                supervised: sequence.tokens,
                weights: sequence.policyMask.map { $0 ? 1 : 0 })
        }
    }

    /// What the trainer gets for one forward-backward pass.
    /// - Parameters:
    ///   - trainerLogprobs: per sequence, the trainer's logprob of every target just before this update; needed where
    ///     ``needsTrainerLogprobs`` says so.
    ///   - proximalLogprobs: the same from before the first update of the step; needed where ``needsProximalLogprobs`` says so.
    ///     Where it is not given, this update is the first, and `trainerLogprobs` are those too.
    ///   - share: the part of the optimizer step's normalisation that these sequences have: 1/M for each of M passes.
    func update(
        _ sequences: [PolicySequence], trainerLogprobs: [[Float]]? = nil, proximalLogprobs: [[Float]]? = nil,
        share: Double = 1
    ) -> PolicyUpdate {
        precondition(trainerLogprobs != nil || !needsTrainerLogprobs, "the loss needs the trainer's logprobs")
        let proximal = proximalLogprobs ?? trainerLogprobs
        var corrected = sequences
        var statistics: MismatchStatistics?
        if let mismatch {
            guard let proximal else { preconditionFailure("the mismatch correction needs the trainer's logprobs") }
            statistics = Self.correct(&corrected, for: mismatch, proximal: proximal)
        }
        let datums = DatumAssembler(aggregation: aggregation).policyDatums(corrected, share: share)
        var update = PolicyUpdate(datums: datums, sequences: sequences, loss: loss, mismatch: statistics)
        if case .dro = loss { update.moveFactorsToWeights(corrected, aggregation: aggregation, share: share) }
        if let trainerLogprobs { update.prepare(trainerLogprobs: trainerLogprobs) }
        return update
    }

    /// Multiplies advantages by the correction's weights and makes the trainer's logprobs what ratios are taken against.
    private static func correct(
        _ sequences: inout [PolicySequence], for mismatch: MismatchCorrection, proximal: [[Float]]
    ) -> MismatchStatistics {
        var statistics = MismatchStatistics()
        for index in sequences.indices {
            var sequence = sequences[index]
            let positions = sequence.trainablePositions
            let logRatios = positions.map { Double(proximal[index][$0 - 1]) - Double(sequence.logprobs[$0]) }
            let weights = mismatch.weights(logRatios: logRatios, recording: &statistics)
            var advantages = [Double](repeating: 0, count: sequence.tokens.count)
            for (position, weight) in zip(positions, weights) {
                advantages[position] = sequence.advantage(at: position) * weight
                sequence.logprobs[position] = proximal[index][position - 1]
            }
            sequence.tokenAdvantages = advantages
            sequences[index] = sequence
        }
        return statistics
    }
}
