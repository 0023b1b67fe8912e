import Rewards

/// Evaluates expressions with units by exact arithmetic.
///
/// Numbers are rational as long as the operations allow it; roots, logarithms, exponentials and angles give proven bounds
/// instead. Grammar, from loose to tight: `+ −`; `× ÷ * / per of`; `^`; a number with its unit; a sign; `%`. After the
/// expression `in`, `to` or `->` may name the unit of the result, and `of` after it the substance that turns moles
/// into grams. Work is bounded by the length of the expression, the depth of brackets and the size of numbers.
public struct Calculator: Sendable {
    public struct Result: Sendable, Hashable {
        public var value: CalculatorValue
        /// The value in ``unit``.
        public var number: BoundedNumber
        /// As it is printed; empty for plain numbers.
        public var unit: String
        /// The medical formulas that were used, in order and once each.
        public var formulas: [MedicalFormula]

        /// The number with its unit.
        public var text: String { unit.isEmpty ? number.text : "\(number.text) \(unit)" }
    }

    /// The longest expression, in characters.
    public static let maximumLength = 1000

    public init() {}

    /// - Parameters:
    ///   - unit: the unit of the result, where the expression does not name one.
    ///   - molarMass: in grams per mole, for conversions between moles and grams.
    public func evaluate(
        _ expression: String, unit: String? = nil, molarMass: Rational? = nil
    ) throws(CalculatorError) -> Result {
        guard expression.unicodeScalars.count <= Self.maximumLength else {
            throw CalculatorError("the expression is longer than \(Self.maximumLength) characters")
        }
        var (body, target, molarMass) = (Substring(expression), unit, molarMass)
        if target == nil, let split = try Conversion(expression) {
            (body, target) = (split.body, split.unit)
            molarMass = split.molarMass ?? molarMass
        }
        var parser = CalculatorParser(body)
        let value = try parser.value()
        guard let target else {
            let (unit, text) = try value.display()
            return Result(value: value, number: try value.number(in: unit), unit: text, formulas: parser.formulas)
        }
        let wanted: UnitOfMeasure
        do throws(AnswerProblem) { wanted = try UnitOfMeasure(target) } catch {
            throw CalculatorError("“\(target)” is no unit; expected one such as mg/dL, mmol/L or a UCUM code")
        }
        return Result(
            value: value, number: try value.number(in: wanted, molarMass: molarMass), unit: target,
            formulas: parser.formulas)
    }
}

/// The end of an expression that names the unit of the result: `… in mg/dL`, `… to mmol/L of glucose`.
private struct Conversion {
    let body: Substring
    let unit: String
    let molarMass: Rational?

    /// `nil` where the expression has no such end. The last keyword counts, so that `5 in in cm` has inches.
    init?(_ expression: String) throws(CalculatorError) {
        var best: (at: String.Index, end: String.Index)?
        for keyword in [" in ", " to ", " as ", "->", "→"] {
            var search = expression.startIndex
            while let range = expression[search...].firstRange(of: keyword) {
                if range.lowerBound > best?.at ?? expression.startIndex { best = (range.lowerBound, range.upperBound) }
                search = expression.index(after: range.lowerBound)
            }
        }
        guard let best else { return nil }
        var rest = expression[best.end...].split(separator: " ").joined(separator: " ")
        var molarMass: Rational?
        if let of = rest.firstRange(of: " of ") {
            let analyte = String(rest[of.upperBound...])
            guard let mass = MolarMass.gramsPerMole(analyte) else {
                throw CalculatorError(
                    "the molar mass of “\(analyte)” is not known; known are \(MolarMass.names.joined(separator: ", ")), "
                        + "or give molar_mass")
            }
            molarMass = mass
            rest = String(rest[..<of.lowerBound])
        }
        // What follows an inch is no unit: `5 in + 2 in`.
        guard let first = rest.first, first.isLetter || "[%°/1".contains(first), !rest.hasPrefix("/ "),
            !rest.contains(where: { "+=,".contains($0) })
        else { return nil }
        body = expression[..<best.at]
        unit = rest
        self.molarMass = molarMass
    }
}
