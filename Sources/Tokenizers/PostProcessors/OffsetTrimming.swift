import Primitives

/// Takes the spaces that tokens begin and end with out of their offsets.
struct OffsetTrimming {
    let text: UnsafeBufferPointer<UInt8>
    /// The text of a token in the vocabulary; `nil` for added tokens, which say what they were found as.
    let entry: (TokenID) -> String?

    /// - Parameter addsPrefixSpace: whether a space was put before the text, which is none of its bytes.
    func apply(to encoding: inout Encoding, addsPrefixSpace: Bool) {
        for index in encoding.ids.indices {
            let token = entry(encoding.ids[index]) ?? String(decoding: text[encoding.offsets[index]], as: UTF8.self)
            var leading = token.unicodeScalars.prefix(while: Self.isSpace).count
            let trailing = token.unicodeScalars.reversed().prefix(while: Self.isSpace).count
            if leading == 0, trailing == 0 { continue }
            let range = encoding.offsets[index]
            if leading == 1, addsPrefixSpace, index == 0 || range.lowerBound == 0 { leading = 0 }
            let start = min(position(leading, after: range.lowerBound), range.upperBound)
            let end = position(trailing, before: range.upperBound) ?? range.upperBound
            encoding.offsets[index] = start..<max(start, end)
        }
    }

    /// White space, or what stands for a space in the byte alphabet.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == ByteAlphabet.scalars[0x20] || ScalarSet.whiteSpace.contains(scalar.value)
    }

    /// So many scalars after byte `start`, as Hugging Face counts. These need not be the spaces where normalisation moved
    /// them.
    private func position(_ count: Int, after start: Int) -> Int {
        var position = start
        for _ in 0..<count where position < text.count {
            repeat { position += 1 } while position < text.count && text[position] & 0xC0 == 0x80
        }
        return position
    }

    /// So many scalars before byte `end`; `nil` when there are fewer.
    private func position(_ count: Int, before end: Int) -> Int? {
        var position = end
        for _ in 0..<count {
            if position == 0 { return nil }
            repeat { position -= 1 } while position > 0 && text[position] & 0xC0 == 0x80
        }
        return position
    }
}
