import Primitives

@testable import Rewards

/// A small deterministic generator (SplitMix64) for property tests.
struct ClinicalRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text that looks a little like answers of a type: pieces of it beside any bytes.
    mutating func text(of pieces: [String]) -> AnswerText {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 0...8, using: &self) {
            if Int.random(in: 0..<10, using: &self) == 0 {
                bytes.append(UInt8.random(in: 0...0x7E, using: &self))
            } else {
                bytes.append(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &self)].utf8)
            }
        }
        return AnswerText(bytes[...])
    }
}

extension AnswerReader {
    /// The canonical text of an answer; `nil` for a problem.
    func canonical(_ text: String) -> String? {
        var work = Work()
        return try? read(AnswerText(text), side: .prediction, work: &work).text
    }

    func isRight(gold: String, prediction: String) -> Bool {
        var work = Work()
        guard let goldValue = try? read(AnswerText(gold), side: .gold, work: &work),
            let value = try? read(AnswerText(prediction), side: .prediction, work: &work),
            let comparison = try? compare(gold: goldValue, prediction: value, work: &work)
        else { return false }
        return comparison.isEqual
    }
}

extension DateReader {
    init(_ fields: JSONObject, hasTime: Bool = true) throws {
        var policy = PolicyFields(fields)
        self.init(policy: try DatePolicy(&policy), hasTime: hasTime)
        try policy.finish()
    }
}

extension DurationReader {
    init(_ fields: JSONObject) throws {
        var policy = PolicyFields(fields)
        self.init(policy: try DurationPolicy(&policy))
        try policy.finish()
    }
}

extension VariantReader {
    init(_ fields: JSONObject) throws {
        var policy = PolicyFields(fields)
        self.init(policy: try VariantPolicy(&policy))
        try policy.finish()
    }
}

extension IdentifierReader {
    init(_ fields: JSONObject) throws {
        var policy = PolicyFields(fields)
        self.init(policy: try IdentifierPolicy(&policy))
        try policy.finish()
    }
}
