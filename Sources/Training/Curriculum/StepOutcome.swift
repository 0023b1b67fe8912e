import Primitives

/// What became of the groups of one step: all that later plans and replays depend on, and one line of `outcomes.jsonl`.
public struct StepOutcome: Sendable, Equatable {
    public var step: Int
    public var groups: [GroupOutcome]

    public init(step: Int, groups: [GroupOutcome]) {
        self.step = step
        self.groups = groups
    }

    public var json: JSONValue {
        ["step": .integer(step), "groups": .array(groups.map(\.json))]
    }

    public init(json: JSONValue) throws(JSONError) {
        step = try json.integer(at: "step")
        guard 1...Int(Int32.max) ~= step else {
            throw .unexpected(path: "step", expected: "a number from 1 to \(Int32.max)", found: "\(step)")
        }
        groups = []
        for (index, value) in try json.array(at: "groups").enumerated() {
            do { groups.append(try GroupOutcome(json: value)) } catch { throw error.within("groups[\(index)]") }
        }
    }

    /// Why rows of `outcomes.jsonl` cannot have been written by a stage with so many questions; `nil` where they can.
    public static func problem(in outcomes: [StepOutcome], questionCount: Int) -> String? {
        for (row, outcome) in outcomes.enumerated() {
            if outcome.step != row + 1 { return "row \(row + 1) is about step \(outcome.step)" }
            if let group = outcome.groups.first(where: { $0.question >= questionCount }) {
                return "step \(outcome.step) names question \(group.question) of \(questionCount)"
            }
        }
        return nil
    }
}

/// What became of one group.
public struct GroupOutcome: Sendable, Equatable {
    /// The step that the group was sampled for.
    public var sampledStep: Int
    /// The group's place among the candidates of that step.
    public var place: Int
    /// The question's place in the stage's list.
    public var question: Int
    /// Episodes that were played to their end.
    public var attempts: Int
    /// Of those, how many were answered correctly.
    public var correct: Int
    /// Whether its rewards differ.
    public var isInformative: Bool
    /// Whether the trainer got it.
    public var wasShipped: Bool

    public init(
        sampledStep: Int, place: Int, question: Int, attempts: Int, correct: Int, isInformative: Bool, wasShipped: Bool
    ) {
        self.sampledStep = sampledStep
        self.place = place
        self.question = question
        self.attempts = attempts
        self.correct = correct
        self.isInformative = isInformative
        self.wasShipped = wasShipped
    }

    var json: JSONValue {
        [
            "sampled_step": .integer(sampledStep), "place": .integer(place), "question": .integer(question),
            "attempts": .integer(attempts), "correct": .integer(correct), "informative": .bool(isInformative),
            "shipped": .bool(wasShipped),
        ]
    }

    init(json: JSONValue) throws(JSONError) {
        func count(_ key: String, from minimum: Int = 0) throws(JSONError) -> Int {
            let value = try json.integer(at: key)
            guard minimum...Int(Int32.max) ~= value else {
                throw .unexpected(path: key, expected: "a number from \(minimum) to \(Int32.max)", found: "\(value)")
            }
            return value
        }
        sampledStep = try count("sampled_step", from: 1)
        place = try count("place")
        question = try count("question")
        attempts = try count("attempts")
        correct = try count("correct")
        guard correct <= attempts else {
            throw .unexpected(path: "correct", expected: "at most \(attempts), the attempts", found: "\(correct)")
        }
        isInformative = try json.bool(at: "informative")
        wasShipped = try json.bool(at: "shipped")
    }
}
