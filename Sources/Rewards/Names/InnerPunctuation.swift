/// Drops punctuation and articles inside a text, as the question-answering benchmarks do, without their collisions.
///
/// Dropped are `! " ' ( ) , - . : ; ? [ ] _ { }` and the grave accent; signs that carry a meaning of their own (`%`,
/// `+`, `<`, `$`, `/` …) stay. Between digits punctuation stays (`1.5` is not `15`) except the commas of complete
/// thousands groups, and so does a sign or a point before a number. An `a` at the end (`vitamin a`), after a word that
/// takes letters (`hepatitis a virus`) is no article, an `A` is one only in a text in capitals or before a sentence, and a text of articles only keeps them.
enum InnerPunctuation {
    static func dropped(from bytes: [UInt8], keepsArticles: Bool, isShouted: Bool, work: inout Work) -> [UInt8] {
        let plain = withoutPunctuation(bytes)
        if plain != bytes { work.apply("punctuation inside") }
        guard !keepsArticles else { return plain }
        let words = withoutArticles(plain, isShouted: isShouted)
        if words != plain { work.apply("articles inside") }
        return words
    }

    private static func isDroppable(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: ";"),
            UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    private static func withoutPunctuation(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == NameByte.space {
                if let last = result.last, last != NameByte.space { result.append(byte) }
                index += 1
            } else if NameByte.isDigit(byte), let end = groupedEnd(bytes, index) {
                for digit in bytes[index..<end] where digit != NameByte.comma { result.append(digit) }
                index = end
            } else if isDroppable(byte) {
                var end = index
                while end < bytes.count, isDroppable(bytes[end]) { end += 1 }
                appendKept(of: bytes, index..<end, to: &result)
                index = end
            } else {
                result.append(byte)
                index += 1
            }
        }
        if result.last == NameByte.space { result.removeLast() }
        return result
    }

    /// What stays of a run of punctuation.
    private static func appendKept(of bytes: [UInt8], _ run: Range<Int>, to result: inout [UInt8]) {
        guard run.upperBound < bytes.count, NameByte.isDigit(bytes[run.upperBound]) else { return }
        let last = bytes[run.upperBound - 1]
        let previous = run.lowerBound > 0 ? bytes[run.lowerBound - 1] : NameByte.space
        if NameByte.isDigit(previous) {
            let joins = run.count == 1 && ".,:-_'".utf8.contains(last)
            result.append(joins ? last : NameByte.space)
        } else if !NameByte.isLetter(previous) {
            if last == NameByte.hyphen {
                result.append(last)
            } else if last == NameByte.stop {
                if run.count > 1, bytes[run.upperBound - 2] == NameByte.hyphen { result.append(NameByte.hyphen) }
                result.append(last)
            }
        } else if run.count > 1, last == NameByte.hyphen || last == NameByte.stop {
            result.append(contentsOf: [NameByte.space, last])
        }
    }

    /// The end of `1,234` or `12,345,678` where it starts at `start` and is complete.
    private static func groupedEnd(_ bytes: [UInt8], _ start: Int) -> Int? {
        if start > 0, NameByte.isDigit(bytes[start - 1]) || ".,".utf8.contains(bytes[start - 1]) { return nil }
        guard bytes[start] != UInt8(ascii: "0") else { return nil }
        func digits(from index: Int) -> Int {
            var end = index
            while end < bytes.count, end - index < 4, NameByte.isDigit(bytes[end]) { end += 1 }
            return end - index
        }
        let first = digits(from: start)
        guard first <= 3 else { return nil }
        var end = start + first
        while end < bytes.count, bytes[end] == NameByte.comma {
            let group = digits(from: end + 1)
            if group == 0 { break }
            guard group == 3 else { return nil }
            end += 4
        }
        return end == start + first ? nil : end
    }

    /// The words after which an `a` is a letter: `hepatitis a virus`.
    private static let lettered: Set<String> = [
        "vitamin", "hepatitis", "type", "group", "class", "grade", "stage", "influenza", "haemophilia", "hemophilia",
        "protein", "factor", "blood", "part", "option", "strain", "serotype", "streptococcus", "immunoglobulin",
        "apolipoprotein", "chromogranin", "cyclin", "lamin", "category", "subtype", "arm", "phase", "trial", "cohort",
        "hemoglobin", "haemoglobin", "coagulation", "coenzyme", "provitamin", "amyloid",
    ]

    /// Whether a text is written in capitals, where an `A` may be an article.
    static func isShouted(_ bytes: ArraySlice<UInt8>) -> Bool {
        var capitals = 0
        for byte in bytes {
            if NameByte.isUpper(byte) {
                capitals += 1
                if capitals == 6 { return true }
            } else {
                capitals = 0
            }
        }
        return false
    }

    private static func withoutArticles(_ bytes: [UInt8], isShouted: Bool) -> [UInt8] {
        let words = bytes.split(separator: NameByte.space)
        func followsLettered(_ index: Int) -> Bool {
            index > 0 && lettered.contains(String(decoding: words[index - 1], as: UTF8.self))
        }
        func isCapital(_ index: Int) -> Bool { words[index].count == 1 && words[index].first == UInt8(ascii: "A") }
        func isArticle(_ index: Int) -> Bool {
            let word = words[index]
            guard word.count == 1 else { return NameOutline.isArticle(word) }
            if isCapital(index) {
                guard isShouted || index == 0 && words.count > 3 && !beginsWithVowel(words[1]) else { return false }
            } else if !NameOutline.isArticle(word) {
                return false
            }
            guard index > 0, !NameOutline.isArticle(words[index - 1]) else { return true }
            return index + 1 < words.count && !followsLettered(index)
        }
        let kept = words.indices.filter { !isArticle($0) }
        let all = kept.isEmpty ? Array(words.indices) : kept
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in all {
            if !result.isEmpty { result.append(NameByte.space) }
            let isLetterOfName = isCapital(index) && (followsLettered(index) || index == words.count - 1 && index > 0)
            result.append(contentsOf: isLetterOfName ? [UInt8(ascii: "a")] : words[index])
        }
        return result
    }

    private static func beginsWithVowel(_ word: ArraySlice<UInt8>) -> Bool {
        word.first.map { "aeiouAEIOU".utf8.contains($0) } ?? false
    }
}
