/// The questions of one step.
public struct StepPlan: Sendable, Equatable {
    /// How many of a step's questions a pool gave.
    public struct PoolCount: Sendable, Equatable {
        public var name: String
        public var count: Int
    }

    public var step: Int
    /// Indices of the questions that are asked in any case, in order.
    public var questions: [Int]
    /// From easy to hard, the questions outside the window last; empty without a curriculum.
    public var pools: [PoolCount]
    /// Questions that rest, in ascending order.
    public var resting: [Int]
    private let questionCount: Int
    private let seed: UInt64
    /// `questions` and `resting` together, ascending, each once.
    private let passedOver: [Int]
    /// What rests and is not among the `questions`, ascending.
    private let lastResort: [Int]

    init(
        step: Int, questions: [Int], pools: [PoolCount] = [], resting: [Int] = [], questionCount: Int, seed: UInt64
    ) {
        self.step = step
        self.questions = questions
        self.pools = pools
        self.resting = resting
        self.questionCount = questionCount
        self.seed = seed
        let asked = Set(questions)
        lastResort = resting.filter { !asked.contains($0) }
        passedOver = (Array(asked) + lastResort).sorted()
    }

    /// The `n`-th further question, from 0, for a step that samples until it has seen enough; `nil` where none is left.
    ///
    /// The others than ``questions`` come in an order that depends on seed and step only, each once; those that rest come
    /// last.
    public func extra(_ n: Int) -> Int? {
        let awake = questionCount - passedOver.count
        if n >= 0, n < awake {
            return absent(number: KeyedPermutation(count: awake, seed: seed, step: step, turn: .extras)[n])
        }
        guard n >= 0, n - awake < lastResort.count else { return nil }
        return lastResort[
            KeyedPermutation(count: lastResort.count, seed: seed, step: step, turn: .lastResort)[n - awake]]
    }

    /// How many further questions there are.
    public var extraCount: Int { questionCount - passedOver.count + lastResort.count }

    /// The `number`-th index, from 0, that is not in `passedOver`.
    private func absent(number: Int) -> Int {
        var (low, high) = (0, passedOver.count)
        while low < high {
            let middle = (low + high) / 2
            // `passedOver[i] - i` indices below the i-th one are absent.
            if passedOver[middle] - middle <= number { low = middle + 1 } else { high = middle }
        }
        return number + low
    }
}
