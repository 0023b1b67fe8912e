import Rewards

/// A number with what it measures.
public struct CalculatorValue: Sendable, Hashable {
    /// A unit as it was written, for printing results.
    struct WrittenUnit: Sendable, Hashable {
        var text: String
        var unit: UnitOfMeasure
        var exponent: Int
    }

    /// Temperatures on a scale with a zero point of its own, and differences of them.
    enum Temperature: Sendable, Hashable {
        case no, point, difference
    }

    /// In base units.
    public var number: BoundedNumber
    /// The base units.
    public var base: UnitOfMeasure
    var written: [WrittenUnit] = []
    var temperature = Temperature.no

    public init(_ number: BoundedNumber) {
        self.number = number
        base = .one
    }

    init(_ number: BoundedNumber, base: UnitOfMeasure, written: [WrittenUnit] = []) {
        self.number = number
        self.base = base
        self.written = written
    }

    /// So many of a unit.
    init(_ number: BoundedNumber, _ unit: UnitOfMeasure, text: String) throws(CalculatorError) {
        var magnitude = try number.scaled(by: unit.scale)
        if unit.piPower != 0 { magnitude = try magnitude.times(Self.power(ofPi: unit.piPower)) }
        if unit.hasZeroPoint { magnitude = try magnitude.adding(BoundedNumber(unit.offset)) }
        self.number = magnitude
        base = unit.base
        written = [WrittenUnit(text: text, unit: unit, exponent: 1)]
        temperature = unit.hasZeroPoint ? .point : .no
    }

    public var isPlain: Bool { base.isPlainNumber }

    private static func power(ofPi exponent: Int) throws(CalculatorError) -> BoundedNumber {
        try BoundedNumber(RealBounds.pi).power(exponent)
    }

    /// The number in a unit of the same dimension, or across moles and grams with a molar mass in grams per mole.
    func number(in unit: UnitOfMeasure, molarMass: Rational? = nil) throws(CalculatorError) -> BoundedNumber {
        var (value, scale) = (number, unit.scale)
        if !base.measuresSame(as: unit) {
            guard let molarMass, base.molePower != unit.molePower, let left = base.baseWithGramsForMoles,
                let right = unit.baseWithGramsForMoles, left.measuresSame(as: right),
                let factor = molarMass.power(base.molePower), let divisor = molarMass.power(unit.molePower)
            else {
                throw CalculatorError(
                    "\(base.dimension) cannot be converted to \(unit.dimension): they measure different things"
                        + (base.molePower != unit.molePower && molarMass == nil
                            ? ", and grams and moles need an analyte or a molar mass" : ""))
            }
            value = try value.scaled(by: factor)
            scale = scale * divisor
        }
        if unit.hasZeroPoint, temperature != .difference {
            value = try value.adding(BoundedNumber(-unit.offset))
        }
        value = try value.divided(by: BoundedNumber(scale))
        return unit.piPower == 0 ? value : try value.divided(by: Self.power(ofPi: unit.piPower))
    }

    // MARK: Arithmetic

    func adding(_ other: CalculatorValue, isDifference: Bool) throws(CalculatorError) -> CalculatorValue {
        let sign = isDifference ? "-" : "+"
        guard base.measuresSame(as: other.base) else {
            throw CalculatorError(
                "\(base.dimension) \(sign) \(other.base.dimension): only quantities of one kind can be added or subtracted"
            )
        }
        var result = self
        result.number = try number.adding(isDifference ? -other.number : other.number)
        switch (temperature, other.temperature, isDifference) {
        case (.point, .point, true): result.temperature = .difference
        case (.point, .point, false):
            throw CalculatorError("two temperatures cannot be added; write a difference of temperatures in K")
        case (_, .point, true): throw CalculatorError("a temperature cannot be subtracted from a difference")
        case (_, .point, false):
            result.temperature = .point
            result.written = other.written
        default: break
        }
        return result
    }

    func times(_ other: CalculatorValue, power exponent: Int) throws(CalculatorError) -> CalculatorValue {
        for factor in [self, other] where factor.temperature == .point {
            throw CalculatorError(
                "a temperature on a scale with its own zero cannot be multiplied or divided; convert it to K first")
        }
        guard let base = base.times(other.base, power: exponent) else {
            throw CalculatorError("the exponents of the units are out of range")
        }
        let number =
            exponent == 1 ? try self.number.times(other.number) : try self.number.divided(by: other.number)
        var written = written
        for unit in other.written {
            if let place = written.firstIndex(where: { $0.text == unit.text }) {
                written[place].exponent += unit.exponent * exponent
                if written[place].exponent == 0 { written.remove(at: place) }
            } else {
                var unit = unit
                unit.exponent *= exponent
                written.append(unit)
            }
        }
        return CalculatorValue(number, base: base, written: written)
    }

    func power(_ exponent: CalculatorValue) throws(CalculatorError) -> CalculatorValue {
        guard exponent.isPlain else { throw CalculatorError("an exponent must be a plain number") }
        if isPlain { return CalculatorValue(try number.realPower(exponent.number)) }
        if exponent.number == BoundedNumber(Rational(1, 2) ?? .one) { return try squareRoot() }
        guard exponent.number.isExact, let whole = exponent.number.lower.machineInteger, abs(whole) <= 60,
            temperature != .point, let base = UnitOfMeasure.one.times(base, power: whole)
        else { throw CalculatorError("a quantity with a unit can be raised to whole numbers from -60 to 60 only") }
        return CalculatorValue(
            try number.power(whole), base: base,
            written: whole == 0
                ? []
                : written.map { WrittenUnit(text: $0.text, unit: $0.unit, exponent: $0.exponent * whole) })
    }

    func squareRoot() throws(CalculatorError) -> CalculatorValue {
        guard let base = base.baseOfSquareRoot, temperature != .point else {
            throw CalculatorError("\(base.dimension) has no square root among units")
        }
        let written =
            written.allSatisfy { $0.exponent % 2 == 0 }
            ? written.map { WrittenUnit(text: $0.text, unit: $0.unit, exponent: $0.exponent / 2) } : []
        return CalculatorValue(try number.squareRoot(), base: base, written: written)
    }

    // MARK: Printing

    /// The unit that results are printed in, and its name: the units as written, or base units.
    func display() throws(CalculatorError) -> (unit: UnitOfMeasure, text: String) {
        if temperature != .no, let first = written.first {
            return temperature == .difference ? (base, "K") : (first.unit, first.text)
        }
        var unit: UnitOfMeasure? = .one
        for part in written { unit = unit?.times(part.unit, power: part.exponent) }
        guard let unit, unit.measuresSame(as: base), !unit.isPlainNumber || unit.scale != .one else {
            return (base, base.isPlainNumber ? "" : base.dimension)
        }
        var (above, below) = ("", "")
        for part in written {
            let power = abs(part.exponent) == 1 ? "" : "^\(abs(part.exponent))"
            if part.exponent > 0 {
                above += (above.isEmpty ? "" : "*") + part.text + power
            } else {
                below += "/" + part.text + power
            }
        }
        return (unit, (above.isEmpty ? "1" : above) + below)
    }
}
