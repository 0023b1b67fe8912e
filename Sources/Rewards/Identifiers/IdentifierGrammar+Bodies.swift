extension IdentifierGrammar {
    /// The body of an identifier after its label. `isLabelled` says that a label or an address stood in front.
    mutating func readBody(_ scheme: IdentifierScheme, isLabelled: Bool) -> Bool {
        switch scheme {
        case .doi: false
        case .nct: skip("NCT") && numbered("NCT", separators: true) { $0.digits(8) }
        case .pmid: pubMed()
        case .pmcid: isLabelled && Self.isDigit(peek()) ? centralNumber() : skip("PMC") && centralNumber()
        case .isrctn: skip("ISRCTN") && numbered("ISRCTN", separators: true) { $0.digits(8) }
        case .hpo: ontology("HP", 7, isLabelled)
        case .mondo: ontology("MONDO", 7, isLabelled)
        case .go: ontology("GO", 7, isLabelled)
        case .efo: ontology("EFO", 7, isLabelled)
        case .uberon: ontology("UBERON", 7, isLabelled)
        case .doid: digits(1...7)
        case .orpha, .hgnc: number(1...7)
        case .rxnorm: number(1...8)
        case .chebi: number(1...7)
        case .pubchem: number(1...10)
        case .omim: omim()
        case .chembl: (skip("CHEMBL") || isLabelled) && numbered("CHEMBL") { $0.number(1...8) }
        case .drugbank: skip("DB") && numbered("DB") { $0.digits(5) }
        case .dbsnp: skip("RS") && numbered("rs") { $0.number(1...12) }
        case .umls: copy("C") && digits(7)
        case .ncit: thesaurus()
        case .mesh: mesh()
        case .icd10: icd10()
        case .icd10cm: clinicalModification()
        case .icd11: icd11()
        case .atc: atc()
        case .loinc: loinc()
        case .cas: cas()
        case .snomed: snomed()
        case .uniprot: uniprot()
        case .ensembl: ensembl()
        case .refseq: refseq()
        case .orcid: orcid()
        case .isbn: isbn()
        case .issn: issn()
        case .eudract: digits(4) && copy("-") && digits(6) && copy("-") && digits(2)
        case .euct:
            digits(4) && copy("-") && digits(6) && copy("-") && digits(2) && (position == end || copy("-") && digits(2))
        case .unii: unii()
        case .inchikey:
            copy(14...14, where: Self.isCapital) && copy("-") && copy(10...10, where: Self.isCapital)
                && copy("-") && copy(1...1, where: Self.isCapital)
        case .clinvar: clinVar()
        }
    }

    /// A mark that was skipped, written as the registry does, with an optional sign before the number.
    private mutating func numbered(
        _ mark: String, separators: Bool = false, _ number: (inout IdentifierGrammar) -> Bool
    ) -> Bool {
        if separators { _ = skip(":") || skip(" ") || skip("-") }
        write(mark)
        return number(&self)
    }

    private mutating func ontology(_ prefix: String, _ count: Int, _ isLabelled: Bool) -> Bool {
        guard isLabelled else { return false }
        write(prefix)
        append(UInt8(ascii: ":"))
        return digits(count)
    }

    private mutating func pubMed() -> Bool {
        while peek() == UInt8(ascii: "0"), Self.isDigit(peek(1)) { position += 1 }
        return number(1...9)
    }

    private mutating func centralNumber() -> Bool {
        write("PMC")
        return number(1...9) && optionalVersion()
    }

    /// `.2` after an accession, kept or left out as the policy says.
    private mutating func optionalVersion() -> Bool {
        let start = body.count
        guard copy(".") else { return true }
        guard number(1...5) else { return false }
        if version == .ignore { removeBody(from: start) }
        return true
    }

    /// Six digits with the symbol of the entry's kind before them, a phenotypic series, or an allelic variant.
    private mutating func omim() -> Bool {
        isMarked = true
        if copy("PS") { return digits(6) }
        if !skip("#"), !skip("*") {
            isMarked = false
            _ = skip("+") || skip("%") || skip("^")
        }
        guard (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(peek()), digits(6) else { return false }
        return position == end || copy(".") && digits(4)
    }

    private mutating func thesaurus() -> Bool {
        isMarked = false
        return copy("C") && number(2...8)
    }

    private mutating func mesh() -> Bool {
        isMarked = peek() != UInt8(ascii: "Q")
        return (copy("Q") || copy("D") || copy("C")) && digits(6) && (position == end || digits(3))
    }

    private mutating func clinVar() -> Bool {
        if copy("VCV") || copy("RCV") || copy("SCV") {
            isMarked = true
            return digits(9) && optionalVersion()
        }
        return number(1...9)
    }

    // MARK: Classifications

    private static func isICDLetter(_ byte: UInt8) -> Bool { isCapital(byte) || isDigit(byte) }

    /// A letter, two digits, and up to two more characters behind a point, which may be left out.
    private mutating func icd10() -> Bool {
        guard copy(1...1, where: Self.isCapital), digits(2) else { return false }
        isMarked = position < end && skip(".")
        guard position < end else { return !isMarked }
        append(UInt8(ascii: "."))
        return digits(1...2)
    }

    /// A letter, a digit, a digit or A or B, and up to four more characters behind a point, which may be left out.
    private mutating func clinicalModification() -> Bool {
        guard copy(1...1, where: Self.isCapital), digits(1),
            copy(1...1, where: { Self.isDigit($0) || $0 == UInt8(ascii: "A") || $0 == UInt8(ascii: "B") })
        else { return false }
        isMarked = position < end && skip(".")
        guard position < end else { return !isMarked }
        append(UInt8(ascii: "."))
        return copy(1...4, where: Self.isICDLetter)
    }

    private static func isICD11(_ byte: UInt8) -> Bool {
        isDigit(byte) || isCapital(byte) && byte != UInt8(ascii: "I") && byte != UInt8(ascii: "O")
    }

    /// Stem and extension codes, joined by `&` and `/` in clusters.
    private mutating func icd11() -> Bool {
        isMarked = false
        repeat {
            guard copy(1...1, where: Self.isICD11), copy(1...1, where: { Self.isCapital($0) && Self.isICD11($0) })
            else {
                return false
            }
            if body.count >= 2, body[body.count - 2] == UInt8(ascii: "X") {
                guard copy(1...4, where: Self.isICD11) else { return false }
            } else {
                guard digits(1), copy(1...1, where: Self.isICD11) else { return false }
            }
            if copy("."), !copy(1...2, where: Self.isICD11) { return false }
        } while position < end && (copy("&") || copy("/"))
        return true
    }

    private static let atcGroups = Array("ABCDGHJLMNPRSV".utf8)

    /// The five levels of the Anatomical Therapeutic Chemical classification; spaces may part them.
    private mutating func atc() -> Bool {
        guard copy(1...1, where: { Self.atcGroups.contains($0) }) else { return false }
        if atcEnds { return true }
        guard digits(2) else { return false }
        if atcEnds { return true }
        guard copy(1...1, where: Self.isCapital) else { return false }
        if atcEnds { return true }
        guard copy(1...1, where: Self.isCapital) else { return false }
        if atcEnds { return true }
        return digits(2)
    }

    private var atcEnds: Bool {
        mutating get {
            while peek() == 0x20 { position += 1 }
            return position == end && (body.count == 7 || !isInferring)
        }
    }

    private mutating func loinc() -> Bool {
        guard number(1...7), skip("-"), digits(1), position == end else { return false }
        isMarked = body.count >= 4
        guard CheckDigits.luhn(body[...]) else { return fail("the check digit is not that of the LOINC number") }
        insert(UInt8(ascii: "-"), at: body.count - 1)
        return true
    }

    private mutating func cas() -> Bool {
        guard number(2...7), skip("-"), digits(2), skip("-"), Self.isDigit(peek()) else { return false }
        let check = peek()
        // 2003-10-5 looks like a date.
        let isMonth = body.count == 6 && (body[4] == UInt8(ascii: "0") || body[4] == UInt8(ascii: "1"))
        isMarked = !isMonth
        guard CheckDigits.cas(body[...], check: check) else {
            return fail("the check digit is not that of the CAS number")
        }
        insert(UInt8(ascii: "-"), at: body.count - 2)
        append(UInt8(ascii: "-"))
        append(check)
        position += 1
        return true
    }

    /// 6 to 18 digits with a partition and Verhoeff's check digit.
    private mutating func snomed() -> Bool {
        guard number(6...18) else { return false }
        let partition = (body[body.count - 3], body[body.count - 2])
        guard partition.0 <= UInt8(ascii: "1"), partition.1 <= UInt8(ascii: "2") else {
            return fail("the partition is not one of SNOMED CT")
        }
        return CheckDigits.verhoeff(body[...]) || fail("the check digit is not that of the SNOMED CT identifier")
    }

    private mutating func unii() -> Bool {
        isMarked = false
        guard copy(10...10, where: Self.isICDLetter) else { return false }
        return CheckDigits.mod36(body[...]) || fail("the check character is not that of the UNII")
    }

    // MARK: Sequences

    /// The two forms of UniProtKB accessions, with an isoform's number.
    private mutating func uniprot() -> Bool {
        let first = peek()
        guard copy(1...1, where: Self.isCapital), digits(1) else { return false }
        if (UInt8(ascii: "O")...UInt8(ascii: "Q")).contains(first) {
            guard copy(3...3, where: Self.isICDLetter), digits(1) else { return false }
        } else {
            var groups = 0
            while groups < 2, Self.isCapital(peek()) {
                guard copy(1...1, where: Self.isCapital), copy(2...2, where: Self.isICDLetter), digits(1) else {
                    return false
                }
                groups += 1
            }
            guard groups > 0 else { return false }
        }
        return position == end || copy("-") && number(1...2)
    }

    /// `ENS`, letters of the species, a letter of the feature and eleven digits.
    private mutating func ensembl() -> Bool {
        guard copy("ENS"), copy(1...6, where: Self.isCapital), let feature = body.last, Self.isFeature(feature),
            digits(11)
        else { return false }
        return optionalVersion()
    }

    /// Gene, transcript, protein, exon, regulatory feature, family.
    private static func isFeature(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "G"), UInt8(ascii: "T"), UInt8(ascii: "P"), UInt8(ascii: "E"), UInt8(ascii: "R"),
            UInt8(ascii: "M"):
            true
        default: false
        }
    }

    /// Two letters of the molecule, an underscore and at least six digits.
    private mutating func refseq() -> Bool {
        guard copy(1...1, where: { [0x41, 0x4E, 0x57, 0x58, 0x59].contains($0) }),
            copy(1...1, where: { [0x43, 0x47, 0x4D, 0x50, 0x52, 0x54, 0x57, 0x5A].contains($0) }), copy("_")
        else { return false }
        if body[0] == UInt8(ascii: "N"), body[1] == UInt8(ascii: "Z") {
            guard copy(2...6, where: Self.isCapital) else { return false }
        }
        return digits(6...12) && optionalVersion()
    }

    // MARK: People and publications

    private mutating func orcid() -> Bool {
        for group in 0..<4 {
            if group > 0 { _ = skip("-") }
            guard group < 3 ? digits(4) : digits(3) && (digits(1) || copy("X")) else { return false }
        }
        guard CheckDigits.mod11Radix2(body[...]) else { return fail("the check digit is not that of the ORCID iD") }
        for index in [12, 8, 4] { insert(UInt8(ascii: "-"), at: index) }
        return true
    }

    /// Ten or thirteen digits with hyphens or spaces between them, written as thirteen digits.
    private mutating func isbn() -> Bool {
        isMarked = false
        while position < end, body.count < 13 {
            if body.count == 9, skip("X") {
                append(UInt8(ascii: "X"))
            } else if !digits(1) {
                guard !body.isEmpty, Self.isDigit(peek(1)) || peek(1) == UInt8(ascii: "X"), skip("-") || skip(" ")
                else {
                    return false
                }
            }
        }
        switch body.count {
        case 10:
            guard CheckDigits.weightedMod11(body[...]) else { return fail("the check digit is not that of the ISBN") }
            body9to13()
            return true
        case 13:
            guard !body.contains(UInt8(ascii: "X")), body.starts(with: "978".utf8) || body.starts(with: "979".utf8)
            else {
                return false
            }
            return body[12] == CheckDigits.isbn13(body[...]) || fail("the check digit is not that of the ISBN")
        default: return false
        }
    }

    private mutating func body9to13() {
        removeBody(from: 9)
        for (place, byte) in "978".utf8.enumerated() { insert(byte, at: place) }
        append(CheckDigits.isbn13(body[...]))
    }

    private mutating func issn() -> Bool {
        isMarked = false
        guard digits(4), skip("-") || Self.isDigit(peek()), digits(3), digits(1) || copy("X") else { return false }
        guard CheckDigits.weightedMod11(body[...]) else { return fail("the check digit is not that of the ISSN") }
        insert(UInt8(ascii: "-"), at: 4)
        return true
    }
}
