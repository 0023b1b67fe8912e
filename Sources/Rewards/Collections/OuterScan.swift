/// The separators of a text that stand outside of its brackets and quotes, found in one pass.
struct OuterScan {
    var commas: [Range<Int>] = []
    var semicolons: [Range<Int>] = []
    var newlines: [Range<Int>] = []
    /// ` and ` and ` & `, from the space before to the space after.
    var conjunctions: [Range<Int>] = []
    /// What a policy's own separator matched.
    var declared: [Range<Int>] = []
    /// The first `:` or `=`, where values begin, of each piece between the separators.
    var assignments: [Int] = []
    /// Where the bracket that opens the range closes; `nil` where none opens it, or it never closes.
    var firstBracketEnd: Int?
    /// The byte of a bracket or quote that is never closed.
    var unclosed: Int?

    /// - Parameters:
    ///   - separator: A separator of the policy's own.
    ///   - hasAssignments: Whether a quoted value may begin after `:` and `=`, as in records.
    init(
        _ bytes: [UInt8], in range: Range<Int>, separator: CollectionSeparator = .automatic,
        hasAssignments: Bool = false,
        depthLimit: Int
    ) throws(AnswerProblem) {
        var index = range.lowerBound
        var openings: [Int] = []
        var mayBeginQuote = true
        var needsAssignment = true
        while index < range.upperBound {
            let byte = bytes[index]
            if mayBeginQuote, QuotedText.isQuote(byte),
                let end = Self.endOfElement(
                    bytes, from: index, before: range.upperBound, hasAssignments: hasAssignments)
            {
                mayBeginQuote = false
                index = end
                continue
            }
            if openings.isEmpty, let end = separator.match(in: bytes, at: index, before: range.upperBound) {
                declared.append(index..<end)
                mayBeginQuote = true
                index = end
                continue
            }
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                openings.append(index)
                if openings.count > depthLimit { throw .overBudget("more than \(depthLimit) nested brackets") }
                mayBeginQuote = true
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                if let opening = openings.popLast(), openings.isEmpty, opening == range.lowerBound,
                    Self.isPair(bytes[opening], byte)
                {
                    firstBracketEnd = index
                }
                mayBeginQuote = false
            case UInt8(ascii: ","), UInt8(ascii: ";"), 0x0A:
                mayBeginQuote = true
                guard openings.isEmpty else { break }
                needsAssignment = true
                switch byte {
                case UInt8(ascii: ","): commas.append(index..<(index + 1))
                case UInt8(ascii: ";"): semicolons.append(index..<(index + 1))
                default: newlines.append(index..<(index + 1))
                }
            case UInt8(ascii: ":"), UInt8(ascii: "="):
                guard hasAssignments else {
                    mayBeginQuote = false
                    break
                }
                mayBeginQuote = true
                if openings.isEmpty, needsAssignment {
                    assignments.append(index)
                    needsAssignment = false
                }
            case 0x20:
                guard openings.isEmpty, let end = Self.conjunction(bytes, at: index, before: range.upperBound) else {
                    break
                }
                conjunctions.append(index..<end)
                mayBeginQuote = true
                index = end - 1
                continue
            default:
                if !AnswerText.isSpace(byte) { mayBeginQuote = false }
            }
            index += 1
        }
        unclosed = openings.first
    }

    private static func isPair(_ opening: UInt8, _ closing: UInt8) -> Bool {
        switch opening {
        case UInt8(ascii: "("): closing == UInt8(ascii: ")")
        case UInt8(ascii: "["): closing == UInt8(ascii: "]")
        default: closing == UInt8(ascii: "}")
        }
    }

    /// The end of a quoted element: its closing quote is followed by what may follow an element. An apostrophe that
    /// begins a word (`'t Hooft`) is no quote.
    private static func endOfElement(
        _ bytes: [UInt8], from start: Int, before limit: Int, hasAssignments: Bool
    ) -> Int? {
        guard let end = QuotedText.end(in: bytes, from: start, before: limit) else { return nil }
        var next = end
        while next < limit, bytes[next] == 0x20 || bytes[next] == 0x09 { next += 1 }
        guard next < limit else { return end }
        switch bytes[next] {
        case UInt8(ascii: ","), UInt8(ascii: ";"), 0x0A, 0x0D, UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"),
            UInt8(ascii: "&"):
            return end
        case UInt8(ascii: ":"), UInt8(ascii: "="): return hasAssignments ? end : nil
        case UInt8(ascii: "a"), UInt8(ascii: "A"): return ASCII.matches("and ", in: bytes, at: next) ? end : nil
        case 0xC3, UInt8(ascii: "*"): return end
        default: return nil
        }
    }

    private static func conjunction(_ bytes: [UInt8], at index: Int, before limit: Int) -> Int? {
        let end =
            ASCII.matches(" and ", in: bytes, at: index)
            ? index + 5 : ASCII.matches(" & ", in: bytes, at: index) ? index + 3 : limit + 1
        return end < limit ? end : nil
    }
}
