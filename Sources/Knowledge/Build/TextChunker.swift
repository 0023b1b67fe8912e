/// Cuts texts into pieces that end where sentences end and overlap, so that a fact stated across two sentences stands whole
/// in one piece.
///
/// Invariants: the pieces cover the text in order; none is longer than `maximumBytes`; two neighbours share at most
/// `overlapBytes`; no character is cut.
public struct TextChunker: Sendable, Hashable {
    public let maximumBytes: Int
    public let overlapBytes: Int

    /// - Parameters:
    ///   - maximumBytes: at least 64, about four for a token.
    ///   - overlapBytes: less than half of `maximumBytes`; larger ones are cut to that.
    public init(maximumBytes: Int = 4_800, overlapBytes: Int = 400) {
        self.maximumBytes = max(64, maximumBytes)
        self.overlapBytes = min(max(0, overlapBytes), self.maximumBytes / 2 - 1)
    }

    /// The UTF-8 ranges of the pieces.
    public func chunks(of text: String) -> [Range<Int>] {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return [] }
        let ends = Self.sentenceEnds(bytes)
        var chunks: [Range<Int>] = []
        var start = 0
        while true {
            let end = self.end(from: start, after: chunks.last?.upperBound ?? 0, ends, bytes)
            guard let end else {
                // Nothing new fits behind the overlap: the next piece begins where the last one ended.
                start = chunks.last?.upperBound ?? 0
                continue
            }
            chunks.append(start..<end)
            if end == bytes.count { return chunks }
            start = ends[Self.firstIndex(in: ends, notBelow: end - overlapBytes)]
            if start > end { start = end }
        }
    }

    /// The end of the piece that begins at `start`, behind `last`; `nil` where a sentence beyond `last` does not fit, though
    /// it would from `last` on.
    private func end(from start: Int, after last: Int, _ ends: [Int], _ bytes: [UInt8]) -> Int? {
        let limit = start + maximumBytes
        if limit >= bytes.count { return bytes.count }
        let index = Self.firstIndex(in: ends, notBelow: limit + 1) - 1
        if index >= 0, ends[index] > max(start, last) { return ends[index] }
        guard start >= last else { return nil }
        // A sentence that is longer than a piece is cut at a space, or else between characters.
        if let space = bytes[(start + maximumBytes / 2)..<limit].lastIndex(where: { $0 == 0x20 || $0 == 0x0A }) {
            return space + 1
        }
        var end = limit
        while end > start + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    private static func firstIndex(in ends: [Int], notBelow value: Int) -> Int {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Words before a point that seldom end a sentence.
    private static let abbreviations: Set = [
        "e.g", "i.e", "vs", "al", "fig", "figs", "dr", "prof", "approx", "cf", "etc", "no", "st", "mr", "mrs", "ms",
        "resp",
        "ca", "spp", "sp", "var", "subsp", "vol", "ref", "refs",
    ]

    /// Where a sentence ends and the space behind it has been passed; ascending, the end of the text last.
    static func sentenceEnds(_ bytes: [UInt8]) -> [Int] {
        var ends: [Int] = []
        func isSpace(_ index: Int) -> Bool { bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) }
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x0A {
                while index < bytes.count, isSpace(index) { index += 1 }
            } else if byte == UInt8(ascii: ".") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?") {
                let point = index - 1
                while index < bytes.count, [0x22, 0x27, 0x29, 0x5D].contains(bytes[index]) { index += 1 }
                guard index < bytes.count, isSpace(index) else { continue }
                while index < bytes.count, isSpace(index) { index += 1 }
                guard index < bytes.count else { break }
                // A sentence begins with a capital, a digit, a mark or a character beyond ASCII.
                if (0x61...0x7A).contains(bytes[index]) { continue }
                if byte == UInt8(ascii: "."), isAbbreviation(before: point, bytes) { continue }
            } else {
                continue
            }
            if index < bytes.count { ends.append(index) }
        }
        ends.append(bytes.count)
        return ends
    }

    private static func isAbbreviation(before point: Int, _ bytes: [UInt8]) -> Bool {
        var start = point
        while start > 0, bytes[start - 1] != 0x20, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x28 { start -= 1 }
        let word = String(decoding: bytes[start..<point], as: UTF8.self)
        // A single capital is an initial.
        return word.utf8.count == 1 && word.first?.isUppercase == true || abbreviations.contains(word.lowercased())
    }
}
