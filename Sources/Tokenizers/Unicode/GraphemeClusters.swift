/// Extended grapheme clusters (Unicode Standard Annex 29) as Hugging Face `tokenizers` finds them.
///
/// Not left to `Character`, whose tables are of another version.
enum GraphemeClusters {
    /// The end of the cluster that begins at index `start`.
    static func end(in scalars: [UInt32], from start: Int) -> Int {
        var state = ClusterState()
        state.advance(over: scalars[start])
        var index = start + 1
        while index < scalars.count, state.joins(scalars[index], after: scalars[index - 1]) {
            state.advance(over: scalars[index])
            index += 1
        }
        return index
    }

    /// What rules that look further back than one scalar need to know.
    private struct ClusterState {
        private enum Emoji {
            case none
            /// A pictograph, then only scalars that extend it.
            case pictograph
            /// The same, then U+200D.
            case joiner
        }

        private var emoji = Emoji.none
        /// A consonant of an Indic script with scalars that extend it, and whether one of them joins consonants.
        private var isConjunct = false
        private var hasLinker = false
        private var regionalIndicators = 0

        mutating func advance(over scalar: UInt32) {
            let isExtending = Properties.extending.contains(scalar)
            let isJoiner = scalar == Properties.zeroWidthJoiner
            if Properties.pictographs.contains(scalar) {
                emoji = .pictograph
            } else if emoji != .pictograph || !isExtending {
                emoji = emoji == .pictograph && isJoiner ? .joiner : .none
            }
            if Properties.consonants.contains(scalar) {
                (isConjunct, hasLinker) = (true, false)
            } else if Properties.linkers.contains(scalar) {
                hasLinker = true
            } else if scalar == Properties.zeroWidthNonJoiner || !isExtending && !isJoiner {
                isConjunct = false
            }
            regionalIndicators = Properties.regionalIndicators.contains(scalar) ? regionalIndicators + 1 : 0
        }

        /// Whether there is no boundary between two scalars.
        func joins(_ scalar: UInt32, after last: UInt32) -> Bool {
            if last == 0x0D, scalar == 0x0A { return true }
            if Properties.controls.contains(last) || Properties.controls.contains(scalar) { return false }
            if Properties.extending.contains(scalar) || Properties.spacingMarks.contains(scalar)
                || scalar == Properties.zeroWidthJoiner
            {
                return true
            }
            if Properties.prepended.contains(last) { return true }
            if emoji == .joiner, Properties.pictographs.contains(scalar) { return true }
            if isConjunct, hasLinker, Properties.consonants.contains(scalar) { return true }
            if Properties.regionalIndicators.contains(scalar) { return regionalIndicators % 2 == 1 }
            return Jamo(scalar).map { Jamo(last)?.isFollowed(by: $0) ?? false } ?? false
        }
    }

    private enum Properties {
        static let extending = ScalarSet(alternation: GraphemeTables.extending)
        static let spacingMarks = ScalarSet(alternation: GraphemeTables.spacingMarks)
        static let prepended = ScalarSet(alternation: GraphemeTables.prepended)
        static let controls = ScalarSet(alternation: GraphemeTables.controls)
        static let pictographs = ScalarSet(alternation: GraphemeTables.pictographs)
        static let consonants = ScalarSet(alternation: GraphemeTables.consonants)
        static let linkers = ScalarSet(alternation: GraphemeTables.linkers)
        static let zeroWidthNonJoiner: UInt32 = 0x200C
        static let zeroWidthJoiner: UInt32 = 0x200D
        static let regionalIndicators: ClosedRange<UInt32> = 0x1F1E6...0x1F1FF
    }

    /// The parts of Hangul syllables, and whole ones by what they lack.
    private enum Jamo {
        case leading, vowel, trailing, open, closed

        init?(_ scalar: UInt32) {
            switch scalar {
            case 0x1100...0x115F, 0xA960...0xA97C: self = .leading
            case 0x1160...0x11A7, 0xD7B0...0xD7C6: self = .vowel
            case 0x11A8...0x11FF, 0xD7CB...0xD7FB: self = .trailing
            case 0xAC00...0xD7A3: self = (scalar - 0xAC00) % 28 == 0 ? .open : .closed
            default: return nil
            }
        }

        func isFollowed(by next: Jamo) -> Bool {
            switch self {
            case .leading: next != .trailing
            case .vowel, .open: next == .vowel || next == .trailing
            case .trailing, .closed: next == .trailing
            }
        }
    }
}
