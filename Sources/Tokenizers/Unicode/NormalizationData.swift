/// ``CanonicalTables`` and ``CompatibilityTables`` made ready for look-ups.
struct NormalizationData: Sendable {
    static let shared = NormalizationData()

    /// Indexed by scalar; all scalars beyond have class 0.
    private var classes: [UInt8] = []
    private var decompositions: [UInt32: [UInt32]] = [:]
    private var composites: [UInt64: UInt32] = [:]

    private static let compatibilityDecompositions = readCompatibilityDecompositions()

    private init() {
        readCombiningClasses()
        readOtherDecompositions()
        readCompositions()
    }

    private mutating func readCombiningClasses() {
        let ranges = CanonicalTables.combiningClasses
        for index in stride(from: 0, to: ranges.count, by: 3) {
            classes += repeatElement(0, count: Int(ranges[index]))
            classes += repeatElement(UInt8(ranges[index + 2]), count: Int(ranges[index + 1]))
        }
    }

    private mutating func readOtherDecompositions() {
        let others = CanonicalTables.otherDecompositions
        var scalar: UInt32 = 0
        var index = 0
        while index < others.count {
            scalar += others[index]
            let parts = index + 2..<index + 2 + Int(others[index + 1])
            decompositions[scalar] = Array(others[parts])
            index = parts.upperBound
        }
    }

    private mutating func readCompositions() {
        let pairs = CanonicalTables.compositions
        var parts: [UInt32: (UInt32, UInt32)] = [:]
        var scalar: UInt32 = 0
        for index in stride(from: 0, to: pairs.count, by: 3) {
            scalar += pairs[index]
            parts[scalar] = (pairs[index + 1], pairs[index + 2])
            composites[Self.key(pairs[index + 1], pairs[index + 2])] = scalar
        }
        func expand(_ scalar: UInt32) -> [UInt32] {
            if let (first, second) = parts[scalar] { return expand(first) + expand(second) }
            return decompositions[scalar] ?? [scalar]
        }
        for composite in parts.keys { decompositions[composite] = expand(composite) }
    }

    private static func readCompatibilityDecompositions() -> [UInt32: [UInt32]] {
        let table = CompatibilityTables.decompositions
        var result: [UInt32: [UInt32]] = [:]
        var scalar: UInt32 = 0
        var index = 0
        while index < table.count {
            scalar += table[index]
            let end = index + 2 + Int(table[index + 1] % 32)
            var parts = Array(table[index + 2..<end])
            for _ in 0..<table[index + 1] / 32 {
                result[scalar] = parts
                scalar += 1
                parts[parts.count - 1] += 1
            }
            index = end
        }
        return result
    }

    @inline(__always)
    func combiningClass(of scalar: UInt32) -> UInt8 {
        scalar >= 0x300 && scalar < classes.count ? classes[Int(scalar)] : 0
    }

    /// `nil` when the scalar decomposes into itself.
    func decomposition(of scalar: UInt32, isCompatibility: Bool) -> [UInt32]? {
        if scalar < 0xA0 { return nil }
        if HangulSyllables.range.contains(scalar) { return HangulSyllables.decomposition(of: scalar) }
        if isCompatibility, let parts = Self.compatibilityDecompositions[scalar] { return parts }
        return decompositions[scalar]
    }

    func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        // Nothing below U+0300 is the second half of a pair.
        if second < 0x300 { return nil }
        return HangulSyllables.composite(first, second) ?? composites[Self.key(first, second)]
    }

    private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }
}
