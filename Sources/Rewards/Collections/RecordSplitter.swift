/// Splits a record into its keys and the texts of its values: `k: v; k: v`, lines of `k = v`, a JSON object or a Python
/// dictionary.
struct RecordSplitter {
    struct Entry {
        /// Folded.
        var key: [UInt8]
        var value: AnswerText
        var offset: Int?
    }

    /// Lower case, with single spaces, where `_` and `-` are spaces too.
    static func folded(_ key: [UInt8]) -> [UInt8] {
        let spaced = key.map { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") ? 0x20 : $0 }
        return PlainFold.fold(AnswerText(spaced[...]))
    }

    static func split(_ text: AnswerText, work: inout Work) throws(AnswerProblem) -> [Entry] {
        let bytes = text.bytes
        try work.spend(3 * bytes.count)
        var range = 0..<bytes.count
        var scan = try OuterScan(bytes, in: range, hasAssignments: true, depthLimit: work.limits.depth)
        if let end = scan.firstBracketEnd, end == bytes.count - 1, bytes[0] == UInt8(ascii: "{") {
            range = ASCII.trim(1..<end, in: bytes)
            scan = try OuterScan(bytes, in: range, hasAssignments: true, depthLimit: work.limits.depth)
        }
        if let place = scan.unclosed { throw .malformed("expected a closing bracket, found none", offset: place) }
        var entries: [Entry] = []
        for piece in pieces(of: range, scan, isBraced: range.lowerBound > 0, bytes) {
            entries.append(try entry(piece, scan, bytes))
        }
        guard !entries.isEmpty else { throw .malformed("expected keys with values, found an empty record", offset: 0) }
        return entries
    }

    /// The pieces between `;`, lines or commas. A comma's piece without a key of its own continues the value before it.
    private static func pieces(
        of range: Range<Int>, _ scan: OuterScan, isBraced: Bool, _ bytes: [UInt8]
    ) -> [Range<Int>] {
        let separators =
            !scan.semicolons.isEmpty
            ? scan.semicolons : !isBraced && !scan.newlines.isEmpty ? scan.newlines : scan.commas
        let areCommas = scan.semicolons.isEmpty && (isBraced || scan.newlines.isEmpty)
        var pieces: [Range<Int>] = []
        var start = range.lowerBound
        var assignment = scan.assignments[...]
        for end in separators.map(\.lowerBound) + [range.upperBound] {
            let piece = ASCII.trim(start..<max(start, end), in: bytes)
            start = end + 1
            while let first = assignment.first, first < piece.lowerBound { assignment.removeFirst() }
            let hasKey = assignment.first.map { piece.contains($0) && !ASCII.isDigit(bytes[piece.lowerBound]) } ?? false
            if areCommas, !hasKey, !piece.isEmpty, let last = pieces.last {
                pieces[pieces.count - 1] = last.lowerBound..<piece.upperBound
            } else if !piece.isEmpty {
                pieces.append(piece)
            }
        }
        return isBraced ? pieces : LineMarkers.removed(from: pieces, in: bytes)
    }

    private static func entry(
        _ piece: Range<Int>, _ scan: OuterScan, _ bytes: [UInt8]
    ) throws(AnswerProblem) -> Entry {
        var low = 0
        var high = scan.assignments.count
        while low < high {
            let middle = (low + high) / 2
            if scan.assignments[middle] < piece.lowerBound { low = middle + 1 } else { high = middle }
        }
        guard low < scan.assignments.count, piece.contains(scan.assignments[low]) else {
            throw .malformed("expected a key, `:` or `=`, and a value, found another text", offset: piece.lowerBound)
        }
        let sign = scan.assignments[low]
        var keyRange = ASCII.trim(piece.lowerBound..<sign, in: bytes)
        var value = ASCII.trim((sign + 1)..<piece.upperBound, in: bytes)
        if bytes[keyRange].starts(with: "**".utf8), bytes[value].starts(with: "**".utf8) {
            // `**Dose:** 81 mg`
            keyRange = ASCII.trim((keyRange.lowerBound + 2)..<keyRange.upperBound, in: bytes)
            value = ASCII.trim((value.lowerBound + 2)..<value.upperBound, in: bytes)
        }
        let key = folded(QuotedText.content(of: keyRange, in: bytes) ?? Array(bytes[keyRange]))
        guard !key.isEmpty else { throw .malformed("expected a key, found none", offset: piece.lowerBound) }
        guard !value.isEmpty else { throw .malformed("expected a value, found none", offset: sign + 1) }
        if let content = QuotedText.content(of: value, in: bytes) {
            return Entry(key: key, value: AnswerText(content[...]))
        }
        return Entry(key: key, value: AnswerText(bytes[value]), offset: value.lowerBound)
    }
}
