import Primitives
import Tokenizers

/// Makes what a tool answered fit to be read: bounded in tokens, and marked where others wrote it.
///
/// The text of others may try to give orders or to look like the end of its own mark; within the mark, every mark is
/// broken. Control tokens of the chat format need no care here: renderers encode messages as plain text.
struct ObservationText {
    /// Ends an observation that was cut.
    static let cutMark = "\n[truncated]"

    let tokenizer: Tokenizer
    let maximumTokens: Int

    func text(_ content: String, of tool: String, isTrusted: Bool) -> String {
        guard !isTrusted else { return cut(content, to: maximumTokens) }
        let opening = "<untrusted source=\"\(tool)\">\n"
        let closing = "\n</untrusted>"
        let room = maximumTokens - count(opening) - count(closing)
        return opening + cut(Self.withoutMarks(content), to: max(0, room)) + closing
    }

    /// The text with every opening or closing of the mark broken by a space after its bracket.
    static func withoutMarks(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) else { return text }
        var broken: [UInt8] = []
        let bytes = Array(text.utf8)
        broken.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            broken.append(byte)
            if byte == UInt8(ascii: "<"), beginsMark(bytes[(index + 1)...]) { broken.append(UInt8(ascii: " ")) }
        }
        return String(decoding: broken, as: UTF8.self)
    }

    private static let word = Array("untrusted".utf8)

    private static func beginsMark(_ rest: ArraySlice<UInt8>) -> Bool {
        let rest = rest.first == UInt8(ascii: "/") ? rest.dropFirst() : rest
        return rest.count >= word.count && zip(rest, word).allSatisfy { $0 | 0x20 == $1 }
    }

    private func count(_ text: String) -> Int { tokenizer.encodePlainText(text).count }

    /// The text, or its longest found beginning of whole characters that encodes with a mark to at most the bound.
    private func cut(_ text: String, to bound: Int) -> String {
        guard bound > 0 else { return "" }
        // Of a huge text only as much is encoded as shows that it is too long.
        var length = max(4096, bound * 16)
        while true {
            let isWhole = text.utf8.count <= length
            let beginning = isWhole ? text : String(Self.prefix(of: text, bytes: length))
            let tokens = tokenizer.encodePlainText(beginning)
            if tokens.count > bound { return shortened(text, tokens: tokens, to: bound) }
            if isWhole { return text }
            length *= 4
        }
    }

    private func shortened(_ text: String, tokens: [TokenID], to bound: Int) -> String {
        let mark = count(Self.cutMark) < bound ? Self.cutMark : ""
        var kept = mark.isEmpty ? bound : bound - count(mark)
        while kept > 0 {
            var beginning = tokenizer.decode(Array(tokens.prefix(kept)))
            while beginning.last == "\u{FFFD}", !text.hasPrefix(beginning) { beginning.removeLast() }
            if count(beginning + mark) <= bound { return beginning + mark }
            kept -= 1
        }
        return ""
    }

    private static func prefix(of text: String, bytes: Int) -> Substring {
        let end = text.utf8.index(text.utf8.startIndex, offsetBy: bytes, limitedBy: text.utf8.endIndex)
        guard let end else { return text[...] }
        // The boundary of the character that the offset falls into.
        return text[..<text.index(before: text.index(after: end))]
    }
}
