import BigInt

extension Rational {
    /// The number as a decimal without rounding; `nil` where it has none, or one of more digits.
    public func exactDecimal(maximumDigits: Int) -> String? {
        var rest = denominator
        var (twos, fives) = (0, 0)
        while rest.isMultiple(of: 2), twos <= maximumDigits {
            rest /= 2
            twos += 1
        }
        while rest.isMultiple(of: 5), fives <= maximumDigits {
            rest /= 5
            fives += 1
        }
        let places = Swift.max(twos, fives)
        guard rest == 1, places <= maximumDigits, bitWidth < 4 * maximumDigits + 64 else { return nil }
        let digits = (magnitude * .powerOfTen(places)).numerator.description
        guard digits.utf8.count <= maximumDigits else { return nil }
        return (signum < 0 ? "-" : "") + Self.placed(digits, decimals: places)
    }

    /// The number rounded to so many significant figures, halves away from zero, without zeros at its end; with a power
    /// of ten where it is very great or small.
    public func decimal(significantFigures figures: Int) -> String {
        guard !isZero else { return "0" }
        var place = DecimalPlaces.leadingPlace(of: self)
        var digits = rounded(decimals: figures - 1 - place).magnitude
        digits = digits * .powerOfTen(figures - 1 - place)
        var text = digits.numerator.description
        if text.utf8.count > figures {
            place += 1
            text.removeLast()
        }
        let sign = signum < 0 ? "-" : ""
        while text.utf8.count > 1, text.hasSuffix("0") { text.removeLast() }
        if place >= figures + 3 || place < -7 {
            return sign + Self.placed(text, decimals: text.utf8.count - 1) + "e\(place)"
        }
        let decimals = text.utf8.count - 1 - place
        return sign
            + (decimals < 0
                ? text + String(repeating: "0", count: -decimals) : Self.placed(text, decimals: decimals))
    }

    /// The nearest multiple of 10^−decimals, halves away from zero.
    public func rounded(decimals: Int) -> Rational {
        let scaled = magnitude * .powerOfTen(decimals)
        let doubled = Rational(scaled.numerator * 2 + scaled.denominator, scaled.denominator * 2) ?? scaled
        let result = Rational(doubled.floor) * .powerOfTen(-decimals)
        return signum < 0 ? -result : result
    }

    private static func placed(_ digits: String, decimals: Int) -> String {
        guard decimals > 0 else { return digits }
        let padded = String(repeating: "0", count: Swift.max(0, decimals + 1 - digits.utf8.count)) + digits
        return "\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}
