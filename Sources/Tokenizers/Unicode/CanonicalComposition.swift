/// Unicode normalisation form C as of Unicode 9.0, the version in Hugging Face `tokenizers`.
///
/// Not left to Foundation, whose tables are of another version and which, in Swift 6.3, composes some scalars beyond
/// U+FFFF by the rules of others (U+21ECC, U+0302 becomes U+1ED8).
enum CanonicalComposition {
    /// Scalars that are in form C whatever stands beside them: their combining class is 0, they never combine with the
    /// scalar before them, and they are their own normal form. Not every such scalar is listed, the usual ones are.
    static let inertRanges: [ClosedRange<UInt32>] = [
        0x0000...0x02FF, 0x0388...0x0482, 0x048A...0x0590, 0x2010...0x20CF, 0x2200...0x2328, 0x2330...0x2ADB,
        0x3003...0x3029, 0x3030...0x3098, 0x309B...0xA66E, 0xAC00...0xD7A3, 0xE000...0xF8FF, 0xFF00...0xFFEF,
        0x1F000...0x1FAFF, 0x20000...0x2F7FF,
    ]

    /// Whether the bytes hold only inert scalars, so that composing them would change nothing.
    static func isCertainlyComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var position = 0
        while position < text.count {
            let first = UInt32(text[position])
            // Every scalar from U+0300 on begins with a byte of at least 0xCC; smaller bytes begin or continue others.
            if first < 0xCC {
                position += 1
                continue
            }
            let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            var value = first & (width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07)
            for offset in 1..<width { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
            guard isInert(value) else { return false }
            position += width
        }
        return true
    }

    static func isInert(_ value: UInt32) -> Bool { inertRanges.contains { $0.contains(value) } }

    static func compose(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for value in compose(text.unicodeScalars.map(\.value)) {
            if let scalar = Unicode.Scalar(value) { result.append(scalar) }
        }
        return String(result)
    }

    /// The algorithm of Unicode Standard Annex 15: decompose, put marks into canonical order, compose.
    private static func compose(_ scalars: [UInt32]) -> [UInt32] {
        let data = Data.shared
        var decomposed: [UInt32] = []
        decomposed.reserveCapacity(scalars.count * 2)
        for scalar in scalars { data.appendDecomposition(of: scalar, to: &decomposed) }
        putMarksInOrder(&decomposed, data)
        var result: [UInt32] = []
        result.reserveCapacity(decomposed.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in decomposed {
            let combiningClass = data.combiningClass(of: scalar)
            if let starter, lastClass < combiningClass || starter == result.count - 1,
                let composite = data.composite(result[starter], scalar)
            {
                result[starter] = composite
                continue
            }
            result.append(scalar)
            if combiningClass == 0 { starter = result.count - 1 }
            lastClass = combiningClass
        }
        return result
    }

    /// Sorts each run of marks by combining class, keeping the order of equal classes.
    private static func putMarksInOrder(_ scalars: inout [UInt32], _ data: Data) {
        for index in scalars.indices {
            let scalar = scalars[index]
            let combiningClass = data.combiningClass(of: scalar)
            if combiningClass == 0 { continue }
            var position = index
            while position > 0, data.combiningClass(of: scalars[position - 1]) > combiningClass {
                scalars[position] = scalars[position - 1]
                position -= 1
            }
            scalars[position] = scalar
        }
    }

    /// ``CanonicalTables`` made ready for look-ups.
    private struct Data: Sendable {
        static let shared = Data()

        private var classes: [UInt32: UInt8] = [:]
        private var decompositions: [UInt32: [UInt32]] = [:]
        private var composites: [UInt64: UInt32] = [:]

        init() {
            let ranges = CanonicalTables.combiningClasses
            var scalar: UInt32 = 0
            for index in stride(from: 0, to: ranges.count, by: 3) {
                scalar += ranges[index]
                for _ in 0..<ranges[index + 1] {
                    classes[scalar] = UInt8(ranges[index + 2])
                    scalar += 1
                }
            }
            let others = CanonicalTables.otherDecompositions
            scalar = 0
            var index = 0
            while index < others.count {
                scalar += others[index]
                let parts = index + 2..<index + 2 + Int(others[index + 1])
                decompositions[scalar] = Array(others[parts])
                index = parts.upperBound
            }
            let pairs = CanonicalTables.compositions
            var parts: [UInt32: (UInt32, UInt32)] = [:]
            scalar = 0
            for index in stride(from: 0, to: pairs.count, by: 3) {
                scalar += pairs[index]
                parts[scalar] = (pairs[index + 1], pairs[index + 2])
                composites[Self.key(pairs[index + 1], pairs[index + 2])] = scalar
            }
            func expand(_ scalar: UInt32) -> [UInt32] {
                if let (first, second) = parts[scalar] { return expand(first) + expand(second) }
                return decompositions[scalar] ?? [scalar]
            }
            for composite in parts.keys { decompositions[composite] = expand(composite) }
        }

        @inline(__always)
        func combiningClass(of scalar: UInt32) -> UInt8 { scalar < 0x300 ? 0 : classes[scalar] ?? 0 }

        func appendDecomposition(of scalar: UInt32, to result: inout [UInt32]) {
            if scalar >= Hangul.syllables && scalar < Hangul.syllablesEnd {
                result.append(contentsOf: Hangul.decomposition(of: scalar))
            } else if let parts = decompositions[scalar] {
                result.append(contentsOf: parts)
            } else {
                result.append(scalar)
            }
        }

        func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
            Hangul.composite(first, second) ?? composites[Self.key(first, second)]
        }

        private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }
    }

    /// Hangul syllables: a leading consonant, a vowel and possibly a trailing consonant (Unicode Standard, 3.12).
    private enum Hangul {
        static let leading: UInt32 = 0x1100
        static let vowels: UInt32 = 0x1161
        /// One before the first trailing consonant.
        static let trailing: UInt32 = 0x11A7
        static let syllables: UInt32 = 0xAC00
        static let syllablesEnd = syllables + leadingCount * vowelCount * trailingCount
        static let leadingCount: UInt32 = 19
        static let vowelCount: UInt32 = 21
        static let trailingCount: UInt32 = 28

        static func decomposition(of syllable: UInt32) -> [UInt32] {
            let index = syllable - syllables
            let pair = index / trailingCount
            let parts = [leading + pair / vowelCount, vowels + pair % vowelCount]
            return index % trailingCount == 0 ? parts : parts + [trailing + index % trailingCount]
        }

        static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
            if first >= leading, first < leading + leadingCount, second >= vowels, second < vowels + vowelCount {
                return syllables + ((first - leading) * vowelCount + second - vowels) * trailingCount
            }
            let isOpenSyllable =
                first >= syllables && first < syllablesEnd && (first - syllables) % trailingCount == 0
            guard isOpenSyllable, second > trailing, second < trailing + trailingCount else { return nil }
            return first + second - trailing
        }
    }
}
