@testable import Rewards

/// Reads answers in the tests of this folder.
enum QuantitySamples {
    static func policy(_ change: (inout QuantityPolicy) -> Void = { _ in }) -> QuantityPolicy {
        var policy = QuantityPolicy()
        policy.number.words = true
        change(&policy)
        return policy
    }

    static func quantity(_ text: String, _ policy: QuantityPolicy = policy()) throws -> CanonicalValue {
        var work = Work()
        return try QuantityReader(policy: policy).read(AnswerText(text), side: .prediction, work: &work)
    }

    static func range(_ text: String, _ policy: QuantityPolicy = policy()) throws -> CanonicalValue {
        var work = Work()
        return try RangeReader(policy: policy).read(AnswerText(text), side: .prediction, work: &work)
    }

    static func isEqual(_ gold: String, _ prediction: String, _ policy: QuantityPolicy = policy()) throws -> Bool {
        let (left, right) = (try quantity(gold, policy), try quantity(prediction, policy))
        var work = Work()
        return try QuantityReader(policy: policy).compare(gold: left, prediction: right, work: &work).isEqual
    }

    static func unit(_ text: String) throws -> UnitMeaning {
        var work = Work()
        let bytes = Array(text.utf8)
        return try UnitReader.read(bytes, 0..<bytes.count, work: &work)
    }

    static func code(_ text: String) throws -> UnitMeaning? {
        var parser = UCUMParser(Array(text.utf8))
        return try parser.parse().meaning
    }
}

/// A small generator (SplitMix64) with the same numbers in every run.
struct SampleGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
