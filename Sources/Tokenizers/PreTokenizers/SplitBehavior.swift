/// What becomes of the matches of a split pattern.
enum SplitBehavior: String, Sendable, CaseIterable {
    /// They are left out.
    case removed = "Removed"
    /// Each is a piece.
    case isolated = "Isolated"
    /// Each joins the piece before it, unless that is a match too.
    case mergedWithPrevious = "MergedWithPrevious"
    /// Each joins the piece after it, unless that is a match too.
    case mergedWithNext = "MergedWithNext"
    /// Neighbouring matches are one piece.
    case contiguous = "Contiguous"

    /// The pieces of a text of `count` bytes.
    ///
    /// - Parameter isInverted: whether what lies between the matches counts as matched, and the matches do not.
    func pieces(count: Int, matches: [Range<Int>], isInverted: Bool) -> [Range<Int>] {
        let parts = Self.parts(count: count, matches: matches, isInverted: isInverted)
        switch self {
        case .removed: return parts.filter { !$0.isMatch }.map(\.range)
        case .isolated: return parts.map(\.range)
        case .mergedWithPrevious: return Self.merged(parts) { $1 && !$0 }
        case .contiguous: return Self.merged(parts) { $0 == $1 }
        case .mergedWithNext: return Self.merged(parts.reversed()) { $1 && !$0 }.reversed()
        }
    }

    private typealias Part = (range: Range<Int>, isMatch: Bool)

    private static func parts(count: Int, matches: [Range<Int>], isInverted: Bool) -> [Part] {
        var parts: [Part] = []
        var position = 0
        for match in matches {
            if position < match.lowerBound { parts.append((position..<match.lowerBound, isInverted)) }
            parts.append((match, !isInverted))
            position = match.upperBound
        }
        if position < count { parts.append((position..<count, isInverted)) }
        return parts
    }

    /// - Parameter isJoined: whether a part joins the piece of the part before it; both say whether they are matches.
    private static func merged(_ parts: [Part], isJoined: (Bool, Bool) -> Bool) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var previous = false
        for part in parts {
            if let last = pieces.last, isJoined(previous, part.isMatch) {
                pieces[pieces.count - 1] =
                    min(last.lowerBound, part.range.lowerBound)..<max(last.upperBound, part.range.upperBound)
            } else {
                pieces.append(part.range)
            }
            previous = part.isMatch
        }
        return pieces
    }
}
