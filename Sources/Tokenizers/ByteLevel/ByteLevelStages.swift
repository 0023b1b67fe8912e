/// The split stages of a byte-level tokenizer, one after the other, for patterns that no ``PieceScanner`` cuts in one pass.
struct ByteLevelStages: Sendable {
    struct Stage: Sendable {
        var rule: SplitRule
        /// Whether it reads bytes in the ``ByteAlphabet``, because it comes after ByteLevel.
        var isSpelled: Bool
    }

    var stages: [Stage] = []

    /// The scanner in one pass that does the same; `nil` where there is none.
    var pattern: ByteLevelPattern? {
        guard stages.allSatisfy({ !$0.isSpelled && $0.rule.behavior == .isolated && !$0.rule.isInverted }) else {
            return nil
        }
        let regexes = stages.map(\.rule.regex)
        if stages.count == 2, stages[0].rule.isolatesDigits, regexes[1] == ByteLevelSplitting.pattern {
            return .digitsGPT2
        }
        return ByteLevelPattern(
            stages: regexes.compactMap { $0 }.count == regexes.count ? regexes.compactMap { $0 } : [])
    }

    /// The pieces of a text, in order.
    func pieces(of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        var pieces = text.isEmpty ? [] : [0..<text.count]
        for stage in stages {
            var next: [Range<Int>] = []
            next.reserveCapacity(pieces.count)
            for piece in pieces {
                let part = UnsafeBufferPointer(rebasing: text[piece])
                for range in stage.isSpelled ? Self.spelledPieces(of: part, stage.rule) : stage.rule.pieces(of: part) {
                    next.append(piece.lowerBound + range.lowerBound..<piece.lowerBound + range.upperBound)
                }
            }
            pieces = next
        }
        return pieces
    }

    private static func spelledPieces(of part: UnsafeBufferPointer<UInt8>, _ rule: SplitRule) -> [Range<Int>] {
        var spelled: [UInt8] = []
        spelled.reserveCapacity(part.count * 2)
        for byte in part { ScalarCoding.append(ByteAlphabet.scalars[Int(byte)].value, to: &spelled) }
        return spelled.withUnsafeBufferPointer { spelled in
            var byteCount = 0
            var position = 0
            /// The number of bytes that are spelled before `end`.
            func bytes(before end: Int) -> Int {
                while position < end {
                    if spelled[position] & 0xC0 != 0x80 { byteCount += 1 }
                    position += 1
                }
                return byteCount
            }
            return rule.pieces(of: spelled).map { range in
                let start = bytes(before: range.lowerBound)
                return start..<bytes(before: range.upperBound)
            }
        }
    }
}
