import Primitives

/// Checks of UCUM expressions against the outcomes that a test suite of UCUM states.
enum UCUMChecks {
    /// Whether a text is a valid unit.
    static func isValid(_ text: String) -> Bool {
        var parser = UCUMParser(Array(text.utf8))
        guard let term = try? parser.parse() else { return false }
        return term.meaning != nil
    }

    /// Whether a unit's display name is the gold's. Names are compared without regard to case and spaces.
    static func displays(_ gold: String, _ code: String) throws(AnswerProblem) -> Bool {
        var parser = UCUMParser(Array(code.utf8))
        let name = try parser.parse().displayName
        func folded(_ text: String) -> [UInt8] {
            text.utf8.compactMap { byte in
                byte == 0x20 ? nil : (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            }
        }
        return folded(gold) == folded(name)
    }

    /// A quantity in the notation of the suite: a decimal, a space, a unit of UCUM.
    struct Written {
        var value: Rational
        var unit: UnitMeaning
        var significantFigures: Int

        init(_ text: String) throws(AnswerProblem) {
            let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard let value = Rational(plainDecimal: String(parts[0])) else {
                throw .malformed("expected a decimal, a space and a unit, found `\(text)`")
            }
            self.value = value
            let digits = parts[0].prefix { $0 != "e" && $0 != "E" }.utf8.filter { (0x30...0x39).contains($0) }
            significantFigures = max(1, digits.drop { $0 == 0x30 }.count)
            guard parts.count == 2, !parts[1].isEmpty else {
                unit = .one
                return
            }
            var parser = UCUMParser(Array(parts[1].utf8))
            guard let meaning = try parser.parse().meaning else {
                throw .overBudget("the unit's factor or exponent is too large")
            }
            unit = meaning
        }
    }

    /// Whether the gold is the prediction in the gold's unit: exactly, or rounded to the figures that one of both is
    /// written with.
    static func converts(_ gold: Written, _ value: Rational, _ unit: UnitMeaning, figures: Int) -> Bool {
        guard unit.dimension == gold.unit.dimension, let ratio = unit.scale / gold.unit.scale,
            let offset = (unit.offset - gold.unit.offset) / gold.unit.scale
        else { return false }
        let converted =
            value * ratio * PiApproximation.power(unit.piPower - gold.unit.piPower) + offset
        if converted == gold.value { return true }
        guard !converted.isZero, converted.signum == gold.value.signum else { return false }
        let difference = (converted - gold.value).magnitude
        if difference <= DecimalPlaces.halfUnit(of: converted, significantFigures: gold.significantFigures) {
            return true
        }
        guard figures > 0, difference <= DecimalPlaces.halfUnit(of: converted, significantFigures: figures) else {
            return false
        }
        let unitOfGold: Rational = .powerOfTen(DecimalPlaces.leadingPlace(of: converted) - figures + 1)
        return (gold.value / unitOfGold)?.isInteger == true
    }
}
