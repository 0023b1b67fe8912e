import Primitives

@testable import Rewards

/// Reads and compares numbers in one line, for the tests of this folder.
enum NumberProbe {
    static func reader(_ policy: JSONObject = [:], type: AnswerType = .number) throws -> NumberReader {
        var fields = PolicyFields(policy)
        let numbers = try NumberPolicy(&fields, type: type)
        try fields.finish()
        return NumberReader(type: type, policy: numbers)
    }

    /// The canonical text, or `nil` for what is no number.
    static func canonical(_ text: String, _ policy: JSONObject = [:], type: AnswerType = .number) throws -> String? {
        let reader = try reader(policy, type: type)
        var work = Work()
        return try? reader.read(AnswerText(text), side: .prediction, work: &work).text
    }

    /// The problem that reading meets, or `nil`.
    static func problem(_ text: String, _ policy: JSONObject = [:]) throws -> AnswerProblem? {
        let reader = try reader(policy)
        var work = Work()
        do {
            _ = try reader.read(AnswerText(text), side: .prediction, work: &work)
            return nil
        } catch {
            return error
        }
    }

    static func compare(_ gold: String, _ prediction: String, _ policy: JSONObject = [:]) throws -> Comparison {
        let reader = try reader(policy)
        var work = Work()
        let right = try reader.read(AnswerText(gold), side: .gold, work: &work)
        let given = try reader.read(AnswerText(prediction), side: .prediction, work: &work)
        return try reader.compare(gold: right, prediction: given, work: &work)
    }
}
