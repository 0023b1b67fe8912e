/// A set of Unicode scalars, one bit for each.
struct ScalarSet: Sendable, Hashable {
    private static let scalarCount = 0x110000

    private var words = [UInt64](repeating: 0, count: scalarCount / 64)

    init() {}

    init(_ ranges: ClosedRange<UInt32>...) {
        for range in ranges { insert(range) }
    }

    /// - Parameter alternation: the number of scalars outside the set and the number in it, in turn, from U+0000.
    init(alternation: [UInt32]) {
        var position: UInt32 = 0
        for index in stride(from: 0, to: alternation.count - 1, by: 2) {
            let start = position + alternation[index]
            position = start + alternation[index + 1]
            insert(start...position - 1)
        }
    }

    /// All scalars of some classes.
    init(where isIncluded: (ScalarClass) -> Bool) {
        var isMember = [Bool](repeating: false, count: 256)
        for value in UInt8.min...UInt8.max {
            if let scalarClass = ScalarClass(rawValue: value) { isMember[Int(value)] = isIncluded(scalarClass) }
        }
        let classes = ScalarTables.classes
        words.withUnsafeMutableBufferPointer { words in
            for index in words.indices {
                var word: UInt64 = 0
                for bit in 0..<64 where isMember[Int(classes[index * 64 + bit].rawValue)] { word |= 1 << UInt64(bit) }
                words[index] = word
            }
        }
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        let index = Int(scalar >> 6)
        return index < words.count && words[index] >> UInt64(scalar & 63) & 1 == 1
    }

    /// The bits of all scalars, 64 to a word, in memory that the caller frees.
    func copyBits() -> UnsafeMutablePointer<UInt64> {
        let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: words.count)
        copy.initialize(from: words, count: words.count)
        return copy
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        for scalar in range where Int(scalar) < Self.scalarCount { words[Int(scalar >> 6)] |= 1 << UInt64(scalar & 63) }
    }

    mutating func remove(_ range: ClosedRange<UInt32>) {
        for scalar in range where Int(scalar) < Self.scalarCount {
            words[Int(scalar >> 6)] &= ~(1 << UInt64(scalar & 63))
        }
    }

    mutating func formUnion(_ other: ScalarSet) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    mutating func formIntersection(_ other: ScalarSet) {
        for index in words.indices { words[index] &= other.words[index] }
    }

    mutating func complement() {
        for index in words.indices { words[index] = ~words[index] }
    }

    func complemented() -> ScalarSet {
        var result = self
        result.complement()
        return result
    }

    /// The scalar of a set of one.
    var only: UInt32? {
        var result: UInt32?
        for (index, word) in words.enumerated() where word != 0 {
            guard result == nil, word.nonzeroBitCount == 1 else { return nil }
            result = UInt32(index * 64 + word.trailingZeroBitCount)
        }
        return result
    }

    var isASCII: Bool { words[2...].allSatisfy { $0 == 0 } }

    func isDisjoint(with other: ScalarSet) -> Bool {
        zip(words, other.words).allSatisfy { $0 & $1 == 0 }
    }
}

/// The sets that components ask about.
extension ScalarSet {
    /// `\s`, and what Rust calls white space.
    static let whiteSpace = ScalarSet { $0.isWhiteSpace }

    /// `\w` outside brackets in Oniguruma, the dialect of `Split` and `Replace`.
    static let word = ScalarSet { $0.isWord }

    /// `\w` in brackets in Oniguruma: without the superscript digits and fractions of Latin-1.
    static let wordInBrackets: ScalarSet = {
        var set = word
        set.remove(0xB2...0xB3)
        set.remove(0xB9...0xB9)
        set.remove(0xBC...0xBE)
        return set
    }()

    /// `\w` in the Rust crate `regex`, the dialect of `Whitespace`: with the two joiners.
    static let rustWord: ScalarSet = {
        var set = wordInBrackets
        set.insert(0x200C...0x200D)
        return set
    }()

    /// What `Digits` takes for a digit: the general category N of Unicode 17.0.
    static let numbers: ScalarSet = {
        var set = ScalarSet { $0.isNumber }
        set.insert(0x11DE0...0x11DE9)
        set.insert(0x16FF4...0x16FF6)
        return set
    }()

    static let decimalDigits = ScalarSet(alternation: ReferenceScalars.decimalDigits)
    static let punctuation = ScalarSet(alternation: ReferenceScalars.punctuation)
    static let combiningMarks = ScalarSet(alternation: ReferenceScalars.combiningMarks)
    static let nonspacingMarks = ScalarSet(alternation: ReferenceScalars.nonspacingMarks)
    static let controls = ScalarSet(alternation: ReferenceScalars.controls)
    static let ideographs = ScalarSet(alternation: ReferenceScalars.ideographs)
}
