/// Passes over text that cannot begin any of a set of names, eight bytes at a time where the names begin alike.
struct FirstByteScan: Sendable {
    /// Above this many first bytes a table is faster than comparing with each.
    private static let mostNeedles = 3
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The first bytes, each repeated eight times; `nil` when there are too many of them.
    private let needles: [UInt64]?
    private let isFirst: [Bool]

    init(_ firstBytes: Set<UInt8>) {
        needles = firstBytes.count <= Self.mostNeedles ? firstBytes.sorted().map { UInt64($0) * Self.ones } : nil
        isFirst = (0..<256).map { firstBytes.contains(UInt8($0)) }
    }

    /// The first byte at or after `start` that begins a name.
    func firstPosition(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var position = start
        if let needles {
            if needles.isEmpty { return nil }
            position = passOver(text, from: start, needles)
        }
        return isFirst.withUnsafeBufferPointer { isFirst in
            while position < text.count {
                if isFirst[Int(text[position])] { return position }
                position += 1
            }
            return nil
        }
    }

    /// The start of the first eight bytes that hold one of the needles, or of the last, incomplete ones.
    private func passOver(_ text: UnsafeBufferPointer<UInt8>, from start: Int, _ needles: [UInt64]) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        let first = needles[0]
        let second = needles.count > 1 ? needles[1] : first
        let third = needles.count > 2 ? needles[2] : first
        var position = start
        while position + 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if Self.zeroBytes(word ^ first) | Self.zeroBytes(word ^ second) | Self.zeroBytes(word ^ third) != 0 {
                break
            }
            position += 8
        }
        return position
    }

    /// Not zero exactly when one of the eight bytes is zero.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highBits }
}
