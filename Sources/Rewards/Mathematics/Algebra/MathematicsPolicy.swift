/// How mathematical answers are read and compared: the part of an item's policy that belongs to ``AnswerType/latex``.
struct MathematicsPolicy: Sendable, Hashable {
    /// What becomes of operators in a prediction that only name the computation.
    enum Unevaluated: String, Sendable, Hashable, CaseIterable {
        /// Refused where the gold has none.
        case refuse
        /// `gcd`, `lcm`, `max`, `min`, `mod` and integer parts are computed; sums, products, integrals, limits,
        /// derivatives, factorials, binomial coefficients and determinants are refused where the gold has none.
        case arithmetic
        case allow
    }

    enum Brackets: String, Sendable, Hashable, CaseIterable { case loose, strict }
    enum Requirement: String, Sendable, Hashable, CaseIterable { case optional, required }

    enum Percent: String, Sendable, Hashable, CaseIterable {
        /// 50% is 0.5.
        case value
        /// 50% is 50, with the sign or without.
        case bare
    }

    enum Chains: String, Sendable, Hashable, CaseIterable {
        /// A false equation between numbers anywhere in a prediction's chain refuses it.
        case checked
        /// `name = … = value` gives the last value, whatever stands between.
        case last
    }

    enum Form: String, Sendable, Hashable, CaseIterable {
        case any
        case reducedFraction = "reduced_fraction"
        case expanded, factored, decimal, integer
    }

    /// The notations, under their names in a policy.
    private enum Syntax: String, CaseIterable {
        case latex, plain, sympy

        init(_ syntax: MathSyntax) {
            switch syntax {
            case .latex: self = .latex
            case .plain: self = .plain
            case .sympy: self = .sympy
            }
        }

        var syntax: MathSyntax {
            switch self {
            case .latex: .latex
            case .plain: .plain
            case .sympy: .sympy
            }
        }
    }

    var unevaluated: Unevaluated
    var brackets: Brackets
    var units: Requirement
    var degrees: Requirement
    var percent: Percent
    var form: Form
    /// A relation such as `1 ≤ x < 3` stands for the statement `x ∈ [1, 3)`.
    var relationAsSet: Bool
    var chains: Chains
    /// A decimal with at least so many places is right where it is the other value, rounded; `nil` compares exactly.
    var decimals: Int?
    var syntax: MathSyntax
    var goldSyntax: MathSyntax
    /// Antiderivatives: equal up to a constant, whose name is free.
    var hasConstantOfIntegration: Bool

    init(_ fields: inout PolicyFields) throws(RewardError) {
        unevaluated = try fields.choice("unevaluated", default: Unevaluated.refuse)
        brackets = try fields.choice("brackets", default: Brackets.strict)
        units = try fields.choice("units", default: Requirement.optional)
        degrees = try fields.choice("degrees", default: Requirement.optional)
        percent = try fields.choice("percent", default: Percent.value)
        form = try fields.choice("form", default: Form.any)
        relationAsSet = try fields.bool("relation_as_set")
        chains = try fields.choice("chains", default: Chains.checked)
        decimals = try fields.integer("decimals", in: 1...40)
        syntax = try fields.choice("syntax", default: Syntax.latex).syntax
        goldSyntax = try fields.choice("gold_syntax", default: Syntax(syntax)).syntax
        hasConstantOfIntegration = try fields.bool("constant_of_integration")
    }
}
