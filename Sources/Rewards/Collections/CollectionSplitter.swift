/// Splits a collection into the texts of its elements.
struct CollectionSplitter {
    struct Piece {
        var text: AnswerText
        /// Where the element begins in the answer; `nil` where its bytes are not those of the answer.
        var offset: Int?
    }

    let policy: CollectionPolicy
    /// Whether the elements are numbers, in which a comma may mark thousands; else it may stand in a chemical name.
    let hasNumericElements: Bool

    func split(_ text: AnswerText, work: inout Work) throws(AnswerProblem) -> [Piece] {
        let bytes = text.bytes
        try work.spend(2 * bytes.count)
        var range = 0..<bytes.count
        var scan = try OuterScan(bytes, in: range, separator: policy.separator, depthLimit: work.limits.depth)
        var isBracketed = false
        if policy.brackets != .none, let inner = Self.bracketed(bytes, scan) {
            isBracketed = true
            range = ASCII.trim(inner, in: bytes)
            scan = try OuterScan(bytes, in: range, separator: policy.separator, depthLimit: work.limits.depth)
        } else if policy.brackets == .required {
            throw .malformed("expected brackets around the elements, found none", offset: 0)
        }
        if let place = scan.unclosed { throw .malformed("expected a closing bracket, found none", offset: place) }
        if range.isEmpty || !isBracketed && policy.allowsEmpty && Self.isWordForNothing(text) {
            guard policy.allowsEmpty else {
                throw .malformed("expected elements, found an empty collection", offset: 0)
            }
            return []
        }
        var pieces: [Range<Int>]
        switch policy.separator {
        case .literal, .product: pieces = Self.pieces(of: range, between: scan.declared)
        case .newline: pieces = lines(of: range, scan, bytes)
        case .automatic: pieces = automatic(range, scan, isBracketed: isBracketed, bytes)
        }
        pieces = pieces.map { ASCII.trim($0, in: bytes) }
        if pieces.count > 1, let last = pieces.last, last.isEmpty, mayEndWithSeparator(isBracketed, scan) {
            pieces.removeLast()
        }
        return try read(pieces, bytes, work: &work)
    }

    private func read(
        _ ranges: [Range<Int>], _ bytes: [UInt8], work: inout Work
    ) throws(AnswerProblem) -> [Piece] {
        var pieces: [Piece] = []
        pieces.reserveCapacity(ranges.count)
        for (index, range) in ranges.enumerated() {
            guard !range.isEmpty else {
                throw .malformed(
                    "expected an element, found nothing at position \(index + 1)", offset: range.lowerBound)
            }
            if let content = QuotedText.content(of: range, in: bytes) {
                pieces.append(Piece(text: AnswerText(content[...])))
            } else if policy.separator == .product, let power = Self.power(bytes, range) {
                guard power.exponent <= work.limits.digits else {
                    throw .overBudget("a factor repeated more than \(work.limits.digits) times")
                }
                try work.spend(power.exponent)
                let piece = Piece(text: AnswerText(bytes[power.base]), offset: range.lowerBound)
                pieces.append(contentsOf: repeatElement(piece, count: power.exponent))
                work.apply("powers of factors")
            } else {
                pieces.append(Piece(text: AnswerText(bytes[range]), offset: range.lowerBound))
            }
        }
        return pieces
    }

    // MARK: Brackets

    /// What one pair of brackets holds where it encloses the whole text; LaTeX writes the braces of a set `\{ … \}`.
    private static func bracketed(_ bytes: [UInt8], _ scan: OuterScan) -> Range<Int>? {
        if let end = scan.firstBracketEnd, end == bytes.count - 1 { return 1..<end }
        let backslash = UInt8(ascii: "\\")
        guard bytes.count >= 4, bytes[0] == backslash, bytes[1] == UInt8(ascii: "{"),
            bytes[bytes.count - 1] == UInt8(ascii: "}"), bytes[bytes.count - 2] == backslash
        else { return nil }
        let inner = 2..<(bytes.count - 2)
        var depth = 0
        for byte in bytes[inner] {
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            if depth < 0 { return nil }
        }
        return depth == 0 ? inner : nil
    }

    private static func isWordForNothing(_ text: AnswerText) -> Bool {
        guard text.bytes.count <= 16 else { return false }
        switch String(decoding: PlainFold.fold(text), as: UTF8.self) {
        case "none", "empty", "empty set", "the empty set", "∅", "\\emptyset", "\\varnothing": return true
        default: return false
        }
    }

    // MARK: Separators

    private static func pieces(of range: Range<Int>, between separators: [Range<Int>]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        pieces.reserveCapacity(separators.count + 1)
        var start = range.lowerBound
        for separator in separators {
            pieces.append(start..<max(start, separator.lowerBound))
            start = separator.upperBound
        }
        pieces.append(start..<max(start, range.upperBound))
        return pieces
    }

    private func mayEndWithSeparator(_ isBracketed: Bool, _ scan: OuterScan) -> Bool {
        guard policy.separator == .automatic else { return false }
        return isBracketed || !scan.semicolons.isEmpty
    }

    private func automatic(
        _ range: Range<Int>, _ scan: OuterScan, isBracketed: Bool, _ bytes: [UInt8]
    ) -> [Range<Int>] {
        if scan.newlines.isEmpty, let enumerated = LineMarkers.enumerated(range, in: bytes) { return enumerated }
        if !scan.semicolons.isEmpty {
            return Self.pieces(of: range, between: joined(scan.semicolons, scan, onlyAfterSeparator: true, bytes))
        }
        if !isBracketed, !scan.newlines.isEmpty, !Self.wrapsCommas(range, scan, bytes) {
            return lines(of: range, scan, bytes)
        }
        let areSpaced =
            !scan.conjunctions.isEmpty
            || scan.commas.contains { $0.upperBound < range.upperBound && AnswerText.isSpace(bytes[$0.upperBound]) }
        let commas = scan.commas.filter { !isInsideElement($0.lowerBound, areOthersSpaced: areSpaced, bytes, range) }
        return Self.pieces(of: range, between: joined(commas, scan, onlyAfterSeparator: false, bytes))
    }

    /// The separators together with ` and `, which separates by itself behind the last of them, or continues it.
    private func joined(
        _ separators: [Range<Int>], _ scan: OuterScan, onlyAfterSeparator: Bool, _ bytes: [UInt8]
    ) -> [Range<Int>] {
        guard policy.conjunction == .last, !scan.conjunctions.isEmpty else { return separators }
        var joined = separators
        for conjunction in scan.conjunctions where conjunction.lowerBound >= separators.last?.upperBound ?? 0 {
            if let last = joined.last, ASCII.trim(last.upperBound..<conjunction.lowerBound, in: bytes).isEmpty {
                joined[joined.count - 1] = last.lowerBound..<conjunction.upperBound
            } else if !onlyAfterSeparator {
                joined.append(conjunction)
            }
        }
        return joined
    }

    /// Whether the comma belongs to an element: it marks thousands (`1,234, 5`), or stands between the digits of a
    /// chemical name (`1,2-dichloroethane`, `2,4,6-trinitrotoluene, aspirin`).
    private func isInsideElement(
        _ comma: Int, areOthersSpaced: Bool, _ bytes: [UInt8], _ range: Range<Int>
    ) -> Bool {
        guard comma > range.lowerBound, comma + 1 < range.upperBound, ASCII.isDigit(bytes[comma + 1]),
            ASCII.isDigit(bytes[comma - 1]) || bytes[comma - 1] == UInt8(ascii: "'")
        else { return false }
        var digits = comma + 1
        while digits < range.upperBound, ASCII.isDigit(bytes[digits]) { digits += 1 }
        if hasNumericElements { return areOthersSpaced && digits - comma == 4 }
        if areOthersSpaced { return true }
        var locant = digits
        while locant < range.upperBound, locant - digits < 64,
            ASCII.isDigit(bytes[locant]) || bytes[locant] == UInt8(ascii: ",") || bytes[locant] == UInt8(ascii: "'")
        { locant += 1 }
        return locant < range.upperBound && bytes[locant] == UInt8(ascii: "-")
    }

    // MARK: Lines

    /// Whether the text is a list with commas that was broken into lines: each line but the last ends with a comma.
    private static func wrapsCommas(_ range: Range<Int>, _ scan: OuterScan, _ bytes: [UInt8]) -> Bool {
        !scan.commas.isEmpty
            && scan.newlines.allSatisfy { newline in
                let line = ASCII.trim(range.lowerBound..<newline.lowerBound, in: bytes)
                return !line.isEmpty && bytes[line.upperBound - 1] == UInt8(ascii: ",")
            }
    }

    /// The lines that are not empty, without their bullets or numbers.
    private func lines(of range: Range<Int>, _ scan: OuterScan, _ bytes: [UInt8]) -> [Range<Int>] {
        let lines = Self.pieces(of: range, between: scan.newlines).map { ASCII.trim($0, in: bytes) }
            .filter { !$0.isEmpty }
        return LineMarkers.removed(from: lines, in: bytes)
    }

    // MARK: Powers

    /// `p^k` or `p**k` with a positive exponent of at most four digits.
    private static func power(_ bytes: [UInt8], _ range: Range<Int>) -> (base: Range<Int>, exponent: Int)? {
        guard let sign = bytes[range].firstIndex(where: { $0 == UInt8(ascii: "^") || $0 == UInt8(ascii: "*") }) else {
            return nil
        }
        var start = sign + 1
        if bytes[sign] == UInt8(ascii: "*") {
            guard start < range.upperBound, bytes[start] == UInt8(ascii: "*") else { return nil }
            start += 1
        }
        var digits = ASCII.trim(start..<range.upperBound, in: bytes)
        if digits.count > 2, bytes[digits.lowerBound] == UInt8(ascii: "{"),
            bytes[digits.upperBound - 1] == UInt8(ascii: "}")
        {
            digits = (digits.lowerBound + 1)..<(digits.upperBound - 1)
        }
        guard (1...4).contains(digits.count), bytes[digits].allSatisfy(ASCII.isDigit) else { return nil }
        let exponent = bytes[digits].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        let base = ASCII.trim(range.lowerBound..<sign, in: bytes)
        return exponent > 0 && !base.isEmpty ? (base, exponent) : nil
    }
}
