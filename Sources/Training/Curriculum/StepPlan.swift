/// The questions of one step.
public struct StepPlan: Sendable {
    /// How many of a step's questions a pool gave.
    public struct PoolCount: Sendable, Equatable {
        public var name: String
        public var count: Int
    }

    /// Indices of the questions that are asked in any case, in order.
    public var questions: [Int]
    /// From easy to hard, the questions outside the window last; empty where there are no pools.
    public var pools: [PoolCount]
    /// Questions that rest, in ascending order.
    public var resting: [Int]
    private let further: @Sendable (Int) -> Int?

    /// - Parameter extra: the further questions by number, each once and none of `questions`; `nil` after the last.
    public init(
        questions: [Int], pools: [PoolCount] = [], resting: [Int] = [],
        extra: @escaping @Sendable (Int) -> Int? = { _ in nil }
    ) {
        self.questions = questions
        self.pools = pools
        self.resting = resting
        further = extra
    }

    /// The `n`-th further question, from 0, for a step that samples until it has seen enough; `nil` where none is left.
    public func extra(_ n: Int) -> Int? { further(n) }
}
