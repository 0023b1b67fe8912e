/// Which questions a step asks.
struct StepPlan: Sendable {
    /// The questions asked in any case, in order.
    var questions: [Int]
    private let furtherQuestion: @Sendable (Int) -> Int?

    init(questions: [Int], extra: @escaping @Sendable (Int) -> Int? = { _ in nil }) {
        self.questions = questions
        furtherQuestion = extra
    }

    func extra(_ number: Int) -> Int? { furtherQuestion(number) }
}
