import Rewards

/// The functions of plain mathematics.
enum CalculatorFunction: String, CaseIterable {
    case sqrt, ln, log, log10, exp, abs, min, max, round

    static let names = allCases.map(\.rawValue).joined(separator: ", ")

    func value(of arguments: [CalculatorValue]) throws(CalculatorError) -> CalculatorValue {
        let counts: ClosedRange<Int> =
            switch self {
            case .min, .max: 1...100
            case .round: 1...2
            default: 1...1
            }
        guard counts.contains(arguments.count), let first = arguments.first else {
            throw CalculatorError(
                "\(rawValue) has \(arguments.count) arguments; expected \(counts.lowerBound)"
                    + (counts.count == 1 ? "" : " to \(counts.upperBound)"))
        }
        switch self {
        case .sqrt: return try first.squareRoot()
        case .ln, .log, .log10, .exp:
            guard first.isPlain else {
                throw CalculatorError("\(rawValue) needs a plain number, found \(first.base.dimension)")
            }
            let number: BoundedNumber =
                switch self {
                case .ln: try first.number.logarithm()
                case .exp: try first.number.exponential()
                default: try first.number.commonLogarithm()
                }
            return CalculatorValue(number)
        case .abs:
            var value = first
            value.number = value.number.magnitude
            return value
        case .min, .max:
            var value = first
            for other in arguments.dropFirst() {
                guard other.base.measuresSame(as: value.base) else {
                    throw CalculatorError("\(rawValue) needs quantities of one kind")
                }
                value.number =
                    self == .min ? .least(value.number, other.number) : .greatest(value.number, other.number)
            }
            return value
        case .round: return try round(first, to: arguments.count == 2 ? arguments[1] : CalculatorValue(.zero))
        }
    }

    /// In the unit that the value would be printed in.
    private func round(_ value: CalculatorValue, to digits: CalculatorValue) throws(CalculatorError) -> CalculatorValue
    {
        guard digits.isPlain, digits.number.isExact, let places = digits.number.lower.machineInteger,
            -30...30 ~= places
        else { throw CalculatorError("round needs a whole number of decimals from -30 to 30") }
        let (unit, text) = try value.display()
        let number = try value.number(in: unit).rounded(decimals: places)
        guard !text.isEmpty else { return CalculatorValue(number) }
        var result = try CalculatorValue(number, unit, text: text)
        result.written = value.written
        result.temperature = value.temperature
        return result
    }
}
