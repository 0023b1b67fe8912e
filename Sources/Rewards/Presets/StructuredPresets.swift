import Primitives

extension GradingPreset {
    static let structuredPresets: [GradingPreset] =
        jsonPresets + collectionPresets + instructionPresets

    private static let jsonPresets: [GradingPreset] = [
        GradingPreset("json_valid", "Whether the prediction, as text or with `encoding` `base64`, is JSON by RFC 8259")
        {
            subject throws(AnswerProblem) in
            guard case .string(let text) = subject.prediction else {
                throw .malformed("expected a JSON text as a string, found \(subject.prediction.kind)")
            }
            guard subject.policy["encoding"]?.stringValue == "base64" else {
                return JSONValidity.isValid(Array(text.utf8)) ? 1 : 0
            }
            guard let bytes = Base64Bytes.decode(text) else { throw .malformed("expected base 64, found another text") }
            return JSONValidity.isValid(bytes) ? 1 : 0
        },
        GradingPreset("tool_call", .json, ["tool_call": true], "A tool call by name and arguments"),
    ]

    private static let collectionPresets: [GradingPreset] = [
        GradingPreset(
            "rg_group_anagrams", .set, ["elements": ["type": "set", "elements": "text"], "answer_in": "whole"],
            "Groups of words, in any order"),
        GradingPreset(
            "rg_number_sorting", .list, ["elements": "number", "answer_in": "whole"], "Numbers in order, quoted or not"),
        GradingPreset(
            "rg_prime_factorization", .multiset, ["elements": "integer", "separator": "×", "answer_in": "whole"],
            "The prime factors of a number, in any order"),
        GradingPreset(
            "rg_word_sorting", .list, ["elements": "text", "conjunction": "none", "answer_in": "whole"],
            "Words in order"),
        GradingPreset("rg_course_schedule", .boolean, ["answer_in": "whole"], "Whether all courses can be finished"),
        GradingPreset("rg_isomorphic_strings", .boolean, ["answer_in": "whole"], "Whether two strings are isomorphic"),
        GradingPreset("rg_ransom_note", .boolean, ["answer_in": "whole"], "Whether a note can be cut from a magazine"),
    ]

    private static let instructionPresets: [GradingPreset] = InstructionChecks.all.map { entry in
        GradingPreset("instruction_" + entry.name, "Instruction: " + entry.meaning) { subject throws(AnswerProblem) in
            guard case .string(let text) = subject.prediction else {
                throw .malformed("expected a response as a string, found \(subject.prediction.kind)")
            }
            let response = InstructionText(text)
            let gold: JSONValue = subject.gold.isNull ? .object(JSONObject()) : subject.gold
            let arguments = try CheckArguments(gold, policy: subject.policy)
            if response.isBlank { return 0 }
            return try entry.check(response, arguments) ? 1 : 0
        }
    }
}
