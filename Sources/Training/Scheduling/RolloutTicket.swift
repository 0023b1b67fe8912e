/// One episode that is to be played.
struct RolloutTicket: Sendable, Hashable {
    /// The step that the episode is sampled for.
    let step: Int
    /// Its group's place among the candidates of the step.
    let place: Int
    let sample: Int
    /// The index of the question.
    let question: Int
}
