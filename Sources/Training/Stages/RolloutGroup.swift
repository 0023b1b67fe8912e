import Evaluation
import Primitives

/// The finished episodes of one question in one step.
struct RolloutGroup: Sendable {
    /// The question's place in the step.
    let index: Int
    let questionID: String
    let episodes: [ScoredEpisode]
    /// The reference policy's logprobs: for each episode and each of its sequences one for every token but the first. They are
    /// computed when they are needed, and not stored.
    var referenceLogprobs: [[[Float]]]?

    var json: JSONValue {
        .object([
            "group": .integer(index), "question": .string(questionID), "episodes": .array(episodes.map(\.json)),
        ])
    }

    init(index: Int, questionID: String, episodes: [ScoredEpisode]) {
        self.index = index
        self.questionID = questionID
        self.episodes = episodes
    }

    init(json: JSONValue) throws(JSONError) {
        index = try json.integer(at: "group")
        questionID = try json.string(at: "question")
        var episodes: [ScoredEpisode] = []
        for value in try json.array(at: "episodes") { episodes.append(try ScoredEpisode(json: value)) }
        self.episodes = episodes
    }
}
