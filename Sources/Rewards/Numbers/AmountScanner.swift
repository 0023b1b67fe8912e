import BigInt

/// Finds the first amount in a text as shops write prices, for data sets whose separators are not declared.
///
/// The last separator is decimal unless exactly three digits follow it (`1.299` is 1299, `12.99` and `29.1583` are
/// decimals); a space groups three digits; a space may follow a decimal point (`36. 24`); a euro sign between digits is
/// a decimal separator (`12€50`); numbers with a percent sign are discounts and no amounts; `free` is zero. Lenient,
/// and wrong for `1.234` kilograms: for such data sets only.
struct AmountScanner {
    private let bytes: [UInt8]
    private var position = 0

    static func first(_ bytes: [UInt8], work: inout Work) throws(AnswerProblem) -> Rational? {
        var scanner = AmountScanner(bytes: bytes)
        try work.spend(bytes.count)
        while scanner.position < bytes.count {
            if let amount = try scanner.amount(&work) {
                work.apply("first amount of the text")
                return amount
            }
        }
        return containsFree(bytes) ? 0 : nil
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// A run of digits and separators, cut into pieces of digits.
    private struct Piece {
        /// What stands before the digits: a separator's code, or zero for the first.
        var separator: UInt8
        var digits: Range<Int>
        var count: Int
    }

    /// Reads the run of digits at the position, or moves on by one character.
    private mutating func amount(_ work: inout Work) throws(AnswerProblem) -> Rational? {
        let start = position
        let first = NumberSymbol(bytes, at: start)
        let isPoint = first.code == UInt8(ascii: ".") && NumberSymbol(bytes, at: start + first.length).isDigit
        guard first.isDigit || isPoint else {
            position += first.length
            return nil
        }
        if isPoint { position += first.length }
        var pieces = [piece(after: isPoint ? first.code : 0)]
        while let next = nextPiece(after: pieces) { pieces.append(next) }
        if isPoint, pieces.count > 1 { pieces[0].separator = 0 }
        if isPercent(at: position) { return nil }
        let value = try value(pieces, &work)
        return isNegative(before: start) ? -value : value
    }

    private mutating func piece(after separator: UInt8) -> Piece {
        let start = position
        var count = 0
        while true {
            let symbol = NumberSymbol(bytes, at: position)
            guard symbol.isDigit else { break }
            position += symbol.length
            count += 1
        }
        return Piece(separator: separator, digits: start..<position, count: count)
    }

    /// The piece behind a separator, if both belong to the amount.
    private mutating func nextPiece(after pieces: [Piece]) -> Piece? {
        guard pieces.count < 64 else { return nil }
        let start = position
        var separator = NumberSymbol(bytes, at: position)
        var hasSpace = false
        var code = separator.code
        if separator.isSpace, isEuro(at: position + separator.length) {
            position += separator.length
            separator = NumberSymbol(bytes, at: position)
        }
        if isEuro(at: position) {
            code = Self.euro
            position += NumberSymbol(bytes, at: position).length
        } else {
            switch code {
            case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "'"), NumberSymbol.arabicDecimal,
                NumberSymbol.arabicThousands:
                break
            default:
                guard separator.isSpace else { return nil }
                code = 0x20
            }
            position += separator.length
        }
        let next = NumberSymbol(bytes, at: position)
        if next.isSpace, code != 0x20 {
            hasSpace = true
            position += next.length
        }
        let piece = piece(after: code)
        if accepts(piece, after: pieces, hasSpace: hasSpace) { return piece }
        position = start
        return nil
    }

    private func accepts(_ piece: Piece, after pieces: [Piece], hasSpace: Bool) -> Bool {
        let used = pieces.contains { $0.separator == Self.euro }
        guard piece.count > 0, !used else { return false }
        switch piece.separator {
        case 0x20, UInt8(ascii: "'"), NumberSymbol.arabicThousands:
            let isWhole = pieces.allSatisfy { $0.separator == 0 || $0.count == 3 && $0.separator != Self.euro }
            return piece.count == 3 && pieces[0].count <= 3 && isWhole
        case Self.euro: return !hasSpace || piece.count == 2
        default: return !hasSpace || piece.count <= 2
        }
    }

    private func value(_ pieces: [Piece], _ work: inout Work) throws(AnswerProblem) -> Rational {
        let decimals = hasDecimals(pieces) ? pieces[pieces.count - 1].count : 0
        var significand = Significand()
        for piece in pieces {
            var place = piece.digits.lowerBound
            while place < piece.digits.upperBound {
                let symbol = NumberSymbol(bytes, at: place)
                guard significand.append(symbol.digit, limit: work.limits.digits) else {
                    throw .overBudget("the number has more than \(work.limits.digits) digits")
                }
                place += symbol.length
            }
        }
        return try NumberScanner.scaled(significand, by: -decimals, &work)
    }

    /// Whether the last piece holds decimals.
    private func hasDecimals(_ pieces: [Piece]) -> Bool {
        let last = pieces[pieces.count - 1]
        switch last.separator {
        case 0, 0x20, UInt8(ascii: "'"), NumberSymbol.arabicThousands: return false
        case Self.euro, NumberSymbol.arabicDecimal: return true
        default: break
        }
        if pieces.count == 1 || last.count != 3 || pieces[0].count > 3 { return true }
        // The same separator again groups; another one before it grouped, so that this one divides.
        let earlier = pieces.dropLast().last { $0.separator == UInt8(ascii: ".") || $0.separator == UInt8(ascii: ",") }
        if let earlier, earlier.separator != last.separator { return true }
        return earlier == nil && pieces[0].count == 1 && NumberSymbol(bytes, at: pieces[0].digits.lowerBound).digit == 0
    }

    private static let euro: UInt8 = 0xFE

    private func isEuro(at position: Int) -> Bool {
        position + 2 < bytes.count && bytes[position] == 0xE2 && bytes[position + 1] == 0x82
            && bytes[position + 2] == 0xAC
    }

    private func isPercent(at position: Int) -> Bool {
        var position = position
        let space = NumberSymbol(bytes, at: position)
        if space.isSpace { position += space.length }
        return NumberSymbol(bytes, at: position).code == UInt8(ascii: "%")
    }

    /// A minus sign directly before the amount, or before the currency sign before it, that joins no words.
    private func isNegative(before start: Int) -> Bool {
        var place = start
        if place > 0, bytes[place - 1] == UInt8(ascii: "$") { place -= 1 }
        if place > 2, isEuro(at: place - 3) { place -= 3 }
        guard place > 0 else { return false }
        let length = place > 2 && bytes[place - 3] == 0xE2 ? 3 : 1
        guard NumberSymbol(bytes, at: place - length).code == UInt8(ascii: "-") else { return false }
        return place == length || AnswerText.isSpace(bytes[place - length - 1]) && isBare(before: place - length - 1)
    }

    /// Whether nothing but white space stands before a place: `$45 - $70` is a range.
    private func isBare(before place: Int) -> Bool {
        bytes[..<place].allSatisfy { AnswerText.isSpace($0) }
    }

    private static func containsFree(_ bytes: [UInt8]) -> Bool {
        let word = Array("free".utf8)
        guard bytes.count >= 4 else { return false }
        let isLetter = { (place: Int) in bytes.indices.contains(place) && (bytes[place] | 0x20) &- 0x61 < 26 }
        for start in 0...(bytes.count - 4) where bytes[start] | 0x20 == word[0] {
            let isWord = !isLetter(start - 1) && !isLetter(start + 4)
            if isWord, (1..<4).allSatisfy({ bytes[start + $0] | 0x20 == word[$0] }) { return true }
        }
        return false
    }
}
