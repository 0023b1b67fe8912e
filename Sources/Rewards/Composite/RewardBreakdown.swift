import Primitives

/// A reward with its parts. Each part is in 0…1 and unweighted; `total` is the weighted sum of all that count.
public struct RewardBreakdown: Sendable, Hashable {
    public var task: Double
    public var format: Double
    public var efficiency: Double
    public var total: Double
    public var verdict: VerdictReport
    /// The first violation of the format; `nil` when `format` is 1.
    public var formatViolation: String?
    /// The parts that the recipe adds, each with its value and weight.
    public var parts: [RewardPart]

    public init(
        task: Double, format: Double, efficiency: Double, total: Double, verdict: VerdictReport,
        formatViolation: String? = nil, parts: [RewardPart] = []
    ) {
        self.task = task
        self.format = format
        self.efficiency = efficiency
        self.total = total
        self.verdict = verdict
        self.formatViolation = formatViolation
        self.parts = parts
    }

    /// No reward: what there is says nothing about the policy, so it must not train.
    public static func excluded(because reason: String) -> RewardBreakdown {
        RewardBreakdown(
            task: 0, format: 0, efficiency: 0, total: 0,
            verdict: VerdictReport(verdict: .undecided, problem: reason, operations: 0))
    }

    public var isCorrect: Bool { verdict.verdict == .correct }

    /// Whether the reward may train a policy (see ``Verdict/trains``).
    public var trains: Bool { verdict.verdict.trains }

    public var json: JSONValue {
        .object([
            "task": .number(task), "format": .number(format), "efficiency": .number(efficiency),
            "total": .number(total),
            "is_correct": .bool(isCorrect), "trains": .bool(trains),
            "format_violation": formatViolation.map { .string($0) } ?? .null,
            "parts": .array(parts.map(\.json)),
            "verdict": verdict.json,
        ])
    }

    public init(json: JSONValue) throws(JSONError) {
        task = try json.double(at: "task")
        format = try json.double(at: "format")
        efficiency = try json.double(at: "efficiency")
        total = try json.double(at: "total")
        formatViolation = try json.optionalString(at: "format_violation")
        parts = []
        for part in json["parts"] == nil ? [] : try json.array(at: "parts") { parts.append(try RewardPart(json: part)) }
        do { verdict = try VerdictReport(json: .object(json.object(at: "verdict"))) } catch {
            throw error.within("verdict")
        }
    }
}
