/// Prepares the text of a quantity or range: takes off the dollar signs of LaTeX's mathematics and spells the commands
/// that stand in numbers as characters. Units keep their commands; ``UnitText`` reads them.
enum QuantityText {
    static func plain(_ text: AnswerText, _ work: inout Work) throws(AnswerProblem) -> [UInt8] {
        try work.spend(text.bytes.count)
        let text = text.withoutEmphasis(&work)
        var bytes = text.bytes[...]
        let isMathematics =
            bytes.count > 2 && bytes.first == UInt8(ascii: "$") && bytes.last == UInt8(ascii: "$")
            && !bytes.dropFirst().dropLast().contains(UInt8(ascii: "$"))
        if isMathematics {
            bytes = bytes.dropFirst().dropLast()
            work.apply("LaTeX notation")
        }
        var isMarked = false
        for byte in bytes where byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&") { isMarked = true }
        guard isMarked else {
            return isMathematics ? AnswerText(bytes).bytes : text.bytes
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let rest = bytes[index...]
            if let (command, replacement) = commands.first(where: { isCommand($0.command, at: rest) }) {
                plain += replacement
                index += command.count
                work.apply("LaTeX notation")
            } else if bytes[index] == UInt8(ascii: "&"), plain.last == 0x20, index + 1 < bytes.endIndex,
                bytes[index + 1] == 0x20
            {
                plain += "and".utf8
                index += 1
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return AnswerText(plain[...]).bytes
    }

    private static let commands: [(command: [UInt8], replacement: [UInt8])] = [
        ("\\times", "×"), ("\\cdot", "·"), ("\\pm", "±"), ("{,}", ","), ("\\,", "\u{2009}"), ("\\;", " "), ("\\!", ""),
        ("\\ ", " "), ("\\left", ""), ("\\right", ""), ("\\&", "&"), ("\\infty", "∞"), ("\\pounds", "£"),
        ("\\euro", "€"), ("\\$", "$"), ("\\leq", "≤"), ("\\geq", "≥"),
    ].map { (command: Array($0.0.utf8), replacement: Array($0.1.utf8)) }

    /// A command stands here and no letter continues it.
    private static func isCommand(_ command: [UInt8], at rest: ArraySlice<UInt8>) -> Bool {
        guard rest.first == command[0], rest.starts(with: command) else { return false }
        let end = rest.startIndex + command.count
        guard UnitText.isLetter(command[command.count - 1]), end < rest.endIndex else { return true }
        return !UnitText.isLetter(rest[end])
    }
}
