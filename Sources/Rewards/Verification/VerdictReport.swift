import Primitives

/// A verdict with everything needed to understand it and to find it again.
public struct VerdictReport: Sendable, Hashable {
    public var verdict: Verdict
    /// The type that the answer was graded under; `nil` for a check without a typed gold.
    public var type: AnswerType?
    /// The canonical form of the gold's value; empty when it has none.
    public var canonicalGold: String
    /// The canonical form of the answer; `nil` when it was not found or has none.
    public var canonicalAnswer: String?
    /// The rules that changed or matched something, in the order of their use.
    public var rules: [String]
    /// What was expected and not found; `nil` for correct and incorrect answers.
    public var problem: String?
    /// The graded answer, as UTF-8 byte offsets in the graded text.
    public var span: Range<Int>?
    /// How sure the verdict is.
    public var guarantee: Guarantee
    /// The cost in elementary steps; bounded by ``WorkLimits``.
    public var operations: Int

    public init(
        verdict: Verdict, type: AnswerType? = nil, canonicalGold: String = "", canonicalAnswer: String? = nil,
        rules: [String] = [], problem: String? = nil, span: Range<Int>? = nil, guarantee: Guarantee = .exact,
        operations: Int
    ) {
        self.verdict = verdict
        self.type = type
        self.canonicalGold = canonicalGold
        self.canonicalAnswer = canonicalAnswer
        self.rules = rules
        self.problem = problem
        self.span = span
        self.guarantee = guarantee
        self.operations = operations
    }

    /// 1 for a correct answer and 0 for one that trains as wrong; `nil` where the verdict must not train.
    public var reward: Double? { verdict.trains ? (verdict == .correct ? 1 : 0) : nil }

    public var json: JSONValue { .object(members) }

    var members: JSONObject {
        [
            "verdict": .string(verdict.rawValue),
            "reward": reward.map { .number($0) } ?? .null,
            "type": type.map { .string($0.rawValue) } ?? .null,
            "gold_canonical": .string(canonicalGold),
            "prediction_canonical": canonicalAnswer.map { .string($0) } ?? .null,
            "guarantee": .string(guarantee.description),
            "rules": .array(rules.map { .string($0) }),
            "problem": problem.map { .string($0) } ?? .null,
            "span": span.map { .array([.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))]) } ?? .null,
            "operations": .integer(Int64(operations)),
        ]
    }

    public init(json: JSONValue) throws(JSONError) {
        verdict = try json.rawValue(at: "verdict")
        if let value = json["type"], !value.isNull { type = try json.rawValue(at: "type") as AnswerType }
        canonicalGold = try json.string(at: "gold_canonical")
        canonicalAnswer = try json.optionalString(at: "prediction_canonical")
        rules = try json.strings(at: "rules")
        problem = try json.optionalString(at: "problem")
        let text = try json.string(at: "guarantee")
        guard let guarantee = Guarantee(description: text) else {
            throw .unexpected(path: "guarantee", expected: "a guarantee, such as exact", found: "`\(text)`")
        }
        self.guarantee = guarantee
        operations = try json.integer(at: "operations")
        if let value = json["span"], !value.isNull {
            let bounds = try json.array(at: "span").compactMap(\.integerValue)
            guard bounds.count == 2, 0 <= bounds[0], bounds[0] <= bounds[1] else {
                throw .unexpected(path: "span", expected: "two ascending byte offsets or null", found: value.text)
            }
            span = bounds[0]..<bounds[1]
        }
    }
}
