/// Reads dates and times. The canonical text is ISO 8601 in the extended format; its length is its precision.
struct DateReader: AnswerReader {
    let policy: DatePolicy
    /// Whether a time of day belongs to the type. Where it does not, midnight stands for the day.
    let hasTime: Bool

    init(policy: DatePolicy = DatePolicy(), hasTime: Bool = false) {
        self.policy = policy
        self.hasTime = hasTime
    }

    private static let maximumLength = 96

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected a date, found an empty text") }
        guard text.bytes.count <= Self.maximumLength else {
            throw .malformed("expected a date, found \(text.bytes.count) bytes")
        }
        try work.spend(text.bytes.count)
        let text = text.withoutEmphasis(&work)
        let bytes = text.isASCII ? text.bytes : Self.plain(text.bytes)
        var value = try value(bytes)
        if policy.timeZone == .ignore, value.time?.offset != nil {
            value.time?.offset = nil
            work.apply("time zone left out")
        }
        value.normalise()
        if policy.firstInstant, case .day? = value.day {
        } else if policy.firstInstant {
            value.takeFirstInstant()
            work.apply("first day of the span")
        }
        cutFraction(&value, work: &work)
        if !hasTime, let time = value.time, value.day != nil, time == DateValue.Time(hour: 0) {
            value.time = nil
            work.apply("midnight as the day")
        }
        let canonical = value.text
        if !canonical.utf8.elementsEqual(text.bytes) { work.apply("ISO 8601 form") }
        return CanonicalValue(.date, canonical)
    }

    private func value(_ bytes: [UInt8]) throws(AnswerProblem) -> DateValue {
        let isAlone = policy.formats == .iso8601
        if let value = ISODateScanner.read(bytes, isAlone: isAlone) { return value }
        guard !isAlone else { throw .malformed("expected a date in ISO 8601", offset: 0) }
        var scanner = WrittenDateScanner(bytes, policy: policy)
        return try scanner.read()
    }

    private func cutFraction(_ value: inout DateValue, work: inout Work) {
        guard let digits = policy.fractionDigits, let fraction = value.time?.fraction, fraction > 0 else { return }
        var unit = 1
        for _ in digits..<DateValue.fractionDigits { unit *= 10 }
        guard fraction % unit != 0 else { return }
        value.time?.fraction = fraction - fraction % unit
        work.apply("fraction of a second cut")
    }

    func compare(gold: CanonicalValue, prediction: CanonicalValue, work: inout Work) throws(AnswerProblem)
        -> Comparison
    {
        if gold == prediction { return Comparison(isEqual: true, guarantee: .exact) }
        let isLess = policy.lessPrecise && Self.isCoarser(prediction.text, than: gold.text)
        let isMore = policy.morePrecise && Self.isCoarser(gold.text, than: prediction.text)
        if isLess { work.apply("less precise date") }
        if isMore { work.apply("more precise date") }
        return Comparison(isEqual: isLess || isMore, guarantee: .exact)
    }

    /// Whether a date is another one without its last parts.
    private static func isCoarser(_ date: String, than other: String) -> Bool {
        let (short, long) = (date.utf8, other.utf8)
        guard short.count >= 4, short.count < long.count, long.starts(with: short) else { return false }
        let next = long[long.index(long.startIndex, offsetBy: short.count)]
        return next == UInt8(ascii: "-") || next == UInt8(ascii: "T")
    }

    /// Typographic dashes, apostrophes and spaces as ASCII.
    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: "–".utf8) || rest.starts(with: "‐".utf8) || rest.starts(with: "−".utf8)
                || rest.starts(with: "‑".utf8)
            {
                plain.append(UInt8(ascii: "-"))
                index += 3
            } else if rest.starts(with: "’".utf8) || rest.starts(with: "‘".utf8) {
                plain.append(UInt8(ascii: "'"))
                index += 3
            } else if rest.starts(with: "\u{202F}".utf8) {
                plain.append(0x20)
                index += 3
            } else if rest.starts(with: "\u{A0}".utf8) {
                plain.append(0x20)
                index += 2
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return plain
    }
}
