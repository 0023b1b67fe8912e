/// Reads an element of a collection that declares no type: a number where the whole element is one, else a text.
struct PlainElementReader: AnswerReader {
    private let number: NumberReader
    private let text: TextReader

    init() throws(RewardError) {
        var fields = PolicyFields()
        number = NumberReader(type: .decimal, policy: try NumberPolicy(&fields, type: .decimal))
        text = TextReader(policy: try TextPolicy(&fields))
    }

    func read(_ element: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        if let first = element.bytes.first, Self.mayBeginNumber(first) {
            do throws(AnswerProblem) {
                return try number.read(element, side: side, work: &work)
            } catch {
                guard case .malformed = error else { throw error }
            }
        }
        return try text.read(element, side: side, work: &work)
    }

    private static func mayBeginNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
    }
}
