import Primitives

/// How the rule-based teacher says what it thinks: a few phrasings of each kind, drawn at random.
struct TeacherPhrasing {
    private var random: CounterRandom

    init(random: CounterRandom) { self.random = random }

    /// What is looked for next. `wanted` is a relation in the question's words, such as `gene that causes`.
    mutating func intention(wanted: String, names: [String]) -> String {
        let list = names.joined(separator: ", ")
        return random.pick([
            "Next: \(wanted) \(list).", "I look up \(list) for: \(wanted).", "Search \(list) to find: \(wanted).",
        ])
    }

    /// What a passage said.
    mutating func finding(wanted: String, subject: String, objects: [String]) -> String {
        guard !objects.isEmpty else {
            return random.pick([
                "The passage names no \(wanted) \(subject).", "Nothing found: \(wanted) \(subject).",
                "\(subject) leads nowhere here.",
            ])
        }
        let list = objects.joined(separator: ", ")
        if objects.count == 1 {
            return random.pick([
                "Found: \(wanted) \(subject) is \(list).", "The passage says: \(wanted) \(subject) is \(list).",
                "\(wanted) \(subject): \(list).",
            ])
        }
        return random.pick([
            "Found \(objects.count) candidates: \(list).", "The passage lists \(objects.count): \(list).",
            "\(objects.count) are possible: \(list).",
        ])
    }

    var failure: String {
        mutating get { random.pick(["The search failed. Try again.", "No answer from the search; once more.", "That call failed. I repeat it."]) }
    }

    mutating func conclusion(_ answer: String) -> String {
        random.pick(["So the answer is \(answer).", "Done: \(answer).", "This answers the question: \(answer)."])
    }
}
