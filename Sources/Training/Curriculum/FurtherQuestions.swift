/// The questions that a step may ask besides its own, each once, in an order that depends on seed and step only; those that
/// rest come last. Any of them is found without the others.
struct FurtherQuestions: Sendable {
    /// The step's own and what rests, ascending, each once.
    private let passedOver: [Int]
    /// What rests and is not asked by the step, ascending.
    private let lastResort: [Int]
    private let awake: KeyedPermutation
    private let asleep: KeyedPermutation

    init(step: Int, asked: [Int], resting: [Int], questionCount: Int, seed: UInt64) {
        let asked = Set(asked)
        lastResort = resting.filter { !asked.contains($0) }
        passedOver = (Array(asked) + lastResort).sorted()
        awake = KeyedPermutation(count: questionCount - passedOver.count, seed: seed, step: step, turn: .extras)
        asleep = KeyedPermutation(count: lastResort.count, seed: seed, step: step, turn: .lastResort)
    }

    var count: Int { awake.count + asleep.count }

    /// `nil` outside `0..<count`.
    subscript(number: Int) -> Int? {
        guard 0..<count ~= number else { return nil }
        if number < awake.count { return absent(number: awake[number]) }
        return lastResort[asleep[number - awake.count]]
    }

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
