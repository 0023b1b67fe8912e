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
        var text = text
        return text.withUTF8 { String(decoding: compose($0), as: UTF8.self) }
    }

    /// Only what lies between an inert scalar that is followed by others and the next inert scalar can change, and each
    /// such stretch changes by itself.
    static func compose(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var copied = 0
        var lastInert = 0
        var position = 0
        while position < text.count {
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            if scalar < 0x300 || isInert(scalar) {
                lastInert = position
                position += width
                continue
            }
            result.append(contentsOf: text[copied..<lastInert])
            copied = stretchEnd(in: text, from: position)
            appendComposed(text[lastInert..<copied], to: &result)
            lastInert = copied
            position = copied
        }
        result.append(contentsOf: text[copied...])
        return result
    }

    private static func stretchEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count {
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            if isInert(scalar) { break }
            position += width
        }
        return position
    }

    private static func appendComposed(_ stretch: Slice<UnsafeBufferPointer<UInt8>>, to result: inout [UInt8]) {
        let text = UnsafeBufferPointer(rebasing: stretch)
        var scalars: [UInt32] = []
        var position = 0
        while position < text.count {
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            scalars.append(scalar)
            position += width
        }
        for edit in NormalizationForm.composed.edits(of: scalars) { ScalarCoding.append(edit.scalar, to: &result) }
    }
}
