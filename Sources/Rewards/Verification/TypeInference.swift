/// Tells the type of a gold that declares none. It is asked once, when the gold is loaded, and its answer is recorded
/// with every verdict; the types of predictions are never guessed.
public enum TypeInference {
    /// The first type, from the most to the least specific, under which the gold has a canonical value.
    public static func type(of gold: String) -> AnswerType {
        var work = Work()
        guard let text = try? TextHygiene.clean(Array(gold.utf8)[...], work: &work), !text.isEmpty else { return .text }
        if isReadable(text, as: .boolean) { return .boolean }
        if isSingleOption(text) { return .choice }
        if isReadable(text, as: .integer) { return .integer }
        if hasPercentSign(text), isReadable(text, as: .percent) { return .percent }
        if isReadable(text, as: .number), text.bytes.contains(where: isDigit) { return .number }
        if isMathematical(text) { return .latex }
        if text.bytes.first == UInt8(ascii: "{"), isReadable(text, as: .json) { return .json }
        if text.bytes.contains(where: isDigit) {
            if isReadable(text, as: .identifier) { return .identifier }
            if isReadable(text, as: .variant) { return .variant }
            if isReadable(text, as: .date) { return .date }
            if isReadable(text, as: .datetime) { return .datetime }
            if isReadable(text, as: .quantity) { return .quantity }
            if isReadable(text, as: .range) { return .range }
            if isReadable(text, as: .duration) { return .duration }
        }
        return .text
    }

    private static func isReadable(_ text: AnswerText, as type: AnswerType) -> Bool {
        var fields = PolicyFields()
        var work = Work()
        guard let reader = try? AnswerReaders.reader(for: type, gold: text.string, fields: &fields) else {
            return false
        }
        return (try? reader.read(text, side: .gold, work: &work)) != nil
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
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
