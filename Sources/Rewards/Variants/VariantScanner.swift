/// A recursive-descent scanner of sequence variants that writes their canonical form while it reads.
///
/// The rules follow the parsing expression grammar of biocommons hgvs 1.5 (Hart et al., Bioinformatics 2015;31:268)
/// and, in the dialect of the recommendations, what HGVS Nomenclature 21.0 (https://hgvs-nomenclature.org) adds:
/// alleles, repeats, uncertain intervals in every coordinate system, inserted ranges. Every rule either consumes its
/// text and writes its form, or changes nothing and says `false`.
struct VariantScanner {
    enum Dialect: Sendable {
        /// The grammar of biocommons hgvs and no more.
        case biocommons
        /// The nomenclature's recommendations.
        case recommendations
    }

    /// The letter that names the kind of reference sequence and with it the numbering.
    enum Kind: UInt8, Sendable {
        case coding = 0x63
        case genomic = 0x67
        case mitochondrial = 0x6D
        case noncoding = 0x6E
        case circular = 0x6F
        case protein = 0x70
        case rna = 0x72
    }

    /// A position that lengths can be computed from: a whole number without offset in one region.
    struct Point: Equatable {
        enum Region { case upstream, inside, downstream }
        var region: Region
        var number: Int
    }

    let bytes: [UInt8]
    let dialect: Dialect
    let policy: VariantPolicy
    var position = 0
    var output: [UInt8] = []
    /// The last position read, where it is a whole number.
    var point: Point?
    /// How many residues the last interval covers, where positions tell.
    var span: Int?
    /// The residue at the last protein position, as its index in ``Residue``, where the interval is one position.
    var residue: Int?

    init(_ bytes: [UInt8], dialect: Dialect, policy: VariantPolicy = VariantPolicy()) {
        self.bytes = bytes
        self.dialect = dialect
        self.policy = policy
        output.reserveCapacity(bytes.count + 16)
    }

    var isAtEnd: Bool { position == bytes.count }

    func peek(_ distance: Int = 0) -> UInt8 {
        let index = position + distance
        return index < bytes.count ? bytes[index] : 0
    }

    /// Runs a rule and restores the scanner when it fails.
    @inline(__always)
    mutating func attempt(_ rule: (inout VariantScanner) -> Bool) -> Bool {
        let (start, written) = (position, output.count)
        if rule(&self) { return true }
        position = start
        output.removeLast(output.count - written)
        return false
    }

    /// Consumes a byte and writes nothing.
    @inline(__always)
    mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == byte.value else { return false }
        position += 1
        return true
    }

    /// Consumes a byte and writes it.
    @inline(__always)
    mutating func copy(_ byte: Unicode.Scalar) -> Bool {
        guard skip(byte) else { return false }
        output.append(UInt8(truncatingIfNeeded: byte.value))
        return true
    }

    /// Consumes a text and writes nothing.
    mutating func skip(_ text: String) -> Bool {
        var index = position
        for byte in text.utf8 {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
        }
        position = index
        return true
    }

    /// Consumes a text and writes it.
    mutating func copy(_ text: String) -> Bool {
        guard skip(text) else { return false }
        write(text)
        return true
    }

    mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }

    /// Consumes spaces where the recommendations' readers tolerate them.
    mutating func skipSpaces() {
        guard dialect == .recommendations else { return }
        while peek() == 0x20 { position += 1 }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// One or more digits, written without leading zeros.
    mutating func number() -> Bool {
        guard Self.isDigit(peek()) else { return false }
        while peek() == 0x30, Self.isDigit(peek(1)) { position += 1 }
        while Self.isDigit(peek()) {
            output.append(bytes[position])
            position += 1
        }
        return true
    }

    /// The number written since `start`, where it fits.
    func written(since start: Int) -> Int? {
        guard output.count - start <= 15 else { return nil }
        var value = 0
        for byte in output[start...] {
            guard Self.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
