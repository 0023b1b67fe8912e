/// The amino acids and the terminator.
enum Residue {
    /// Three-letter codes, the terminator last.
    static let codes = [
        "Ala", "Cys", "Asp", "Glu", "Phe", "Gly", "His", "Ile", "Lys", "Leu", "Met", "Asn", "Pro", "Gln", "Arg", "Ser",
        "Thr", "Val", "Trp", "Tyr", "Asx", "Glx", "Xaa", "Sec", "Ter",
    ]
    static let terminator = 24
    static let unspecified = 22
    /// `Asx` and `Glx` stand for two residues each.
    static let ambiguous = 20...21

    /// One-letter codes in the order of ``codes``, without the terminator.
    private static let letters = Array("ACDEFGHIKLMNPQRSTVWYBZXU".utf8)

    /// By one-letter code, from `A`.
    private static let byLetter: [Int8] = (0..<26).map { offset in
        Int8(letters.firstIndex(of: UInt8(0x41 + offset)) ?? -1)
    }

    /// By the three bytes of the code, in 24 bits, sorted.
    private static let byCode: [(key: UInt32, index: Int)] = codes.indices.dropLast().map { index in
        (codes[index].utf8.reduce(0) { $0 << 8 | UInt32($1) }, index)
    }.sorted { $0.key < $1.key }

    static func index(letter: UInt8) -> Int? {
        guard letter &- 0x41 < 26 else { return nil }
        let index = byLetter[Int(letter - 0x41)]
        return index < 0 ? nil : Int(index)
    }

    static func index(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> Int? {
        let key = UInt32(first) << 16 | UInt32(second) << 8 | UInt32(third)
        var (low, high) = (0, byCode.count)
        while low < high {
            let middle = (low + high) / 2
            if byCode[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < byCode.count && byCode[low].key == key ? byCode[low].index : nil
    }
}

extension VariantScanner {
    /// `Ter`, `*` or `X`.
    mutating func terminator() -> Int? {
        if skip("Ter") || skip("X") || skip("*") { return Residue.terminator }
        return nil
    }

    mutating func longAminoAcid(ambiguousCodes: Bool = true) -> Int? {
        guard position + 2 < bytes.count,
            let index = Residue.index(bytes[position], bytes[position + 1], bytes[position + 2]),
            ambiguousCodes || !Residue.ambiguous.contains(index)
        else { return nil }
        position += 3
        return index
    }

    mutating func shortAminoAcid() -> Int? {
        guard let index = Residue.index(letter: peek()) else { return nil }
        position += 1
        return index
    }

    mutating func aminoAcid(ambiguousCodes: Bool = true) -> Int? {
        longAminoAcid(ambiguousCodes: ambiguousCodes) ?? shortAminoAcid()
    }

    /// An amino acid or the terminator. `Ter` and the three-letter codes go before letters.
    mutating func residueOrTerminator() -> Int? {
        if skip("Ter") { return Residue.terminator }
        if let index = longAminoAcid() { return index }
        if skip("X") || skip("*") { return Residue.terminator }
        return shortAminoAcid()
    }

    /// Residues in one notation; `terminators` allows the terminator, alone or last.
    mutating func residueSequence(long: Bool, terminators: Bool) -> Bool {
        if terminators, long ? skip("Ter") : skip("X") || skip("*") {
            write("Ter")
            return true
        }
        var last: Int?
        while let index = long ? longAminoAcid() : shortAminoAcid() {
            if let last { write(Residue.codes[last]) }
            last = index
        }
        guard let last else { return false }
        if terminators, long ? skip("Ter") : skip("X") || skip("*") {
            write(Residue.codes[last])
            write("Ter")
        } else {
            // A last X is the old letter for the terminator.
            let isTerminator = terminators && !long && last == Residue.unspecified
            write(isTerminator ? "Ter" : Residue.codes[last])
        }
        return true
    }

    /// Residues in three-letter notation, else in one-letter notation.
    mutating func residueSequence(terminators: Bool) -> Bool {
        attempt { $0.residueSequence(long: true, terminators: terminators) }
            || attempt { $0.residueSequence(long: false, terminators: terminators) }
    }
}
