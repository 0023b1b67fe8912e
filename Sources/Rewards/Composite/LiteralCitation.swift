/// Rewards an answer for quoting its evidence: each `<cite>…</cite>` of the final text must stand, word for word, in what
/// the tools answered in the same episode. A quotation that was made up counts against the others.
enum LiteralCitation {
    /// The shortest quotation that counts, in bytes, so that a single letter proves nothing.
    private static let minimumLength = 8

    /// The share of quotations that are found, from 0 to 1; 0 where nothing is quoted.
    static func value(text: String, evidence: [String]) -> Double {
        let quotations = quotations(in: Array(text.utf8))
        guard !quotations.isEmpty else { return 0 }
        let sources = evidence.map { folded(Array($0.utf8)[...]) }
        let found = quotations.count { quotation in
            quotation.utf8.count >= minimumLength && sources.contains { $0.contains(quotation) }
        }
        return Double(found) / Double(quotations.count)
    }

    private static let opening = Array("<cite>".utf8)
    private static let closing = Array("</cite>".utf8)

    /// What stands between the tags, in one pass; an opening tag without its end is no quotation.
    private static func quotations(in bytes: [UInt8]) -> [String] {
        var quotations: [String] = []
        var start: Int?
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "<") {
                if start == nil, bytes[position...].starts(with: opening) {
                    position += opening.count
                    start = position
                    continue
                }
                if let begin = start, bytes[position...].starts(with: closing) {
                    quotations.append(folded(bytes[begin..<position]))
                    start = nil
                    position += closing.count
                    continue
                }
            }
            position += 1
        }
        return quotations
    }

    /// Lower case with single spaces.
    private static func folded(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
