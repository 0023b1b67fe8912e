/// Reads answers of type ``AnswerType/range``: two ends, or one, each open or closed, as exact quantities in base units.
/// `5–10 mg` is `[5 mg, 10 mg]`; `>5` and `≥5` differ.
struct RangeReader: AnswerReader {
    private let rules: QuantityRules

    init(policy: QuantityPolicy) { rules = QuantityRules(policy) }

    init(rules: QuantityRules) { self.rules = rules }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected a range, found nothing") }
        switch try range(try QuantityText.plain(text, &work), &work) {
        case .between(let lower, let upper, let isLowerOpen, let isUpperOpen):
            let (low, high) = (try lower.quantity(rules.policy), try upper.quantity(rules.policy))
            try check(lower, side)
            guard low.dimension == high.dimension else {
                throw .malformed("expected both ends of a range in units of one kind")
            }
            let isReversed = Quantity.isLess(high, low)
            guard !isReversed, low.magnitude != high.magnitude || !(isLowerOpen || isUpperOpen) else {
                throw .malformed("expected a range whose lower end comes first, found it second")
            }
            return try value((lower, isLowerOpen), (upper, isUpperOpen))
        case .above(let lower, let isOpen):
            try check(lower, side)
            return try value((lower, isOpen), nil)
        case .below(let upper, let isOpen):
            try check(upper, side)
            return try value(nil, (upper, isOpen))
        }
    }

    /// The range that a text states, perhaps of ages.
    private func range(_ bytes: [UInt8], _ work: inout Work) throws(AnswerProblem) -> RangeScanner.Range {
        var scanner = RangeScanner(bytes, rules: rules)
        do {
            return try scanner.range(&work)
        } catch {
            guard case .malformed = error, let plain = AgeWords.removed(from: bytes) else { throw error }
            var scanner = RangeScanner(plain, rules: rules)
            let range = try scanner.range(&work)
            let end =
                switch range {
                case .between(_, let end, _, _), .above(let end, _), .below(let end, _): end
                }
            guard end.unit.dimension == QuantityReader.time else { throw error }
            work.apply("age")
            return range
        }
    }

    private func check(_ measurement: Measurement, _ side: AnswerSide) throws(AnswerProblem) {
        if rules.policy.requiresUnit, side == .prediction, measurement.unit == .one {
            throw .malformed("expected a unit, found numbers alone")
        }
    }

    /// `[1/200, 1/100) m-3.g`.
    private func value(
        _ lower: (Measurement, isOpen: Bool)?, _ upper: (Measurement, isOpen: Bool)?
    ) throws(AnswerProblem) -> CanonicalValue {
        let reader = QuantityReader(rules: rules)
        let from = try lower.map { (end) throws(AnswerProblem) in try end.0.quantity(rules.policy) }
        let to = try upper.map { (end) throws(AnswerProblem) in try end.0.quantity(rules.policy) }
        let open = lower?.isOpen ?? true ? "(" : "["
        let close = upper?.isOpen ?? true ? ")" : "]"
        let dimension = (from ?? to)?.dimension.description ?? "1"
        let text =
            open + (from?.magnitudeText ?? "-∞") + ", " + (to?.magnitudeText ?? "∞") + close + " " + dimension
        guard rules.policy.isApproximate else { return CanonicalValue(.range, text) }
        var elements = [CanonicalValue(.text, (from == nil ? "-∞" : open) + (to == nil ? "∞" : close))]
        if let lower { elements.append(try reader.value(lower.0)) }
        if let upper { elements.append(try reader.value(upper.0)) }
        return CanonicalValue(.range, text, payload: .elements(elements))
    }

    func compare(
        gold: CanonicalValue, prediction: CanonicalValue, work: inout Work
    ) throws(AnswerProblem) -> Comparison {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        guard rules.policy.isApproximate, case .elements(let left) = gold.payload,
            case .elements(let right) = prediction.payload, left.count == right.count, left.first == right.first
        else { return Comparison(isEqual: false, guarantee: .exact) }
        let reader = QuantityReader(rules: rules)
        for (end, other) in zip(left.dropFirst(), right.dropFirst()) {
            let comparison = try reader.compare(gold: end, prediction: other, work: &work)
            guard comparison.isEqual else { return comparison }
        }
        return Comparison(isEqual: true, guarantee: .tolerance)
    }
}
