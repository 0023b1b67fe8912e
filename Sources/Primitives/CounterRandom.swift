/// Random numbers that are a function of where they are used, not of what was drawn before elsewhere.
///
/// A stream is named by a seed and by stage, step, group, sample and turn; different names give disjoint parts of the
/// counter space of ``Philox``, so streams never overlap and may be drawn in any order and on any thread.
public struct CounterRandom: RandomNumberGenerator, Sendable {
    /// What the numbers are for. The raw values are part of every run's reproducibility and never change.
    public enum Stage: UInt32, Sendable, CaseIterable {
        case synthesis, worlds, pretraining, supervised, reinforcement, evaluation, initialization, sampling
    }

    private let key: SIMD2<UInt32>
    /// The block index in `x`; the name of the stream in the rest.
    private var counter: SIMD4<UInt32>
    private var pending: UInt64?

    /// Names a stream: `step` and `group` below 2³², `sample` below 2¹⁶, `turn` below 2¹².
    public init(seed: UInt64, stage: Stage, step: Int = 0, group: Int = 0, sample: Int = 0, turn: Int = 0) {
        precondition(0..<(1 << 32) ~= step && 0..<(1 << 32) ~= group, "step and group must fit 32 bits")
        precondition(0..<(1 << 16) ~= sample && 0..<(1 << 12) ~= turn, "sample must fit 16 bits and turn 12")
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(0, UInt32(step), UInt32(group), stage.rawValue << 28 | UInt32(sample) << 12 | UInt32(turn))
    }

    public mutating func next() -> UInt64 {
        if let value = pending {
            pending = nil
            return value
        }
        precondition(counter.x < .max, "a stream holds 2^33 - 2 numbers")
        let block = Philox.block(counter: counter, key: key)
        counter.x += 1
        pending = UInt64(block.w) << 32 | UInt64(block.z)
        return UInt64(block.y) << 32 | UInt64(block.x)
    }

    /// A multiple of 2⁻⁵³ in [0, 1).
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in `0..<bound` without bias (Lemire, "Fast Random Integer Generation in an Interval", 2019).
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "the bound must be positive")
        let bound = UInt64(bound)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }

    /// Permutes uniformly (Fisher-Yates, from the end).
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, integer(below: index + 1))
        }
    }

    /// A uniformly drawn element of an array that is not empty.
    public mutating func pick<Element>(_ elements: [Element]) -> Element { elements[integer(below: elements.count)] }

    /// A non-negative seed for another generator, derived from the stream's name alone: drawing does not change it.
    public var seed63: Int64 {
        // The last block index is the one that `next` never reaches.
        let block = Philox.block(counter: SIMD4(.max, counter.y, counter.z, counter.w), key: key)
        return Int64(UInt64(block.y) << 31 | UInt64(block.x) >> 1)
    }
}
