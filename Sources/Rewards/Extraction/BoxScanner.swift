/// Finds `\boxed{…}` and `\fbox{…}` in one pass: braces are matched with a stack, so that a megabyte of openings costs
/// as much as a megabyte of anything else.
struct BoxScanner {
    struct Box: Sendable, Hashable {
        /// From the backslash (the first of two in a text with doubled backslashes) to behind the closing brace.
        var range: Range<Int>
        var content: Range<Int>
        /// Whether the closing brace is there; if not, the content goes on to the end of the text.
        var isClosed: Bool
    }

    private struct Opening {
        /// Position of the command, or -1 for any other brace.
        var command: Int
        var content: Int
    }

    private static let boxed = Array("boxed".utf8)
    private static let fbox = Array("fbox".utf8)

    /// The outermost boxes in order. A box that is never closed counts only where no other opens behind it.
    static func boxes(
        in bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> [Box] {
        try work.spend(range.count / 8 + 1)
        var boxes: [Box] = []
        var stack: [Opening] = []
        var lastCommand = -1
        let end = range.upperBound
        var position = range.lowerBound
        var areBackslashesDoubled = false
        while position < end {
            let byte = bytes[position]
            if byte != 0x5C, stack.isEmpty {
                position += 1
                continue
            }
            switch byte {
            case 0x5C:
                if let content = token(in: bytes, at: position + 1, end: end) {
                    lastCommand = position
                    boxes.append(Box(range: position..<content.upperBound, content: content, isClosed: true))
                    position = content.upperBound
                } else if let brace = command(in: bytes, at: position + 1, end: end) {
                    let isDoubled = position > range.lowerBound && bytes[position - 1] == 0x5C
                    if isDoubled { areBackslashesDoubled = true }
                    let start = isDoubled ? position - 1 : position
                    lastCommand = start
                    stack.append(Opening(command: start, content: brace + 1))
                    position = brace + 1
                } else if position + 1 < end, bytes[position + 1] == 0x5C,
                    command(in: bytes, at: position + 2, end: end) == nil
                {
                    let brace = areBackslashesDoubled && position + 2 < end ? bytes[position + 2] : 0
                    position += brace == 0x7B || brace == 0x7D ? 3 : 2
                } else if position + 1 < end, bytes[position + 1] == 0x7B || bytes[position + 1] == 0x7D {
                    position += 2
                } else {
                    position += 1
                }
            case 0x7B:
                stack.append(Opening(command: -1, content: position + 1))
                position += 1
            case 0x7D:
                if let opening = stack.popLast(), opening.command >= 0 {
                    while let last = boxes.last, last.range.lowerBound > opening.command { boxes.removeLast() }
                    boxes.append(
                        Box(range: opening.command..<position + 1, content: opening.content..<position, isClosed: true))
                }
                position += 1
            default: position += 1
            }
        }
        try work.spend(boxes.count + stack.count)
        if let open = stack.last(where: { $0.command >= 0 }), open.command == lastCommand {
            boxes.append(Box(range: open.command..<end, content: open.content..<end, isClosed: false))
        }
        return boxes
    }

    /// What follows a command without braces, as in `\boxed 7`, as far as letters, digits and minus signs go.
    private static func token(in bytes: [UInt8], at position: Int, end: Int) -> Range<Int>? {
        guard position < end, bytes[position] == 0x62, ByteScan.matches(boxed, in: bytes, at: position, end: end)
        else { return nil }
        let start = position + boxed.count + 1
        guard start < end, bytes[start - 1] == 0x20 else { return nil }
        var stop = start
        while stop < end, ByteScan.isLetter(bytes[stop]) || ByteScan.isDigit(bytes[stop]) || bytes[stop] == 0x2D {
            stop += 1
        }
        return stop > start ? start..<stop : nil
    }

    /// The position of the opening brace of a box command whose name begins at `position`.
    private static func command(in bytes: [UInt8], at position: Int, end: Int) -> Int? {
        var brace = position
        if ByteScan.matches(boxed, in: bytes, at: position, end: end) {
            brace += boxed.count
        } else if ByteScan.matches(fbox, in: bytes, at: position, end: end) {
            brace += fbox.count
        } else {
            return nil
        }
        // A space or two may stand before the brace; more than that is another thing.
        for _ in 0..<2 where brace < end && bytes[brace] == 0x20 { brace += 1 }
        return brace < end && bytes[brace] == 0x7B ? brace : nil
    }
}
