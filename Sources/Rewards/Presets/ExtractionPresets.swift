import Primitives

extension GradingPreset {
    /// Format rules, and what a tag or a prose text holds.
    static let extractionPresets: [GradingPreset] =
        FormatRule.allCases.map(format) + [
            GradingPreset(
                "tag_extract",
                "the content of the first or last closed tag (policy `tag`, `which`); the gold null means none",
                check: tagContent),
            GradingPreset(
                "mcq_extract",
                "the option that a prose text chooses (policy `strings`, `lowercase`); the gold null means none",
                check: option),
            GradingPreset(
                "metric_gpqa_instruct_metric", "the letter from A to D that a prose text chooses", check: option),
        ]

    private static func format(_ rule: FormatRule) -> GradingPreset {
        let meaning =
            switch rule {
            case .think: "`<think>…</think>` once, at the start"
            case .thinkAnswer: "thinking and answer in tags on their own lines, and nothing else"
            case .tagCount: "a quarter for each of the four tags that stands once"
            case .reasoningSteps: "a third for each marked step, at most 1"
            case .codeBlock:
                "thinking and answer in tags, with a fenced block of code (policy `language`) in the answer"
            }
        return GradingPreset(rule.rawValue, meaning) { (subject) throws(AnswerProblem) in
            var work = Work()
            let language = subject.policy["language"]?.stringValue
            return try rule.verdict(text(subject.prediction), language: language, work: &work).score
        }
    }

    private static func text(_ value: JSONValue) throws(AnswerProblem) -> [UInt8] {
        guard let text = value.stringValue else { throw .malformed("a text was expected, found \(value.kind)") }
        return Array(text.utf8)
    }

    private static func tagContent(_ subject: Subject) throws(AnswerProblem) -> Double {
        let bytes = try text(subject.prediction)
        var work = Work()
        let pairs = try TagContent(subject.policy["tag"]?.stringValue ?? "answer").contents(of: bytes, work: &work)
        let content = subject.policy["which"]?.stringValue == "first" ? pairs.first : pairs.last
        guard let gold = subject.gold.stringValue else { return content == nil ? 1 : 0 }
        guard let content else { return 0 }
        return AnswerText(bytes[content]).bytes == AnswerText(gold).bytes ? 1 : 0
    }

    private static func option(_ subject: Subject) throws(AnswerProblem) -> Double {
        let prediction = try chosen(by: subject.prediction, subject)
        guard !subject.gold.isNull else { return prediction == nil ? 1 : 0 }
        guard let prediction, let gold = try chosen(by: subject.gold, subject) else { return 0 }
        return gold == prediction ? 1 : 0
    }

    /// The option that a side chooses, in lower case where the policy says so; `nil` where it chooses none.
    private static func chosen(by side: JSONValue, _ subject: Subject) throws(AnswerProblem) -> String? {
        guard let text = side.stringValue else { throw .malformed("a text was expected, found \(side.kind)") }
        let listed = (subject.policy["strings"]?.arrayValue ?? []).compactMap(\.stringValue)
        let options = listed.isEmpty ? ChoiceProse.letters : listed
        let isLowered = subject.policy["lowercase"]?.boolValue ?? true
        if isLowered, let option = options.first(where: { $0.lowercased() == text.lowercased() }) {
            return option.lowercased()
        }
        let bytes = Array(text.utf8)
        var work = Work()
        guard let answer = try? ChoiceProse(bytes, range: 0..<bytes.count, options: options).answer(work: &work) else {
            return nil
        }
        return isLowered ? answer.text.lowercased() : answer.text
    }
}
