/// Reads answers of type ``AnswerType/quantity``: a number with a unit, as an exact magnitude in base units and a
/// dimension. `5000 mg` is `5 g`, `37 °C` is `310.15 K`, and `5 IU` is no mass.
struct QuantityReader: AnswerReader {
    private let rules: QuantityRules

    init(policy: QuantityPolicy) { rules = QuantityRules(policy) }

    init(rules: QuantityRules) { self.rules = rules }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected a quantity, found nothing") }
        let bytes = try QuantityText.plain(text, &work)
        if let pair = try bloodPressure(bytes, &work) { return pair }
        let measurement = try single(bytes, &work)
        if rules.policy.requiresUnit, side == .prediction, measurement.unit == .one {
            throw .malformed("expected a unit, found a number alone")
        }
        if measurement.unit.zeroPoint != .none { work.apply("temperature scales") }
        return try value(measurement)
    }

    /// The one measurement that a text states, perhaps as an age, or twice in units that agree.
    private func single(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> Measurement {
        if let restated = RestatedQuantity(bytes), let outer = try optional(restated.first, &work) {
            let inner = try measurement(restated.second, &work)
            guard try restated.agrees(outer, inner, rules.policy) else {
                throw .malformed("expected one quantity, found two that differ")
            }
            work.apply("restated in parentheses")
            return outer
        }
        do {
            return try measurement(bytes, &work)
        } catch {
            guard case .malformed = error, let plain = AgeWords.removed(from: bytes) else { throw error }
            let age = try measurement(plain, &work)
            guard age.unit.dimension == Self.time else { throw error }
            work.apply("age")
            return age
        }
    }

    /// What a span of time measures.
    static let time = Dimension(base: 1)

    /// `nil` for a text that is no quantity.
    private func optional(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> Measurement? {
        do {
            return try measurement(bytes, &work)
        } catch {
            guard case .malformed = error else { throw error }
            return nil
        }
    }

    private func measurement(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> Measurement {
        var scanner = QuantityScanner(bytes, rules: rules)
        do {
            return try scanner.measurement(&work)
        } catch {
            guard rules.policy.range == .mean, case .malformed = error else { throw error }
            var ranges = RangeScanner(bytes, rules: rules)
            guard case .between(let lower, let upper, _, _) = try ranges.range(&work), lower.unit == upper.unit,
                lower.value < upper.value
            else {
                throw error
            }
            work.apply("mean of a range")
            return Measurement(value: (lower.value + upper.value) * Rational(1, 2)!, unit: lower.unit)
        }
    }

    /// The canonical value of one measurement.
    func value(_ measurement: Measurement) throws(AnswerProblem) -> CanonicalValue {
        let quantity = try measurement.quantity(rules.policy)
        guard rules.policy.isApproximate else {
            return CanonicalValue(.quantity, quantity.text, payload: .quantity(quantity.approximation))
        }
        let step = try Quantity(
            1,
            in: UnitMeaning(
                scale: measurement.unit.scale, piPower: measurement.unit.piPower, dimension: measurement.unit.dimension),
            policy: rules.policy)
        return CanonicalValue(
            .quantity, quantity.text,
            payload: .elements([
                CanonicalValue(number: quantity.approximation), CanonicalValue(number: step.approximation),
                CanonicalValue(number: measurement.unit.offset),
            ]))
    }

    /// A blood pressure such as `120/80 mmHg`: two pressures and not a fraction.
    private func bloodPressure(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> CanonicalValue? {
        var index = 0
        func integer() -> Int? {
            let start = index
            var value = 0
            while index < bytes.count, index - start < 3, (0x30...0x39).contains(bytes[index]) {
                value = value * 10 + Int(bytes[index] - 0x30)
                index += 1
            }
            return index - start >= 2 ? value : nil
        }
        guard let systolic = integer(), let separator = Self.pressureSeparators.first(where: bytes[index...].starts)
        else { return nil }
        index += separator.count
        guard let diastolic = integer(), systolic > diastolic else { return nil }
        let amount = QuantityScanner.Amount(value: 0, unit: nil, isSigned: false, isScaled: false)
        let scanner = QuantityScanner(bytes, rules: rules)
        guard let unit = try? scanner.unit(index..<bytes.count, after: amount, &work), unit == Self.mercury else {
            return nil
        }
        work.apply("blood pressure as a pair")
        let elements = [
            try value(Measurement(value: Rational(systolic), unit: unit)),
            try value(Measurement(value: Rational(diastolic), unit: unit)),
        ]
        return CanonicalValue(.tuple, "(\(elements[0].text), \(elements[1].text))", payload: .elements(elements))
    }

    private static let pressureSeparators = ["/", " / ", " over "].map { Array($0.utf8) }

    private static let mercury: UnitMeaning? = {
        var work = Work()
        return try? UnitReader.read(Array("mmHg".utf8), 0..<4, work: &work)
    }()

    func compare(
        gold: CanonicalValue, prediction: CanonicalValue, work: inout Work
    ) throws(AnswerProblem) -> Comparison {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        guard rules.policy.isApproximate, gold.kind == prediction.kind, case .elements(let left) = gold.payload,
            case .elements(let right) = prediction.payload
        else { return Comparison(isEqual: false, guarantee: .exact) }
        if gold.kind == .tuple {
            guard left.count == right.count else { return Comparison(isEqual: false, guarantee: .exact) }
            for (one, other) in zip(left, right) {
                let comparison = try compare(gold: one, prediction: other, work: &work)
                if !comparison.isEqual { return comparison }
            }
            return Comparison(isEqual: true, guarantee: .tolerance)
        }
        guard Self.dimension(of: gold) == Self.dimension(of: prediction), left.count == 3, right.count == 3,
            case .number(let goldMagnitude) = left[0].payload, case .number(let scale) = left[1].payload,
            case .number(let offset) = left[2].payload, case .number(let magnitude) = right[0].payload
        else { return Comparison(isEqual: false, guarantee: .exact) }
        try work.spend((goldMagnitude.bitWidth + magnitude.bitWidth) / 16 + 1)
        guard let written = (goldMagnitude - offset) / scale, let other = (magnitude - offset) / scale else {
            return Comparison(isEqual: false, guarantee: .exact)
        }
        return Comparison(isEqual: isClose(other, to: written), guarantee: .tolerance)
    }

    /// Within the policy's bounds of the gold, both in the gold's unit.
    private func isClose(_ value: Rational, to gold: Rational) -> Bool {
        let difference = (value - gold).magnitude
        if let tolerance = rules.policy.number.tolerance, difference <= tolerance { return true }
        if let tolerance = rules.policy.number.relativeTolerance, difference <= tolerance * gold.magnitude {
            return true
        }
        switch rules.policy.number.rounding {
        case .significantFigures(let figures):
            guard !gold.isZero else { return false }
            return difference <= DecimalPlaces.halfUnit(of: gold, significantFigures: figures)
        case .decimals(let places): return difference <= Rational(1, 2)! * .powerOfTen(-places)
        case nil: return false
        }
    }

    /// The part of a canonical text after its magnitude.
    private static func dimension(of value: CanonicalValue) -> Substring {
        value.text.utf8.firstIndex(of: 0x20).map { value.text[$0...] } ?? value.text[...]
    }
}

/// Decimal places of exact numbers.
enum DecimalPlaces {
    /// Half a unit of the last of so many significant figures of a number other than zero.
    static func halfUnit(of value: Rational, significantFigures figures: Int) -> Rational {
        Rational(1, 2)! * .powerOfTen(leadingPlace(of: value) - figures + 1)
    }

    /// The exponent of ten of the first significant digit: 2 for 345, −1 for 0.16.
    static func leadingPlace(of value: Rational) -> Int {
        let magnitude = value.magnitude
        // log10(2) is about 1233/4096; the estimate is off by one at most and then corrected.
        var place = (magnitude.numerator.bitWidth - magnitude.denominator.bitWidth) * 1233 / 4096
        while magnitude < .powerOfTen(place) { place -= 1 }
        while magnitude >= .powerOfTen(place + 1) { place += 1 }
        return place
    }
}
