/// Searching and trimming text byte by byte, where `String` would compare characters and see `"\r\n"` as one.
typealias ByteText = ArraySlice<UInt8>

extension ByteText {
    init(_ text: String) { self = Array(text.utf8)[...] }

    var string: String { String(decoding: self, as: UTF8.self) }

    /// The first occurrence of `needle` at or after `start`.
    func firstRange(of needle: ByteText, from start: Int? = nil) -> Range<Int>? {
        guard let first = needle.first, count >= needle.count else { return nil }
        var position = start ?? startIndex
        while position + needle.count <= endIndex {
            if self[position] == first, self[position...].starts(with: needle) {
                return position..<position + needle.count
            }
            position += 1
        }
        return nil
    }

    /// The last occurrence of `needle`.
    func lastRange(of needle: ByteText) -> Range<Int>? {
        var last: Range<Int>?
        while let range = firstRange(of: needle, from: last?.upperBound) { last = range }
        return last
    }

    func hasSuffix(_ suffix: ByteText) -> Bool { count >= suffix.count && self.suffix(suffix.count) == suffix }

    func trimmingLeadingNewlines() -> ByteText { drop { $0 == UInt8(ascii: "\n") } }

    func trimmingTrailingNewlines() -> ByteText {
        var result = self
        while result.last == UInt8(ascii: "\n") { result.removeLast() }
        return result
    }

    func trimmingNewlines() -> ByteText { trimmingLeadingNewlines().trimmingTrailingNewlines() }
}
