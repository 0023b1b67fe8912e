extension VariantScanner {
    /// An accession, possibly with a version: `NM_01234.5`, `LRG_1234t1`.
    mutating func accession() -> Bool {
        attempt { scanner in
            let start = scanner.output.count
            guard scanner.name(atLeast: 1) else { return false }
            if scanner.dialect == .recommendations { scanner.foldAccession(from: start) }
            if scanner.peek() == UInt8(ascii: "."), Self.isDigit(scanner.peek(1)) {
                scanner.position += 1
                let version = scanner.output.count
                scanner.output.append(UInt8(ascii: "."))
                _ = scanner.number()
                if scanner.policy.accessionVersion == .ignore {
                    scanner.output.removeLast(scanner.output.count - version)
                }
            }
            return true
        }
    }

    /// A letter and then letters, digits, and hyphens or underscores before those.
    private mutating func name(atLeast minimum: Int) -> Bool {
        guard Self.isLetter(peek()) else { return false }
        let start = position
        output.append(bytes[position])
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            let joins = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            guard Self.isAlphanumeric(byte) || joins && Self.isAlphanumeric(peek(1)) else { break }
            output.append(byte)
            position += 1
        }
        return position - start >= minimum
    }

    /// Registries do not tell the case of accessions apart, so `nm_004006` is written `NM_004006`. The lower-case
    /// `t` and `p` of LRG sequences stay.
    private mutating func foldAccession(from start: Int) {
        let name = output[start...]
        guard let underscore = name.firstIndex(of: UInt8(ascii: "_")), underscore - start <= 4 else { return }
        let end = name.starts(with: "LRG".utf8) || name.starts(with: "lrg".utf8) ? underscore : output.count
        for index in start..<end where output[index] &- 0x61 < 26 { output[index] -= 0x20 }
    }

    mutating func geneSymbol() -> Bool { attempt { $0.name(atLeast: 2) } }

    mutating func parenthesisedGene() -> Bool {
        attempt { $0.copy("(") && $0.geneSymbol() && $0.copy(")") }
    }

    mutating func optionalGene() -> Bool {
        _ = parenthesisedGene()
        return true
    }

    /// `NM_01234.5(BOGUS):c.` and the like.
    private mutating func reference(_ kind: Kind) -> Bool {
        accession() && optionalGene() && copy(":") && prefix(kind)
    }

    mutating func prefix(_ kind: Kind) -> Bool {
        attempt { $0.copy(Unicode.Scalar(kind.rawValue)) && $0.copy(".") }
    }

    /// A whole variant: `NM_01234.5:c.22+6A>T`.
    mutating func variant(_ kind: Kind) -> Bool {
        attempt { $0.reference(kind) && $0.change(kind) }
    }

    /// A place without a change: `NM_01234.5:c.22+6`.
    mutating func place(_ kind: Kind) -> Bool {
        attempt { $0.reference(kind) && $0.interval(kind) }
    }

    /// A change without its reference sequence: `c.22+6A>T`.
    mutating func typedChange(_ kind: Kind) -> Bool {
        attempt { $0.prefix(kind) && $0.change(kind) }
    }

    static let grammarKinds: [Kind] = [.genomic, .mitochondrial, .coding, .noncoding, .rna, .protein]

    mutating func anyVariant() -> Bool {
        for kind in Self.grammarKinds where variant(kind) { return true }
        return false
    }

    mutating func anyPlace() -> Bool {
        for kind in Self.grammarKinds where place(kind) { return true }
        return false
    }
}
