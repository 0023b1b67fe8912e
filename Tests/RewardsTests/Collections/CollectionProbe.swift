import Primitives

@testable import Rewards

/// Reads and compares texts by a type and a policy object, as an item of a data set would.
struct CollectionProbe {
    let reader: any AnswerReader

    init(_ type: AnswerType, _ policy: JSONObject = [:]) throws {
        var fields = PolicyFields(policy)
        reader = try AnswerReaders.reader(for: type, gold: "", fields: &fields)
        try fields.finish()
    }

    func value(_ text: String) throws -> CanonicalValue {
        var work = Work()
        return try reader.read(AnswerText(text), side: .prediction, work: &work)
    }

    func isEqual(_ gold: String, _ prediction: String) throws -> Bool {
        var work = Work()
        let gold = try reader.read(AnswerText(gold), side: .gold, work: &work)
        let prediction = try reader.read(AnswerText(prediction), side: .prediction, work: &work)
        return try reader.compare(gold: gold, prediction: prediction, work: &work).isEqual
    }
}

/// Numbers from a seed, the same on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Numbers that are equal within one.
struct NearReader: AnswerReader {
    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard let number = Rational(plainDecimal: text.string) else { throw .malformed("expected a number") }
        return CanonicalValue(number: number)
    }

    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
    {
        guard case .number(let left) = gold.payload, case .number(let right) = prediction.payload else {
            throw .undecided("no numbers")
        }
        if left == 13 || right == 13 { throw .undecided("an unlucky number") }
        return Comparison(isEqual: (left - right).magnitude <= 1, guarantee: .tolerance)
    }
}
