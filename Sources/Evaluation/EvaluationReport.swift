import Primitives
import Rewards

/// What a policy reached on held-out questions.
public struct EvaluationReport: Sendable, Hashable {
    /// A slice of the questions, for example those with three hops.
    public struct Slice: Sendable, Hashable {
        public var name: String
        public var accuracy: Proportion

        public init(name: String, accuracy: Proportion) {
            self.name = name
            self.accuracy = accuracy
        }
    }

    public var policyVersion: Int
    public var temperature: Double
    /// Correct answers among all questions; a verdict that does not train counts as not correct.
    public var accuracy: Proportion
    public var formatValid: Proportion
    /// Questions whose verdict was neither correct nor incorrect nor malformed.
    public var excludedCount: Int
    /// Those among them whose episode could not be played to its end.
    public var failedCount: Int
    public var meanTurns: Double
    public var meanToolCalls: Double
    public var meanResponseLength: Double
    /// By number of hops, ascending; the name is the number.
    public var hops: [Slice]
    /// By specialty, in alphabetical order; questions without one are in no slice.
    public var specialties: [Slice]

    public init(
        policyVersion: Int, temperature: Double, episodes: [ScoredEpisode], questions: [some RolloutQuestion]
    ) {
        precondition(episodes.count == questions.count, "one episode per question")
        func mean(_ value: (ScoredEpisode) -> Int) -> Double {
            episodes.isEmpty ? 0 : Double(episodes.reduce(0) { $0 + value($1) }) / Double(episodes.count)
        }
        self.policyVersion = policyVersion
        self.temperature = temperature
        accuracy = Proportion(successes: episodes.count(where: \.isCorrect), count: episodes.count)
        formatValid = Proportion(successes: episodes.count(where: \.isFormatValid), count: episodes.count)
        excludedCount = episodes.count { !$0.reward.trains }
        failedCount = episodes.count { $0.episode.failure != nil }
        meanTurns = mean { $0.episode.turns.count }
        meanToolCalls = mean(\.episode.toolCallCount)
        meanResponseLength = mean(\.episode.responseTokenCount)
        let outcomes = zip(questions, episodes).map { (question: $0, isCorrect: $1.isCorrect) }
        hops = Set(questions.map(\.hops)).sorted().map { hops in
            Self.slice(String(hops), outcomes.filter { $0.question.hops == hops }.map(\.isCorrect))
        }
        specialties = Set(questions.compactMap(\.specialty)).sorted().map { specialty in
            Self.slice(specialty, outcomes.filter { $0.question.specialty == specialty }.map(\.isCorrect))
        }
    }

    private static func slice(_ name: String, _ outcomes: [Bool]) -> Slice {
        Slice(name: name, accuracy: Proportion(successes: outcomes.count { $0 }, count: outcomes.count))
    }
}

extension EvaluationReport {
    private static let format = "medresearcher.evaluation/1"

    public var json: JSONValue {
        .object([
            "format": .string(Self.format),
            "policy_version": .integer(policyVersion), "temperature": .number(temperature),
            "accuracy": accuracy.json, "format_valid": formatValid.json, "excluded": .integer(excludedCount),
            "failed": .integer(failedCount),
            "mean_turns": .number(meanTurns), "mean_tool_calls": .number(meanToolCalls),
            "mean_response_length": .number(meanResponseLength),
            "hops": Self.json(of: hops), "specialties": Self.json(of: specialties),
        ])
    }

    public init(json: JSONValue) throws(JSONError) {
        let format = try json.string(at: "format")
        guard format == Self.format else {
            throw .unexpected(path: "format", expected: "\"\(Self.format)\"", found: "\"\(format)\"")
        }
        policyVersion = try json.integer(at: "policy_version")
        temperature = try json.double(at: "temperature")
        accuracy = try Proportion(json: .object(json.object(at: "accuracy")))
        formatValid = try Proportion(json: .object(json.object(at: "format_valid")))
        excludedCount = try json.integer(at: "excluded")
        failedCount = json["failed"] == nil ? 0 : try json.integer(at: "failed")
        meanTurns = try json.double(at: "mean_turns")
        meanToolCalls = try json.double(at: "mean_tool_calls")
        meanResponseLength = try json.double(at: "mean_response_length")
        hops = try Self.slices(json.object(at: "hops"))
        specialties = try Self.slices(json.object(at: "specialties"))
    }

    private static func json(of slices: [Slice]) -> JSONValue {
        var object = JSONObject()
        for slice in slices { object[slice.name] = slice.accuracy.json }
        return .object(object)
    }

    private static func slices(_ object: JSONObject) throws(JSONError) -> [Slice] {
        var slices: [Slice] = []
        for (name, value) in object.members { slices.append(Slice(name: name, accuracy: try Proportion(json: value))) }
        return slices
    }
}
