/// Refuses a formula that is copied from the question where the question asks for its value: `\frac{12}{18}` is no
/// answer to "Simplify \frac{12}{18}".
enum EchoRule {
    /// Only formulas with an operator are judged; a name or a number of the question may well be its answer.
    static func isEcho(_ answer: AnswerText, of question: String, gold: Gold) -> Bool {
        guard gold.type == .latex else { return false }
        let formula = compact(answer.bytes)
        guard formula.contains(where: isOperator), formula != compact(Array(gold.value.utf8)) else { return false }
        return contains(compact(Array(question.utf8)), formula)
    }

    private static func compact(_ bytes: [UInt8]) -> [UInt8] { bytes.filter { $0 > 0x20 && $0 != UInt8(ascii: "$") } }

    private static func isOperator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "^"), UInt8(ascii: "\\"): true
        default: false
        }
    }

    /// Knuth, Morris and Pratt: linear in both.
    private static func contains(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        guard !pattern.isEmpty, pattern.count <= text.count else { return false }
        var failure = [Int](repeating: 0, count: pattern.count)
        var matched = 0
        for position in 1..<pattern.count {
            while matched > 0, pattern[position] != pattern[matched] { matched = failure[matched - 1] }
            if pattern[position] == pattern[matched] { matched += 1 }
            failure[position] = matched
        }
        matched = 0
        for byte in text {
            while matched > 0, byte != pattern[matched] { matched = failure[matched - 1] }
            if byte == pattern[matched] { matched += 1 }
            if matched == pattern.count { return true }
        }
        return false
    }
}
