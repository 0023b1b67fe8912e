import Foundation

/// Turns texts into the terms that an index counts, the same for documents and queries.
public enum TextAnalyzer: String, Sendable, Hashable, CaseIterable {
    /// Lower-case words as they are written.
    case plain
    /// English medical text: case, accents and Greek letters folded, function words left out, British spelling made
    /// American, words stemmed. Words joined by a hyphen, an apostrophe, a slash or a full stop are terms of their own
    /// and one term together (`IL-2` is `il`, `2` and `il2`); a word of letters and digits is also its runs of either.
    case english

    /// Marks the words that stand for several joined ones.
    private static let compoundMark: UInt8 = 1

    /// The terms of a text in its order.
    func terms(of text: String) -> [[UInt8]] {
        var terms: [[UInt8]] = []
        forEachWord(of: text) { word in terms += self.terms(ofWord: word) }
        return terms
    }

    /// Calls `body` with each word of a text; what ``terms(ofWord:)`` makes of it depends on these bytes alone.
    func forEachWord(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        switch self {
        case .plain:
            for word in WordScanner.words(of: text) {
                // Canonically equivalent spellings are one word.
                var word = word.utf8.allSatisfy { $0 < 0x80 } ? word : word.precomposedStringWithCanonicalMapping
                word.withUTF8(body)
            }
        case .english:
            var text = text
            text.withUTF8 { Self.scan($0, body) }
        }
    }

    /// Whether a word stands for several joined ones, which came before it.
    func isCompound(_ word: UnsafeBufferPointer<UInt8>) -> Bool { self == .english && word.first == Self.compoundMark }

    /// The terms of one word; none for a function word.
    func terms(ofWord word: UnsafeBufferPointer<UInt8>) -> [[UInt8]] {
        guard self == .english, let first = word.first else { return [Array(word)] }
        guard first != Self.compoundMark else { return [Self.stem(Array(word.dropFirst()))] }
        let word = Array(word)
        if word.count <= StopWords.longest, StopWords.english.contains(word) { return [] }
        var runs: [[UInt8]] = []
        for byte in word {
            if let last = runs.last?.last, Self.isDigit(last) == Self.isDigit(byte) {
                runs[runs.count - 1].append(byte)
            } else {
                runs.append([byte])
            }
        }
        return runs.count == 1 ? [Self.stem(word)] : [word] + runs.map(Self.stem)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func stem(_ word: [UInt8]) -> [UInt8] {
        guard word.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) else { return word }
        return EnglishStemmer.stem(americanSpelling(word))
    }

    /// `haematology` → `hematology`, `oesophagus` → `esophagus`, `tumour` → `tumor`.
    private static func americanSpelling(_ word: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(word.count)
        for (index, byte) in word.enumerated() {
            let next = index + 1 < word.count ? word[index + 1] : 0
            if byte == UInt8(ascii: "a") || byte == UInt8(ascii: "o"), next == UInt8(ascii: "e") { continue }
            let isOur = byte == UInt8(ascii: "u") && next == UInt8(ascii: "r") && result.last == UInt8(ascii: "o")
            if isOur, index >= 4, britishEndings.contains(Array(word[(index + 2)...])) { continue }
            result.append(byte)
        }
        return result
    }

    /// What may follow an "-our" that is "-or" in America.
    private static let britishEndings: Set<[UInt8]> = Set(
        ["", "s", "al", "ed", "ing", "igenic", "igenesis", "less", "able"].map { Array($0.utf8) })

    // MARK: Scanning

    private enum Class: UInt8 { case separator = 0, connector = 1 }

    /// For each ASCII character its lower case if it is a letter or digit, or its class.
    private static let classes: [UInt8] = (0..<128).map { value -> UInt8 in
        switch UInt8(value) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(value)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(value) | 0x20
        case UInt8(ascii: "-"), UInt8(ascii: "'"), UInt8(ascii: "/"), UInt8(ascii: "."): Class.connector.rawValue
        default: Class.separator.rawValue
        }
    }

    private static func scan(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var words = WordCollector(mark: compoundMark)
        classes.withUnsafeBufferPointer { classes in
            var index = 0
            while index < text.count {
                let byte = text[index]
                if byte < 0x80 {
                    index += 1
                    let kind = classes[Int(byte)]
                    if kind > Class.connector.rawValue {
                        words.append(kind)
                    } else if kind == Class.connector.rawValue {
                        words.connect(body)
                    } else {
                        words.finish(body)
                    }
                    continue
                }
                let (scalar, length) = decode(text, at: index)
                index += length
                switch CharacterFolding.fold(scalar) {
                case .separator: words.finish(body)
                case .connector: words.connect(body)
                case .letters(let bytes): for byte in bytes { words.append(byte) }
                }
            }
        }
        words.finish(body)
    }

    /// A scalar of valid UTF-8 beyond ASCII.
    private static func decode(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar, Int) {
        let first = UInt32(text[index])
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard index + length <= text.count else { return (" ", 1) }
        var value = first & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(text[index + offset]) & 0x3F }
        return (Unicode.Scalar(value) ?? " ", length)
    }
}

/// The word that is being read, and the words that it is joined to.
private struct WordCollector {
    private static let maximumBytes = 1 << 10
    private var word: [UInt8] = []
    private var compound: [UInt8]
    private var parts = 0

    init(mark: UInt8) {
        word.reserveCapacity(64)
        compound = [mark]
    }

    mutating func append(_ byte: UInt8) {
        // A longer run is no word of a language; its beginning stands for it.
        if word.count < Self.maximumBytes { word.append(byte) }
    }

    /// Ends a word that the next may be joined to.
    mutating func connect(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if word.isEmpty { return finish(body) }
        word.withUnsafeBufferPointer(body)
        join()
    }

    mutating func finish(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        if !word.isEmpty {
            word.withUnsafeBufferPointer(body)
            if parts > 0 { join() } else { word.removeAll(keepingCapacity: true) }
        }
        guard parts > 0 else { return }
        if parts > 1, compound.count <= Self.maximumBytes { compound.withUnsafeBufferPointer(body) }
        compound.removeLast(compound.count - 1)
        parts = 0
    }

    private mutating func join() {
        if compound.count <= Self.maximumBytes { compound += word }
        parts += 1
        word.removeAll(keepingCapacity: true)
    }
}
