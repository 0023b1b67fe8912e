/// UTF-8 to scalar values and back, for text that is known to be valid.
enum ScalarCoding {
    /// The scalar that begins at byte `position`, and its width in bytes. Never reads beyond the text.
    @inline(__always)
    static func scalar(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> (value: UInt32, width: Int) {
        let first = UInt32(text[position])
        if first < 0x80 { return (first, 1) }
        let width = min(first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4, text.count - position)
        var value = first & (width == 2 ? 0x1F : width == 3 ? 0x0F : 0x07)
        for offset in 1..<max(width, 1) { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
        return (value, width)
    }

    static func scalars(of utf8: [UInt8]) -> [UInt32] { utf8.withUnsafeBufferPointer { scalars(of: $0) } }

    static func scalars(of text: UnsafeBufferPointer<UInt8>) -> [UInt32] {
        var scalars: [UInt32] = []
        scalars.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            let (value, width) = scalar(in: text, at: position)
            scalars.append(value)
            position += width
        }
        return scalars
    }

    /// The number of bytes of a scalar in UTF-8.
    @inline(__always)
    static func width(of scalar: UInt32) -> Int { scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4 }

    static func append(_ scalar: UInt32, to utf8: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
        switch width(of: scalar) {
        case 1:
            utf8.append(UInt8(scalar))
        case 2:
            utf8.append(UInt8(0xC0 | scalar >> 6))
            utf8.append(continuation(0))
        case 3:
            utf8.append(UInt8(0xE0 | scalar >> 12))
            utf8.append(continuation(6))
            utf8.append(continuation(0))
        default:
            utf8.append(UInt8(0xF0 | scalar >> 18 & 0x07))
            utf8.append(continuation(12))
            utf8.append(continuation(6))
            utf8.append(continuation(0))
        }
    }
}
