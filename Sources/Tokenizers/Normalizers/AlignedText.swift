/// Text on its way through normalisation and pre-tokenisation, as UTF-8 that knows where it came from.
///
/// Invariant: `origins`, where kept, has one entry per byte: the bytes of the original text that this byte stands for.
/// All bytes of a scalar have the same, and they ascend.
struct AlignedText: Sendable {
    private(set) var utf8: [UInt8]
    /// `nil` when nobody asked for offsets; then no step spends time on them.
    private(set) var origins: [Range<Int32>]?
    /// Where this stretch begins in the original text, 0 when offsets are not kept. Text inserted before everything else
    /// stands for the empty stretch there.
    let start: Int

    /// - Parameter offset: where `utf8` begins in the original text; `nil` when offsets are not wanted.
    init(_ utf8: some Collection<UInt8>, at offset: Int?) {
        self.utf8 = Array(utf8)
        start = offset ?? 0
        origins = offset.map { offset in Self.origins(of: self.utf8, at: offset) }
    }

    private init(utf8: [UInt8], origins: [Range<Int32>]?, start: Int) {
        self.utf8 = utf8
        self.origins = origins
        self.start = start
    }

    subscript(range: Range<Int>) -> AlignedText {
        guard let origins else { return AlignedText(utf8: Array(utf8[range]), origins: nil, start: 0) }
        let piece = Array(origins[range])
        return AlignedText(
            utf8: Array(utf8[range]), origins: piece, start: piece.first.map { Int($0.lowerBound) } ?? start)
    }

    /// Every byte stands for the whole scalar that it belongs to.
    private static func origins(of utf8: [UInt8], at offset: Int) -> [Range<Int32>] {
        var origins: [Range<Int32>] = []
        origins.reserveCapacity(utf8.count)
        var start = 0
        while start < utf8.count {
            var end = start + 1
            while end < utf8.count, utf8[end] & 0xC0 == 0x80 { end += 1 }
            origins += repeatElement(Int32(offset + start)..<Int32(offset + end), count: end - start)
            start = end
        }
        return origins
    }
}

/// Edits that keep the alignment as the reference does: an inserted scalar stands for what the scalar before it in the
/// old text stood for, and one that replaces several stands for what the first of them stood for.
extension AlignedText {
    var scalars: [UInt32] { ScalarCoding.scalars(of: utf8) }

    /// Replaces the whole text. Together the edits replace all of its scalars but the ones removed at the beginning.
    mutating func apply(_ edits: [ScalarEdit], removedAtStart: Int = 0) {
        var newUTF8: [UInt8] = []
        newUTF8.reserveCapacity(utf8.count)
        var newOrigins: [Range<Int32>] = []
        let empty = Int32(start)..<Int32(start)
        var position = 0
        skipScalars(removedAtStart, from: &position)
        for edit in edits {
            ScalarCoding.append(edit.scalar, to: &newUTF8)
            guard let origins else { continue }
            let source = edit.replaced == 0 ? position - 1 : position
            let origin = origins.indices.contains(source) ? origins[source] : origins.last ?? empty
            let width = ScalarCoding.width(of: edit.scalar)
            newOrigins += repeatElement(source < 0 ? empty : origin, count: width)
            skipScalars(edit.replaced, from: &position)
        }
        utf8 = newUTF8
        if origins != nil { origins = newOrigins }
    }

    /// Writes another byte for each, or none where that is negative, in text that is all ASCII and keeps no origins; does
    /// nothing, and says so, elsewhere.
    mutating func mapASCII(_ bytes: [Int16]) -> Bool {
        guard origins == nil, isASCII else { return false }
        var end = 0
        utf8.withUnsafeMutableBufferPointer { utf8 in
            bytes.withUnsafeBufferPointer { bytes in
                for position in utf8.indices {
                    let byte = bytes[Int(utf8[position])]
                    if byte < 0 { continue }
                    utf8[end] = UInt8(truncatingIfNeeded: byte)
                    end += 1
                }
            }
        }
        utf8.removeLast(utf8.count - end)
        return true
    }

    var isASCII: Bool {
        utf8.withUnsafeBufferPointer { utf8 in
            var union: UInt8 = 0
            for byte in utf8 { union |= byte }
            return union < 0x80
        }
    }

    private func skipScalars(_ count: Int, from position: inout Int) {
        for _ in 0..<count where position < utf8.count {
            position += 1
            while position < utf8.count, utf8[position] & 0xC0 == 0x80 { position += 1 }
        }
    }

    mutating func removeScalars(where isRemoved: (UInt32) -> Bool) {
        var edits: [ScalarEdit] = []
        var removedAtStart = 0
        for scalar in scalars {
            if !isRemoved(scalar) {
                edits.append(ScalarEdit(scalar: scalar, replaced: 1))
            } else if edits.isEmpty {
                removedAtStart += 1
            } else {
                edits[edits.count - 1].replaced += 1
            }
        }
        apply(edits, removedAtStart: removedAtStart)
    }

    mutating func mapScalars(_ transform: (UInt32) -> UInt32) {
        apply(scalars.map { ScalarEdit(scalar: transform($0), replaced: 1) })
    }

    /// Puts text before the first scalar; does nothing to empty text.
    mutating func prepend(_ prefix: [UInt8]) {
        guard !utf8.isEmpty else { return }
        var end = 0
        skipScalars(1, from: &end)
        // The prefix takes the place of the first scalar, which is inserted after it.
        if let first = origins?.first {
            let origin = prefix.isEmpty ? Int32(start)..<Int32(start) : first
            origins?.replaceSubrange(0..<end, with: repeatElement(origin, count: prefix.count + end))
        }
        utf8.insert(contentsOf: prefix, at: 0)
    }

    /// Puts `replacement` in the place of every match. It stands for what the last scalar of the match stood for.
    mutating func replaceMatches(of scanner: any SplitScanner, with replacement: [UInt8]) {
        let matches = utf8.withUnsafeBufferPointer { scanner.matches(in: $0) }
        if matches.isEmpty { return }
        var newUTF8: [UInt8] = []
        newUTF8.reserveCapacity(utf8.count)
        var newOrigins: [Range<Int32>] = []
        var position = 0
        for match in matches {
            newUTF8 += utf8[position..<match.lowerBound]
            newUTF8 += replacement
            if let origins {
                newOrigins += origins[position..<match.lowerBound]
                newOrigins += repeatElement(origins[match.upperBound - 1], count: replacement.count)
            }
            position = match.upperBound
        }
        newUTF8 += utf8[position...]
        if let origins { newOrigins += origins[position...] }
        utf8 = newUTF8
        if origins != nil { origins = newOrigins }
    }

    /// Writes every byte as its scalar of the ``ByteAlphabet``.
    mutating func spellBytes() {
        var newUTF8: [UInt8] = []
        newUTF8.reserveCapacity(utf8.count * 2)
        var newOrigins: [Range<Int32>] = []
        for (index, byte) in utf8.enumerated() {
            let scalar = ByteAlphabet.scalars[Int(byte)].value
            ScalarCoding.append(scalar, to: &newUTF8)
            if let origins { newOrigins += repeatElement(origins[index], count: ScalarCoding.width(of: scalar)) }
        }
        utf8 = newUTF8
        if origins != nil { origins = newOrigins }
    }
}
