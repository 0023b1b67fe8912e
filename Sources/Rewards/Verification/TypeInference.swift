/// Tells the type of a gold that declares none. It is asked once, when the gold is loaded, and its answer is recorded
/// with every verdict; the types of predictions are never guessed.
public enum TypeInference {
    /// The first type, from the most to the least specific, under which the gold has a canonical value.
    public static func type(of gold: String) -> AnswerType {
        var work = Work()
        guard let text = try? TextHygiene.clean(Array(gold.utf8)[...], work: &work), !text.isEmpty else { return .text }
        if isReadable(text, as: .boolean) { return .boolean }
        if isSingleOption(text) { return .choice }
        if isPair(text) { return .text }
        if text.bytes.first != UInt8(ascii: "$") {
            if isReadable(text, as: .integer) { return .integer }
            if hasPercentSign(text), isReadable(text, as: .percent) { return .percent }
            if isReadable(text, as: .number), text.bytes.contains(where: isDigit) { return .number }
        }
        if holdsPowerOfTen(text) {
            if isReadable(text, as: .quantity) { return .quantity }
            if isReadable(text, as: .range) { return .range }
        }
        if isMathematical(text), isReadable(text, as: .latex) { return .latex }
        if text.bytes.first == UInt8(ascii: "{"), isReadable(text, as: .json) { return .json }
        if text.bytes.starts(with: "[\"".utf8), isReadable(text, as: .json) { return .list }
        if text.bytes.contains(where: isDigit), !isDecadeOrParticle(text) {
            if isReadable(text, as: .identifier) { return .identifier }
            if isReadable(text, as: .variant) { return .variant }
            if namesUnitInFull(text), isReadable(text, as: .duration) { return .duration }
            if hasDay(text, as: .date) { return .date }
            if hasDay(text, as: .datetime) { return .datetime }
            if isReadable(text, as: .quantity) { return .quantity }
            if isReadable(text, as: .range) { return .range }
            if isReadable(text, as: .duration) { return .duration }
        }
        return .text
    }

    private static func isReadable(_ text: AnswerText, as type: AnswerType) -> Bool { value(of: text, as: type) != nil }

    private static func value(of text: AnswerText, as type: AnswerType) -> CanonicalValue? {
        var fields = PolicyFields()
        var work = Work()
        guard let reader = try? AnswerReaders.reader(for: type, gold: text.string, fields: &fields) else {
            return nil
        }
        return try? reader.read(text, side: .gold, work: &work)
    }

    /// Whether the text is a date and not a time of day alone: `15 minutes` is a duration.
    private static func hasDay(_ text: AnswerText, as type: AnswerType) -> Bool {
        value(of: text, as: type).map { $0.text.utf8.first != UInt8(ascii: "T") } ?? false
    }

    /// `1990s` is a decade and `30S` a particle; neither is a number of seconds or siemens.
    private static func isDecadeOrParticle(_ text: AnswerText) -> Bool {
        guard let last = text.bytes.last, last | 0x20 == UInt8(ascii: "s"), text.bytes.count > 1 else { return false }
        return text.bytes.dropLast().allSatisfy(isDigit)
    }

    /// Three letters in a row: `days`, `min`; one letter alone may be another unit, as `W` is.
    private static func namesUnitInFull(_ text: AnswerText) -> Bool {
        var letters = 0
        for byte in text.bytes {
            letters = (0x61...0x7A).contains(byte | 0x20) ? letters + 1 : 0
            if letters == 3 { return true }
        }
        return false
    }

    /// `10^9`, as in cell counts.
    private static func holdsPowerOfTen(_ text: AnswerText) -> Bool {
        text.bytes.indices.contains { text.bytes[$0...].starts(with: "10^".utf8) }
            && !text.bytes.contains(UInt8(ascii: "\\"))
    }

    /// One capital letter from A to F, bare or in brackets: what multiple-choice data sets write.
    private static func isSingleOption(_ text: AnswerText) -> Bool {
        let letters = text.bytes.filter { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: ")") }
        return letters.count == 1 && (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(letters[0])
    }

    private static func isMathematical(_ text: AnswerText) -> Bool {
        let first = text.bytes[0]
        let isBracketed = first == UInt8(ascii: "$") && text.bytes.last == first
        return isBracketed || text.bytes.contains(UInt8(ascii: "\\")) || text.bytes.contains(UInt8(ascii: "^"))
    }

    private static func hasPercentSign(_ text: AnswerText) -> Bool { text.bytes.contains(UInt8(ascii: "%")) }
    /// `120/80`: two readings of two or three digits, the greater first, and no fraction in lowest terms.
    private static func isPair(_ text: AnswerText) -> Bool {
        let parts = text.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (2...3).contains($0.count) && $0.allSatisfy(isDigit) }) else {
            return false
        }
        let (upper, lower) = (value(parts[0]), value(parts[1]))
        return upper > lower && Rational(upper, lower)?.machineFraction?.denominator != lower
    }

    private static func value(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1) - 0x30 } }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
