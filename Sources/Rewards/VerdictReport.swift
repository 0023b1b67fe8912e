import Primitives

/// A verdict with everything needed to understand it and to find it again.
public struct VerdictReport: Sendable, Hashable {
    public var verdict: Verdict
    /// The canonical form of the gold's value; empty when it has none.
    public var canonicalGold: String
    /// The canonical form of the answer; `nil` when it was not found or has none.
    public var canonicalAnswer: String?
    /// The rules that changed or matched something, in the order of their use.
    public var rules: [String]
    /// What was expected and not found; `nil` for correct and incorrect answers.
    public var problem: String?
    /// The graded answer, between its tags, as UTF-8 byte offsets in the graded text.
    public var span: Range<Int>?
    /// How sure the verdict is. `exact`: equality of canonical forms, nothing estimated.
    public var guarantee: String
    /// The cost in scanned bytes and characters; at most proportional to the length of the text and the gold.
    public var operations: Int

    public init(
        verdict: Verdict, canonicalGold: String, canonicalAnswer: String? = nil, rules: [String] = [],
        problem: String? = nil, span: Range<Int>? = nil, guarantee: String = "exact", operations: Int
    ) {
        self.verdict = verdict
        self.canonicalGold = canonicalGold
        self.canonicalAnswer = canonicalAnswer
        self.rules = rules
        self.problem = problem
        self.span = span
        self.guarantee = guarantee
        self.operations = operations
    }

    public var json: JSONValue {
        .object([
            "verdict": .string(verdict.rawValue),
            "canonical_gold": .string(canonicalGold),
            "canonical_answer": canonicalAnswer.map { .string($0) } ?? .null,
            "rules": .array(rules.map { .string($0) }),
            "problem": problem.map { .string($0) } ?? .null,
            "span": span.map { .array([.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))]) } ?? .null,
            "guarantee": .string(guarantee),
            "operations": .integer(Int64(operations)),
        ])
    }

    public init(json: JSONValue) throws(JSONError) {
        verdict = try json.rawValue(at: "verdict")
        canonicalGold = try json.string(at: "canonical_gold")
        canonicalAnswer = try json.optionalString(at: "canonical_answer")
        rules = try json.strings(at: "rules")
        problem = try json.optionalString(at: "problem")
        guarantee = try json.string(at: "guarantee")
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
