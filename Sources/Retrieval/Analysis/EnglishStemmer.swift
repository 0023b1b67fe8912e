/// Brings English words to a stem, so that "treats", "treated" and "treating" are one term: the Snowball English stemmer
/// (Porter2) as its published description states it, release 3 (snowballstem.org/algorithms/english/stemmer.html).
///
/// Words are bytes of lower-case ASCII; everything that is no vowel counts as a consonant. Within the work a `y` that is a
/// consonant is written `Y`. R1 is what follows the first consonant after a vowel, R2 the same within R1.
struct EnglishStemmer {
    private var word: [UInt8]
    private var firstRegion = 0
    private var secondRegion = 0

    /// The stem of a word of lower-case ASCII letters.
    static func stem(_ word: [UInt8]) -> [UInt8] {
        if word.count <= 6, let exception = exceptions[String(decoding: word, as: UTF8.self)] {
            return Array(exception.utf8)
        }
        guard word.count > 2 else { return word }
        var stemmer = EnglishStemmer(word: word)
        stemmer.markConsonants()
        stemmer.markRegions()
        stemmer.removePlural()
        stemmer.removePast()
        stemmer.replaceFinalY()
        stemmer.shortenDoubleSuffix()
        stemmer.shortenAdjective()
        stemmer.removeSuffix()
        stemmer.removeFinalLetter()
        return stemmer.word.map { $0 == UInt8(ascii: "Y") ? UInt8(ascii: "y") : $0 }
    }

    private init(word: [UInt8]) { self.word = word }

    // MARK: Letters and regions

    private static func isVowel(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
            UInt8(ascii: "y"):
            true
        default: false
        }
    }

    private func ends(_ suffix: StaticString, at end: Int? = nil) -> Bool {
        let end = end ?? word.count
        let start = end - suffix.utf8CodeUnitCount
        guard start >= 0 else { return false }
        return suffix.withUTF8Buffer { bytes in bytes.indices.allSatisfy { word[start + $0] == bytes[$0] } }
    }

    private func begins(_ prefix: StaticString) -> Bool {
        guard prefix.utf8CodeUnitCount <= word.count else { return false }
        return prefix.withUTF8Buffer { bytes in bytes.indices.allSatisfy { word[$0] == bytes[$0] } }
    }

    private mutating func replaceLast(_ count: Int, with text: StaticString) {
        word.removeLast(count)
        text.withUTF8Buffer { word.append(contentsOf: $0) }
    }

    private mutating func markConsonants() {
        if word.first == UInt8(ascii: "'") { word.removeFirst() }
        for index in word.indices where word[index] == UInt8(ascii: "y") {
            if index == 0 || Self.isVowel(word[index - 1]) { word[index] = UInt8(ascii: "Y") }
        }
    }

    private static let prefixes: [StaticString] = [
        "arsen", "commun", "emerg", "gener", "inter", "later", "organ", "past", "univers",
    ]

    private mutating func markRegions() {
        let prefix = Self.prefixes.first { begins($0) }
        firstRegion = prefix?.utf8CodeUnitCount ?? region(from: 0)
        secondRegion = region(from: firstRegion)
    }

    /// What follows the first consonant after a vowel.
    private func region(from start: Int) -> Int {
        var index = start
        while index < word.count, !Self.isVowel(word[index]) { index += 1 }
        while index < word.count, Self.isVowel(word[index]) { index += 1 }
        return min(index + 1, word.count)
    }

    private func hasVowel(before end: Int) -> Bool { word[..<end].contains(where: Self.isVowel) }

    /// Whether the word up to `end` ends in a short syllable: consonant, vowel and a consonant other than w, x and Y; or,
    /// at the word's start, a vowel and a consonant; or "past".
    private func endsInShortSyllable(at end: Int) -> Bool {
        if end >= 3 {
            let last = word[end - 1]
            let isOther =
                last == UInt8(ascii: "w") || last == UInt8(ascii: "x") || last == UInt8(ascii: "Y")
            if !Self.isVowel(last), !isOther, Self.isVowel(word[end - 2]), !Self.isVowel(word[end - 3]) { return true }
        }
        if end == 2, Self.isVowel(word[0]), !Self.isVowel(word[1]) { return true }
        return ends("past", at: end)
    }

    // MARK: Steps

    /// Step 1a.
    private mutating func removePlural() {
        for suffix: StaticString in ["'s'", "'s", "'"] where ends(suffix) {
            word.removeLast(suffix.utf8CodeUnitCount)
            break
        }
        if ends("sses") {
            word.removeLast(2)
        } else if ends("ied") || ends("ies") {
            replaceLast(3, with: word.count > 4 ? "i" : "ie")
        } else if ends("us") || ends("ss") {
            return
        } else if ends("s"), word.count >= 2, hasVowel(before: word.count - 2) {
            word.removeLast()
        }
    }

    /// Step 1b.
    private mutating func removePast() {
        for (suffix, count) in [("eedly", 5), ("eed", 3)] as [(StaticString, Int)] where ends(suffix) {
            let start = word.count - count
            guard start >= firstRegion else { return }
            let isWhole = (start == 4 && (begins("succ") || begins("proc"))) || (start == 3 && begins("exc"))
            if !isWhole { replaceLast(count, with: "ee") }
            return
        }
        let suffixes: [StaticString] = ["ingly", "edly", "ing", "ed"]
        guard let suffix = suffixes.first(where: { ends($0) }) else { return }
        let start = word.count - suffix.utf8CodeUnitCount
        if ends("ing") {
            if start == 2, word[1] == UInt8(ascii: "y") || word[1] == UInt8(ascii: "Y"), !Self.isVowel(word[0]) {
                // dying, lying, tying
                return replaceLast(4, with: "ie")
            }
            let wholes: [StaticString] = ["even", "cann", "inn", "earr", "herr", "out"]
            if wholes.contains(where: { $0.utf8CodeUnitCount == start && begins($0) }) { return }
        }
        guard hasVowel(before: start) else { return }
        word.removeLast(suffix.utf8CodeUnitCount)
        if ends("at") || ends("bl") || ends("iz") {
            word.append(UInt8(ascii: "e"))
        } else if let last = word.last, word.count >= 2, last == word[word.count - 2], "bdfgmnprt".utf8.contains(last) {
            if word.count == 3, "aeo".utf8.contains(word[0]) { return }
            word.removeLast()
        } else if word.count == firstRegion, endsInShortSyllable(at: word.count) {
            word.append(UInt8(ascii: "e"))
        }
    }

    /// Step 1c.
    private mutating func replaceFinalY() {
        guard word.count > 2, ends("y") || ends("Y"), !Self.isVowel(word[word.count - 2]) else { return }
        word[word.count - 1] = UInt8(ascii: "i")
    }

    private typealias Replacement = (suffix: StaticString, with: StaticString)

    /// Step 2; longer suffixes stand before those that they end in.
    private static let doubleSuffixes: [Replacement] = [
        ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"),
        ("biliti", "ble"), ("lessli", "less"), ("tional", "tion"), ("alism", "al"), ("aliti", "al"), ("ation", "ate"),
        ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"), ("ousli", "ous"), ("ogist", "og"), ("abli", "able"),
        ("alli", "al"), ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"), ("bli", "ble"),
    ]

    private mutating func shortenDoubleSuffix() {
        if let (suffix, replacement) = Self.doubleSuffixes.first(where: { ends($0.suffix) }) {
            if word.count - suffix.utf8CodeUnitCount >= firstRegion {
                replaceLast(suffix.utf8CodeUnitCount, with: replacement)
            }
        } else if ends("ogi") {
            if word.count - 3 >= firstRegion, word.count > 3, word[word.count - 4] == UInt8(ascii: "l") {
                word.removeLast()
            }
        } else if ends("li"), word.count > 2, word.count - 2 >= firstRegion,
            "cdeghkmnrt".utf8.contains(word[word.count - 3])
        {
            word.removeLast(2)
        }
    }

    /// Step 3.
    private static let adjectives: [Replacement] = [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"),
        ("ness", ""), ("ful", ""),
    ]

    private mutating func shortenAdjective() {
        if ends("ative") {
            if word.count - 5 >= secondRegion, word.count - 5 >= firstRegion { word.removeLast(5) }
        } else if let (suffix, replacement) = Self.adjectives.first(where: { ends($0.suffix) }),
            word.count - suffix.utf8CodeUnitCount >= firstRegion
        {
            replaceLast(suffix.utf8CodeUnitCount, with: replacement)
        }
    }

    /// Step 4.
    private static let suffixes: [StaticString] = [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion",
        "al", "er", "ic",
    ]

    private mutating func removeSuffix() {
        guard let suffix = Self.suffixes.first(where: { ends($0) }) else { return }
        let start = word.count - suffix.utf8CodeUnitCount
        guard start >= secondRegion else { return }
        if ends("ion") {
            guard start > 0, word[start - 1] == UInt8(ascii: "s") || word[start - 1] == UInt8(ascii: "t") else {
                return
            }
        }
        word.removeLast(suffix.utf8CodeUnitCount)
    }

    /// Step 5.
    private mutating func removeFinalLetter() {
        let start = word.count - 1
        if ends("e") {
            if start >= secondRegion || (start >= firstRegion && !endsInShortSyllable(at: start)) { word.removeLast() }
        } else if ends("ll"), start >= secondRegion {
            word.removeLast()
        }
    }

    /// Words that the rules would spoil.
    private static let exceptions: [String: String] = [
        "skis": "ski", "skies": "sky", "idly": "idl", "gently": "gentl", "ugly": "ugli", "early": "earli",
        "only": "onli", "singly": "singl", "sky": "sky", "news": "news", "howe": "howe", "atlas": "atlas",
        "cosmos": "cosmos", "bias": "bias", "andes": "andes",
    ]
}
