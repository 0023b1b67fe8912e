import Evaluation

/// The finished episodes of one question.
struct RolloutGroup: Sendable {
    /// The step that its episodes were sampled for.
    let step: Int
    /// Its place among the candidates of that step.
    let index: Int
    /// The step that it is trained in: `step`, or a later one where episodes were carried to later policies.
    let trainedStep: Int
    let questionID: String
    let episodes: [ScoredEpisode]
    /// The reference policy's logprobs of what the policy wrote: for each episode and each of its sequences one for every
    /// target, that is for every token but the first. They are computed when they are needed, and not stored.
    var referenceLogprobs: [[[Float]]]?

    init(
        step: Int, index: Int, trainedStep: Int? = nil, questionID: String, episodes: [ScoredEpisode],
        referenceLogprobs: [[[Float]]]? = nil
    ) {
        self.step = step
        self.index = index
        self.trainedStep = trainedStep ?? step
        self.questionID = questionID
        self.episodes = episodes
        self.referenceLogprobs = referenceLogprobs
    }

    /// What remains of a group once it is handed out.
    var withoutEpisodes: RolloutGroup {
        RolloutGroup(step: step, index: index, trainedStep: trainedStep, questionID: questionID, episodes: [])
    }
}
