/// A mathematical expression as it was written: parsed, and no rule of algebra applied.
///
/// `a - b` is `sum([a, product([number(-1), b])])`, `a / b` is `product([a, power(b, number(-1))])`. Decimals are exact
/// rationals. A percent sign, a degree sign and units are kept, because their meaning is a matter of policy.
indirect enum MathExpression: Sendable, Hashable {
    case number(Rational)
    case constant(MathConstant)
    /// A variable with its decorations in one canonical spelling: `x`, `theta`, `x_{1}`, `bar{x}_{23}`.
    case symbol(String)
    /// Words: `\text{odd}`, `\text{The midpoints form a hexagon}`; bare words of two letters or more in plain syntax.
    case text(String)
    case sum([MathExpression])
    case product([MathExpression])
    case power(MathExpression, MathExpression)
    case call(MathFunction, [MathExpression])
    /// An unknown function, or a known one without a meaning here: `f(2)`, `P(A)`.
    case application(String, [MathExpression])
    /// `a ± b` is `sum([a, plusMinus(b)])`; both signs are meant. `∓` is `plusMinus` of the negative.
    case plusMinus(MathExpression)
    /// A sum, product, integral, limit or derivative that is written and not evaluated.
    case operation(
        MathOperation, body: MathExpression, variable: MathExpression?, from: MathExpression?, to: MathExpression?)
    /// `first op₁ e₁ op₂ e₂ …`: an equation, an inequality or a chain of them.
    case relation(MathExpression, [RelationLink])
    /// In round brackets, with commas or semicolons; two elements may also be an open interval.
    case tuple([MathExpression])
    /// In curly brackets.
    case set([MathExpression])
    /// Elements without brackets, after each other: `1, 2, 3`, `x = 1 or x = 2`.
    case list([MathExpression])
    case interval(lower: MathExpression, isLowerOpen: Bool, upper: MathExpression, isUpperOpen: Bool)
    case setOperation(SetOperation, [MathExpression])
    case namedSet(NamedSet)
    /// `x ∈ S`, `x ∉ S`.
    case membership(MathExpression, MathExpression, isNegated: Bool)
    /// Rows of equal length.
    case matrix([[MathExpression]])
    case percent(MathExpression)
    case degrees(MathExpression)
    /// A value with a unit as written after it, such as `5 \text{ cm}` or `\$5`: the unit's text in `unit`.
    case measured(MathExpression, unit: String)
    /// `4210_{5}`: digits in a base from 2 to 36.
    case numeral(digits: String, base: Int)
    /// `1:2:3`, also times of day.
    case ratio([MathExpression])

    struct RelationLink: Sendable, Hashable {
        var relation: MathRelation
        var right: MathExpression
    }
}

enum MathConstant: String, Sendable, Hashable {
    case pi, e, i, infinity
    /// Negative infinity is `product([-1, infinity])`; this is the complex one.
    case complexInfinity
}

enum MathRelation: String, Sendable, Hashable {
    case equal = "=", notEqual = "≠", less = "<", lessOrEqual = "≤", greater = ">", greaterOrEqual = "≥"
    case approximately = "≈", congruent = "≡", similar = "∼", subset = "⊂", superset = "⊃", implies = "⇒", tends = "→"
}

enum SetOperation: String, Sendable, Hashable { case union, intersection, difference, symmetricDifference }

enum NamedSet: String, Sendable, Hashable { case empty, naturals, integers, rationals, reals, complexes, primes }

enum MathOperation: String, Sendable, Hashable {
    case sum, product, integral, limit, limitFromAbove, limitFromBelow, derivative
}

/// Functions with a meaning. Arguments stand in the order of their names' parentheses.
enum MathFunction: String, Sendable, Hashable, CaseIterable {
    case sin, cos, tan, sec, csc, cot
    case arcsin, arccos, arctan, arcsec, arccsc, arccot
    case sinh, cosh, tanh, sech, csch, coth
    case arsinh, arcosh, artanh
    case exp, ln
    /// `log(value, base)`; a decadic logarithm has base 10.
    case log
    /// `root(value, degree)`; the square root has degree 2.
    case root
    case abs, floor, ceiling, sign
    case gcd, lcm, min, max
    /// `mod(value, modulus)`
    case mod
    case factorial, doubleFactorial
    /// `binomial(n, k)`
    case binomial
    /// `permutations(n, k)`
    case permutations
    case re, im, conjugate, arg
    case determinant, trace, transpose
    /// The greatest/least of a region, kept as an application: never evaluated.
    case argmax, argmin
}
