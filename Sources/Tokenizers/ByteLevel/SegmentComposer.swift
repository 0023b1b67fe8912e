/// Normalisation form C of UTF-8, leaving alone all that is in that form whatever stands beside it.
enum SegmentComposer {
    /// The composed text; `nil` when nothing in it can change.
    static func compose(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard let first = firstActive(in: text, from: 0) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + 16)
        var copied = 0
        var active = first
        while true {
            // The scalar before may be the starter that the first one combines with.
            let start = max(copied, scalarStart(before: active, in: text))
            let end = nextInert(in: text, from: active)
            result.append(contentsOf: text[copied..<start])
            let stretch = CanonicalComposition.compose(String(decoding: text[start..<end], as: UTF8.self))
            result.append(contentsOf: stretch.utf8)
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
            let width = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if !CanonicalComposition.isInert(scalar(at: position, in: text)) { return position }
            position += width
        }
        return nil
    }

    private static func nextInert(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count, !CanonicalComposition.isInert(scalar(at: position, in: text)) {
            position = ScalarReader(text).scalar(at: position).next
        }
        return position
    }

    private static func scalar(at position: Int, in text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        UInt32(ScalarReader(text).scalar(at: position).value)
    }

    private static func scalarStart(before position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var start = max(position - 1, 0)
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}
