/// Where in a text its one final answer stands: the policy field `answer_in`.
enum AnswerPlace: Sendable, Hashable {
    /// In `<answer>` where the text has one, else in its only box, else the whole text outside the thinking.
    case automatic
    /// All that is visible.
    case whole
    /// In `\boxed{…}`.
    case boxed
    /// Between `<NAME>` and `</NAME>`.
    case tag(String)
    /// In the last line, after `final answer:`, `the final answer is`, `answer:` or the like.
    case finalAnswer
    /// After `####`, to the end of the line.
    case hashes
    /// A member of the text's last JSON object.
    case json(String)
    /// An argument of the last `<tool_call>`.
    case toolCall(String)
    /// The last number of the text.
    case lastNumber
    /// The mathematical answer of a prose text; see ``MathProse``.
    case mathProse
    /// The letter that a prose text chooses; see ``ChoiceProse``.
    case choiceProse

    static let expectation =
        "\"automatic\", \"whole\", \"boxed\", \"tag:NAME\", \"final_answer\", \"hashes\", \"json:FIELD\", "
        + "\"tool_call:ARGUMENT\", \"last_number\", \"math_prose\" or \"choice_prose\""

    init?(_ text: String) {
        switch text {
        case "automatic": self = .automatic
        case "whole": self = .whole
        case "boxed": self = .boxed
        case "final_answer": self = .finalAnswer
        case "hashes": self = .hashes
        case "last_number": self = .lastNumber
        case "math_prose": self = .mathProse
        case "choice_prose": self = .choiceProse
        default:
            guard let colon = text.firstIndex(of: ":") else { return nil }
            let name = String(text[text.index(after: colon)...])
            guard !name.isEmpty else { return nil }
            switch text[..<colon] {
            case "tag":
                guard
                    name.utf8.allSatisfy({ ByteScan.isLetter($0) || ByteScan.isDigit($0) || $0 == 0x5F || $0 == 0x2D })
                else { return nil }
                self = .tag(name)
            case "json": self = .json(name)
            case "tool_call": self = .toolCall(name)
            default: return nil
            }
        }
    }
}

/// What a text may or must do with `<think>`: the policy field `thinking`.
enum ThinkingRule: String, Sendable, Hashable, CaseIterable {
    /// The text may begin with one closed block.
    case optional
    /// The text must begin with one closed block.
    case required
    /// The prompt has opened the block already, so the text begins inside it and must close it once.
    case prefilled
    /// Whatever stands before the last `</think>` is not looked at.
    case ignored
    /// The text must not think.
    case forbidden
}

/// How many answers a text may give: the policy field `candidates`.
enum CandidateRule: String, Sendable, Hashable, CaseIterable {
    case exactlyOne = "exactly_one"
    /// The last one counts, as a correction of those before it.
    case last
}
