/// The normaliser `Precompiled`: the replacement rules of a SentencePiece model, as that library compiles them.
///
/// The member holds, in Base64, the size of a double array in bytes (32 bits, little endian), the array, and the
/// replacements, each ended by a zero byte. The array is a trie over the UTF-8 of what is replaced, in the layout of the
/// Darts-clone library; its values are positions among the replacements.
///
/// The text equals the reference's. Offsets after a cluster of several scalars whose replacement is the one of its first
/// scalars alone can differ by one scalar.
struct PrecompiledNormalization: Sendable {
    private let units: [UInt32]
    private let replacements: [UInt8]
    /// Whether each ASCII character stays as it is in text that is all ASCII; no carriage return, which forms a cluster
    /// with the line feed after it.
    private var keepsASCII: [Bool] = []

    /// Longer grapheme clusters, in bytes, are not looked up as a whole.
    private static let longestCluster = 5

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(type: "Precompiled", members: ["precompiled_charsmap"])
        let member = component["precompiled_charsmap"]
        let expected = "a compiled rule table in Base64"
        guard let bytes = Self.base64(try member.string(expected)), bytes.count >= 4 else {
            throw member.unsupported(expected)
        }
        func unit(at position: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << UInt32(8 * $1) }
        }
        let size = Int(unit(at: 0))
        guard size % 4 == 0, size > 0, size + 4 <= bytes.count else { throw member.unsupported(expected) }
        units = stride(from: 4, to: 4 + size, by: 4).map(unit)
        replacements = Array(bytes[(4 + size)...])
        guard String(validating: replacements, as: UTF8.self) != nil else { throw member.unsupported(expected) }
        keepsASCII = (0..<0x80).map { (character: UInt32) in
            character != 0x0D && replacement(for: [character], limit: .max) == nil
        }
    }

    func normalize(_ text: inout AlignedText) {
        if text.utf8.allSatisfy({ $0 < 0x80 && keepsASCII[Int($0)] }) { return }
        let scalars = text.scalars
        var edits: [ScalarEdit] = []
        edits.reserveCapacity(scalars.count)
        func append(_ replacement: [UInt32], replacing count: Int) {
            if replacement.isEmpty, !edits.isEmpty { edits[edits.count - 1].replaced += count }
            for (index, scalar) in replacement.enumerated() {
                edits.append(ScalarEdit(scalar: scalar, replaced: index == 0 ? count : 0))
            }
        }
        var start = 0
        while start < scalars.count {
            let end = GraphemeClusters.end(in: scalars, from: start)
            if let replacement = replacement(for: scalars[start..<end], limit: Self.longestCluster) {
                append(replacement, replacing: end - start)
            } else {
                for index in start..<end {
                    append(replacement(for: scalars[index...index], limit: .max) ?? [scalars[index]], replacing: 1)
                }
            }
            start = end
        }
        // What is removed at the very beginning is not accounted for, as in the reference: all alignments shift.
        text.apply(edits)
    }

    /// What takes the place of scalars that begin with a key: the replacement of the shortest such key.
    private func replacement(for scalars: ArraySlice<UInt32>, limit: Int) -> [UInt32]? {
        var key: [UInt8] = []
        for scalar in scalars {
            ScalarCoding.append(scalar, to: &key)
            if key.count > limit { return nil }
        }
        guard let position = value(ofPrefixOf: key), position < replacements.count else { return nil }
        return ScalarCoding.scalars(of: Array(replacements[position...].prefix { $0 != 0 }))
    }

    private func value(ofPrefixOf key: [UInt8]) -> Int? {
        guard var unit = units.first else { return nil }
        var node = Self.offset(unit)
        for byte in key {
            if byte == 0 { return nil }
            node ^= Int(byte)
            guard node < units.count else { return nil }
            unit = units[node]
            let label = unit & (1 << 31 | 0xFF)
            guard label == UInt32(byte) else { return nil }
            node ^= Self.offset(unit)
            let hasLeaf = unit >> 8 & 1 == 1
            if hasLeaf { return node < units.count ? Int(units[node] & 0x7FFF_FFFF) : nil }
        }
        return nil
    }

    private static func offset(_ unit: UInt32) -> Int { Int(unit >> 10) << Int((unit & 1 << 9) >> 6) }

    private static func base64(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        var padding = 0
        for character in text.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                padding += 1
                continue
            default: return nil
            }
            if padding > 0 { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        let isWhole = text.utf8.count % 4 == 0 && padding <= 2 && bits & (1 << UInt32(bitCount) - 1) == 0
        return isWhole ? bytes : nil
    }
}
