import Agents
import Primitives
import Rewards

/// One episode with its reward.
public struct ScoredEpisode: Sendable {
    public var questionID: String
    public var episode: Episode
    public var reward: RewardBreakdown

    public init(questionID: String, episode: Episode, reward: RewardBreakdown) {
        self.questionID = questionID
        self.episode = episode
        self.reward = reward
    }

    public var isCorrect: Bool { reward.isCorrect }

    public var isFormatValid: Bool { reward.formatViolation == nil }

    public var json: JSONValue {
        .object(["question": .string(questionID), "reward": reward.json, "episode": episode.json])
    }

    public init(json: JSONValue) throws(JSONError) {
        questionID = try json.string(at: "question")
        do { reward = try RewardBreakdown(json: .object(json.object(at: "reward"))) } catch {
            throw error.within("reward")
        }
        do { episode = try Episode(json: .object(json.object(at: "episode"))) } catch { throw error.within("episode") }
    }
}
