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

    static func isInert(_ value: UInt32) -> Bool { inertRanges.contains { $0.contains(value) } }

    /// Whether the bytes hold only inert scalars, so that composing them changes nothing.
    static func isCertainlyComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        firstActive(in: text, from: 0) == nil
    }

    static func compose(_ text: String) -> String {
        var text = text
        return text.withUTF8 { composed($0).map { String(decoding: $0, as: UTF8.self) } } ?? text
    }

    /// The composed text; `nil` when it ``isCertainlyComposed(_:)``.
    ///
    /// Only what lies between a scalar that is followed by one that is not inert and the next inert one can change, and
    /// each such stretch changes by itself.
    static func composed(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let first = firstActive(in: text, from: 0) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var copied = 0
        var active = first
        while true {
            // The scalar before may be the starter that the first one combines with.
            let start = max(copied, scalarStart(before: active, in: text))
            let end = stretchEnd(in: text, from: active)
            result.append(contentsOf: text[copied..<start])
            let stretch = ScalarCoding.scalars(of: UnsafeBufferPointer(rebasing: text[start..<end]))
            for edit in NormalizationForm.composed.edits(of: stretch) { ScalarCoding.append(edit.scalar, to: &result) }
            copied = end
            guard let next = firstActive(in: text, from: end) else { break }
            active = next
        }
        result.append(contentsOf: text[copied...])
        return result
    }

    /// The first scalar at or after `start` that is not inert.
    private static func firstActive(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let bytes = text.baseAddress else { return nil }
        let raw = UnsafeRawPointer(bytes)
        // Every scalar from U+0300 on begins with a byte of at least 0xCC; smaller bytes begin or continue others. A
        // byte is that large when its two highest bits are set and one of 0x20, 0x10 and, with 0x08, 0x04.
        let ones: UInt64 = 0x0101_0101_0101_0101
        var position = start
        while position < text.count {
            while position + 8 <= text.count {
                let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                let large = word & (word << 1) & (word << 2 | word << 3 | (word << 4 & word << 5)) & (ones &* 0x80)
                if large != 0 {
                    position += large.trailingZeroBitCount >> 3
                    break
                }
                position += 8
            }
            guard position < text.count else { return nil }
            let byte = bytes[position]
            if byte < 0xCC {
                position += 1
                continue
            }
            let (scalar, width) = ScalarCoding.scalar(in: text, at: position)
            if !isInert(scalar) { return position }
            position += width
        }
        return nil
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

    private static func scalarStart(before position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = max(position - 1, 0)
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}
