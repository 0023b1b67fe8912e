import Primitives

/// A named way to grade, so that a data set says `"type": "math_boxed"` and nothing more.
///
/// A preset is an answer type with policy fields (the same flat object that an item's `policy` holds), or a check that
/// looks at a text or at numbers without a typed gold: format rules, grammars, reward formulas.
public struct GradingPreset: Sendable {
    /// What a check looks at.
    public struct Subject: Sendable {
        public var gold: JSONValue
        public var prediction: JSONValue
        /// Settings of the check.
        public var policy: JSONObject

        public init(gold: JSONValue, prediction: JSONValue, policy: JSONObject = JSONObject()) {
            self.gold = gold
            self.prediction = prediction
            self.policy = policy
        }
    }

    public enum Method: Sendable {
        case answer(AnswerType, policy: JSONObject)
        /// Gives the reward: 1 for a pass and 0 for a failure, or the value of a formula.
        case check(@Sendable (Subject) throws(AnswerProblem) -> Double)
    }

    public var name: String
    public var method: Method
    /// One line for the documentation.
    public var meaning: String

    public init(_ name: String, _ type: AnswerType, _ policy: JSONObject = [:], _ meaning: String) {
        self.name = name
        method = .answer(type, policy: policy)
        self.meaning = meaning
    }

    public init(
        _ name: String, _ meaning: String, check: @escaping @Sendable (Subject) throws(AnswerProblem) -> Double
    ) {
        self.name = name
        method = .check(check)
        self.meaning = meaning
    }
}
