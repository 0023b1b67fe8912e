/// Text on its way through normalisation and pre-tokenisation, as UTF-8 that knows where it came from.
///
/// Invariant: `origins`, where kept, has one entry per byte: the bytes of the original text that this byte stands for.
struct AlignedText: Sendable {
    var utf8: [UInt8]
    /// `nil` when nobody asked for offsets; then no step spends time on them.
    var origins: [Range<Int32>]?

    /// - Parameter offset: where `utf8` begins in the original text; `nil` when offsets are not wanted.
    init(_ utf8: some Collection<UInt8>, at offset: Int?) {
        self.utf8 = Array(utf8)
        origins = offset.map { offset in Self.origins(of: self.utf8, at: offset) }
    }

    private init(utf8: [UInt8], origins: [Range<Int32>]?) {
        self.utf8 = utf8
        self.origins = origins
    }

    subscript(range: Range<Int>) -> AlignedText {
        AlignedText(utf8: Array(utf8[range]), origins: origins.map { Array($0[range]) })
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
