import Evaluation

/// What is added to rewards before they are compared, as functions of the group alone. Repetition, citations and other
/// properties of one answer are parts of the reward itself (`Rewards`).
public struct RewardShaping: Sendable, Hashable {
    public var overlong: OverlongShaping?
    public var length: LengthShaping?

    public init(overlong: OverlongShaping? = nil, length: LengthShaping? = nil) {
        self.overlong = overlong
        self.length = length
    }

    /// The total reward of each episode, shaped; `nil` for one that must not train.
    func rewards(of group: RolloutGroup) -> [Double?] {
        var rewards = group.episodes.map { $0.reward.trains ? $0.reward.total : nil }
        if let overlong {
            rewards = zip(rewards, group.episodes).map { reward, scored in
                reward.map { $0 + overlong.penalty(length: scored.episode.responseTokenCount) }
            }
        }
        if let length {
            let sizes = group.episodes.map { scored in
                LengthShaping.Size(
                    output: scored.episode.responseTokenCount,
                    input: scored.episode.tokens.count - scored.episode.responseTokenCount,
                    turns: scored.episode.turns.count)
            }
            rewards = length.shaped(rewards, sizes: sizes)
        }
        return rewards
    }
}
