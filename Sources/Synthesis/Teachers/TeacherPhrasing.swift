import Primitives

/// How the rule-based teacher says what it thinks: a few phrasings of each kind, drawn at random.
struct TeacherPhrasing {
    private var random: CounterRandom

    init(random: CounterRandom) { self.random = random }

    /// What is looked for next, as the question's words call it: `the gene that causes vorosis`.
    mutating func intention(_ wanted: String, names: [String]) -> String {
        let list = names.joined(separator: " and ")
        return random.pick([
            "Next: \(wanted).", "I look up \(list) to find \(wanted).", "What is \(wanted)? Search \(list).",
        ])
    }

    /// What a passage said.
    mutating func finding(_ wanted: String, objects: [String]) -> String {
        let list = objects.joined(separator: ", ")
        switch objects.count {
        case 0:
            return random.pick([
                "The passage does not name \(wanted).", "Nothing is said of \(wanted).", "No word of \(wanted) here.",
            ])
        case 1:
            return random.pick([
                "Found: \(wanted) is \(list).", "The passage says that \(wanted) is \(list).",
                "So \(wanted) is \(list).",
            ])
        default:
            return random.pick([
                "For \(wanted) there are \(objects.count) candidates: \(list).",
                "Found \(objects.count) names for \(wanted): \(list).",
                "\(objects.count) are possible as \(wanted): \(list).",
            ])
        }
    }

    var failure: String {
        mutating get {
            random.pick(["The search failed. Try again.", "No answer; once more.", "That call failed. I repeat it."])
        }
    }

    /// What several lists of candidates have in common.
    mutating func agreement(_ lists: [[String]], answer: String) -> String {
        let all = lists.map { $0.joined(separator: ", ") }.joined(separator: "; ")
        return random.pick([
            "The lists are: \(all). Only \(answer) is in each.", "\(answer) alone meets every condition: \(all).",
            "Comparing \(all): only \(answer) occurs in all.",
        ])
    }

    mutating func conclusion(_ answer: String) -> String {
        random.pick(["So the answer is \(answer).", "Done: \(answer).", "This answers the question: \(answer)."])
    }
}
