/// The rules that count marks in a text.
enum FormatCounts {
    /// A quarter for each tag with its line feeds that occurs exactly once.
    static func tags(_ bytes: [UInt8]) -> FormatVerdict {
        var score = 0.0
        var violation: FormatVerdict.Violation?
        for spelling in ["<think>\n", "\n</think>\n", "\n<answer>\n", "\n</answer>"] {
            let positions = occurrences(of: Array(spelling.utf8), in: bytes)
            if positions.count == 1 {
                score += 0.25
            } else if violation == nil {
                let name = spelling.split(separator: "\n").joined()
                violation = .init(
                    rule: "\(name) stands once on its line", offset: positions.count > 1 ? positions[1] : bytes.count)
            }
        }
        return FormatVerdict(score: score, violation: violation)
    }

    private static func occurrences(of pattern: [UInt8], in bytes: [UInt8]) -> [Int] {
        var positions: [Int] = []
        var position = 0
        while position < bytes.count, positions.count < 2 {
            if bytes[position] == pattern[0], ByteScan.matches(pattern, in: bytes, at: position, end: bytes.count) {
                positions.append(position)
                position += pattern.count
            } else {
                position += 1
            }
        }
        return positions
    }

    private static let words = ["First,", "Second,", "Next,", "Finally,"].map { Array($0.utf8) }
    private static let step = Array("Step ".utf8)

    /// A third for each of `Step 1:`, `1.` at the start of a line, a bullet, `First,`, `Second,`, `Next,`, `Finally,`.
    static func steps(_ bytes: [UInt8]) -> FormatVerdict {
        var count = 0
        let end = bytes.count
        for position in 0..<end where count < 3 {
            let isLineStart = position == 0 || bytes[position - 1] == 0x0A
            switch bytes[position] {
            case 0x46, 0x4E:
                if words.contains(where: { ByteScan.matches($0, in: bytes, at: position, end: end) }) { count += 1 }
            case 0x53:
                let isStep =
                    ByteScan.matches(step, in: bytes, at: position, end: end)
                    && isNumber(bytes, from: position + step.count, before: 0x3A)
                if isStep || ByteScan.matches(words[1], in: bytes, at: position, end: end) { count += 1 }
            case 0x30...0x39: if isLineStart, isNumber(bytes, from: position, before: 0x2E) { count += 1 }
            case 0x2D, 0x2A: if isLineStart, position > 0 { count += 1 }
            default: break
            }
        }
        return count >= 3
            ? .passed
            : .failed("three steps of reasoning are marked", end, score: Double(count) / 3)
    }

    private static func isNumber(_ bytes: [UInt8], from start: Int, before mark: UInt8) -> Bool {
        var position = start
        while position < bytes.count, position - start < 20, ByteScan.isDigit(bytes[position]) { position += 1 }
        return position > start && position < bytes.count && bytes[position] == mark
    }
}
