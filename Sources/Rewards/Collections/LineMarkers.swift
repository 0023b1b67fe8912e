/// Bullets and numbers in front of lines.
enum LineMarkers {
    private enum Marker: Equatable {
        case bullet
        case number(Int)
    }

    /// The lines without their markers where each has one of the same kind, and numbers count from 1; else the lines as
    /// they are, because `-5` is a number and `1. FC Köln` a name.
    static func removed(from lines: [Range<Int>], in bytes: [UInt8]) -> [Range<Int>] {
        var rests: [Range<Int>] = []
        rests.reserveCapacity(lines.count)
        var first: Marker?
        for (index, line) in lines.enumerated() {
            guard let (marker, rest) = marker(of: line, in: bytes) else { return lines }
            if index == 0 { first = marker }
            switch (first, marker) {
            case (.bullet, .bullet): break
            case (.number(1), .number(let number)) where number == index + 1: break
            default: return lines
            }
            rests.append(rest)
        }
        return rests
    }

    /// The items of an enumeration within a line, `1) fever, 2) cough and 3) rash`, without the markers and what joins
    /// them; `nil` where the text does not begin with a first and hold a second.
    static func enumerated(_ range: Range<Int>, in bytes: [UInt8]) -> [Range<Int>]? {
        guard !range.isEmpty,
            bytes[range.lowerBound] == UInt8(ascii: "1") || bytes[range.lowerBound] == UInt8(ascii: "("),
            case (.number(1), let first)? = marker(of: range, in: bytes)
        else { return nil }
        var items: [Range<Int>] = []
        var start = first.lowerBound
        var index = start
        while index < range.upperBound {
            if index > start, AnswerText.isSpace(bytes[index - 1]), mayBegin(bytes[index]),
                case (.number(items.count + 2), let rest)? = marker(of: index..<range.upperBound, in: bytes)
            {
                items.append(withoutJoint(start..<index, in: bytes))
                (start, index) = (rest.lowerBound, rest.lowerBound)
            } else {
                index += 1
            }
        }
        guard !items.isEmpty else { return nil }
        return items + [ASCII.trim(start..<range.upperBound, in: bytes)]
    }

    private static func mayBegin(_ byte: UInt8) -> Bool { ASCII.isDigit(byte) || byte == UInt8(ascii: "(") }

    /// Without the comma, semicolon or `and` before the next item.
    private static func withoutJoint(_ item: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        var item = ASCII.trim(item, in: bytes)
        if item.count > 4, ASCII.matches(" and", in: bytes, at: item.upperBound - 4) {
            item = ASCII.trim(item.lowerBound..<(item.upperBound - 4), in: bytes)
        } else if item.count > 4, ASCII.matches(",and", in: bytes, at: item.upperBound - 4) {
            item = item.lowerBound..<(item.upperBound - 3)
        }
        if let last = bytes[item].last, last == UInt8(ascii: ",") || last == UInt8(ascii: ";") {
            item = ASCII.trim(item.lowerBound..<(item.upperBound - 1), in: bytes)
        }
        return item
    }

    private static func marker(of line: Range<Int>, in bytes: [UInt8]) -> (Marker, Range<Int>)? {
        var index = line.lowerBound
        switch bytes[index] {
        case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
            return afterSpace(index + 1, line, bytes).map { (.bullet, $0) }
        case 0xE2 where line.count > 3 && bytes[index + 1] == 0x80 && bytes[index + 2] == 0xA2:
            return (.bullet, ASCII.trim((index + 3)..<line.upperBound, in: bytes))
        default: break
        }
        let isBracketed = bytes[index] == UInt8(ascii: "(")
        if isBracketed { index += 1 }
        var number = 0
        let start = index
        while index < line.upperBound, index - start < 4, ASCII.isDigit(bytes[index]) {
            number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            index += 1
        }
        guard index > start, index < line.upperBound else { return nil }
        let isClosed = bytes[index] == UInt8(ascii: ")") || !isBracketed && bytes[index] == UInt8(ascii: ".")
        guard isClosed else { return nil }
        return afterSpace(index + 1, line, bytes).map { (.number(number), $0) }
    }

    private static func afterSpace(_ index: Int, _ line: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        guard index < line.upperBound, AnswerText.isSpace(bytes[index]) else { return nil }
        return ASCII.trim(index..<line.upperBound, in: bytes)
    }
}
