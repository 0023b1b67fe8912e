/// A response as the instruction checks look at it.
struct InstructionText {
    let string: String
    let scalars: [Unicode.Scalar]

    init(_ string: String) {
        self.string = string
        scalars = Array(string.unicodeScalars)
    }

    var isBlank: Bool { scalars.allSatisfy(\.properties.isWhitespace) }

    /// A letter, digit, mark or underscore.
    static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 {
            let byte = UInt8(scalar.value)
            return ASCII.isLetter(byte) || ASCII.isDigit(byte) || scalar == "_"
        }
        return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// The runs of word scalars.
    var words: [ArraySlice<Unicode.Scalar>] { scalars.split { !Self.isWordScalar($0) } }

    /// What white space separates.
    var tokenCount: Int { scalars.split(whereSeparator: \.properties.isWhitespace).count }

    var lines: [Substring] { string.split(separator: "\n", omittingEmptySubsequences: false) }

    /// Words of the capital letters A to Z and nothing else.
    var capitalWordCount: Int { words.count { $0.allSatisfy { ("A"..."Z").contains($0) } } }

    /// The number of sentences: a stop, question or exclamation mark before white space ends one, unless it closes an
    /// abbreviation such as `e.g.` or `Dr.`.
    var sentenceCount: Int {
        var count = 1
        for index in scalars.indices.dropFirst() where scalars[index].properties.isWhitespace {
            guard [".", "?", "!"].contains(scalars[index - 1]), !closesAbbreviation(index) else { continue }
            count += 1
        }
        return count
    }

    private func closesAbbreviation(_ index: Int) -> Bool {
        if index >= 4, Self.isWordScalar(scalars[index - 4]), scalars[index - 3] == ".",
            Self.isWordScalar(scalars[index - 2])
        {
            return true
        }
        return index >= 3 && ("A"..."Z").contains(scalars[index - 3]) && ("a"..."z").contains(scalars[index - 2])
            && scalars[index - 1] == "."
    }

    /// Spans of one line between `opening` and `closing` that hold more than white space.
    func spanCount(from opening: [Unicode.Scalar], to closing: [Unicode.Scalar]) -> Int {
        var count = 0
        var start: Int?
        var index = 0
        while index < scalars.count {
            if scalars[index] == "\n" { start = nil }
            if let begin = start, scalars[index...].starts(with: closing) {
                if !scalars[begin..<index].allSatisfy(\.properties.isWhitespace) { count += 1 }
                start = nil
                index += closing.count
            } else if start == nil, scalars[index...].starts(with: opening) {
                index += opening.count
                start = index
            } else {
                index += 1
            }
        }
        return count
    }

    /// Emphasised spans, `*…*` or `**…**`, that hold text.
    var highlightCount: Int {
        var count = 0
        for line in scalars.split(separator: "\n") {
            var hasText = false
            var isOpen = false
            var index = line.startIndex
            while index < line.endIndex {
                if line[index] == "*" {
                    if isOpen, hasText {
                        count += 1
                        isOpen = false
                    } else {
                        isOpen = true
                    }
                    hasText = false
                    while index < line.endIndex, line[index] == "*" { index += 1 }
                } else {
                    if !line[index].properties.isWhitespace { hasText = true }
                    index += 1
                }
            }
        }
        return count
    }

    /// Whether `part`, compared by `fold`, stands in the text; with `asWord`, not inside of a longer word.
    func occurrences(
        of part: String, asWord: Bool, fold: (Unicode.Scalar) -> Unicode.Scalar = { $0 }
    ) -> [Range<Int>] {
        let pattern = part.unicodeScalars.map(fold)
        guard !pattern.isEmpty, pattern.count <= scalars.count else { return [] }
        var found: [Range<Int>] = []
        for start in 0...(scalars.count - pattern.count) {
            var length = 0
            while length < pattern.count, fold(scalars[start + length]) == pattern[length] { length += 1 }
            guard length == pattern.count else { continue }
            let end = start + length
            if asWord {
                let continuesBefore =
                    start > 0 && Self.isWordScalar(scalars[start - 1]) && Self.isWordScalar(scalars[start])
                let continuesAfter =
                    end < scalars.count && Self.isWordScalar(scalars[end]) && Self.isWordScalar(scalars[end - 1])
                if continuesBefore || continuesAfter { continue }
            }
            found.append(start..<end)
        }
        return found
    }

    /// Simple lower case of one scalar.
    static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 {
            return Unicode.Scalar(ASCII.lowercased(UInt8(scalar.value)))
        }
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first ?? scalar : scalar
    }
}
