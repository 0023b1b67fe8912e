/// The grammar of biocommons hgvs by the names of its rules, to check that a text parses, or does not, under one of
/// them.
enum VariantGrammar {
    /// Whether the whole text parses under a rule; `nil` for a rule that the grammar does not have. The rules of one
    /// character take any number of such characters, each alone.
    static func parses(_ text: [UInt8], under rule: String) -> Bool? {
        var scanner = VariantScanner(text, dialect: .biocommons)
        if let isMatch = character(&scanner, rule) { return isMatch }
        let isMatch =
            number(&scanner, rule) ?? residues(&scanner, rule) ?? reference(&scanner, rule) ?? place(&scanner, rule)
            ?? nucleotideEdit(&scanner, rule) ?? proteinEdit(&scanner, rule)
        return isMatch.map { $0 && scanner.isAtEnd }
    }

    private static func every(_ scanner: inout VariantScanner, _ rule: (inout VariantScanner) -> Bool) -> Bool {
        repeat {
            guard rule(&scanner) else { return false }
        } while !scanner.isAtEnd
        return true
    }

    private static func character(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        switch rule {
        case "aa1": every(&scanner) { $0.shortAminoAcid() != nil }
        case "term1": every(&scanner) { $0.skip("X") || $0.skip("*") }
        case "aat1": every(&scanner) { $0.skip("*") || $0.shortAminoAcid() != nil }
        case "dna", "dna_iupac": every(&scanner) { $0.nucleotide(.dna) }
        case "rna", "rna_iupac": every(&scanner) { $0.nucleotide(.rna) }
        case "na_iupac": every(&scanner) { $0.nucleotide(.either) }
        case "pm": every(&scanner) { $0.skip("+") || $0.skip("-") }
        default: nil
        }
    }

    private static func number(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        switch rule {
        case "num": scanner.number()
        case "snum", "base": scanner.signedNumber()
        case "nnum": scanner.negativeNumber()
        case "offset": scanner.offset()
        case "fsext_offset": scanner.optionalDistance()
        default: nil
        }
    }

    private static func residues(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        switch rule {
        case "aa3": scanner.longAminoAcid() != nil
        case "aa13": scanner.aminoAcid() != nil
        case "aat3": scanner.skip("Ter") || scanner.longAminoAcid() != nil
        case "aat13": scanner.residueOrTerminator() != nil
        case "term3": scanner.skip("Ter")
        case "term13": scanner.terminator() != nil
        case "aa1_seq": scanner.residueSequence(long: false, terminators: false)
        case "aa3_seq": scanner.residueSequence(long: true, terminators: false)
        case "aa13_seq": scanner.residueSequence(terminators: false)
        case "aat1_seq": scanner.residueSequence(long: false, terminators: true)
        case "aat3_seq": scanner.residueSequence(long: true, terminators: true)
        case "aat13_seq": scanner.residueSequence(terminators: true)
        case "dna_seq": scanner.nucleotides(.dna, atLeast: 1)
        case "rna_seq": scanner.nucleotides(.rna, atLeast: 1)
        default: nil
        }
    }

    private static func reference(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        switch rule {
        case "accn": return scanner.accession()
        case "opt_gene_expr": return scanner.optionalGene()
        case "paren_gene": return scanner.parenthesisedGene()
        case "gene_symbol": return scanner.geneSymbol()
        case "hgvs_variant": return scanner.anyVariant()
        case "hgvs_position": return scanner.anyPlace()
        default: break
        }
        guard let (kind, rest) = kind(rule) else { return nil }
        switch rest {
        case "variant": return scanner.variant(kind)
        case "hgvs_position": return scanner.place(kind)
        case "typed_posedit": return scanner.typedChange(kind)
        case "posedit": return scanner.change(kind)
        default: return nil
        }
    }

    private static func place(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        if rule == "uncertain_g_interval" { return scanner.uncertainInterval(.genomic) }
        let isDefinite = rule.hasPrefix("def_")
        guard let (kind, rest) = kind(isDefinite ? String(rule.dropFirst(4)) : rule) else { return nil }
        switch rest {
        case "pos": return scanner.definitePosition(kind)
        case "interval": return isDefinite ? scanner.definiteInterval(kind) : scanner.interval(kind)
        default: return nil
        }
    }

    private static func kind(_ rule: String) -> (VariantScanner.Kind, Substring)? {
        guard let first = rule.utf8.first, rule.dropFirst().first == "_",
            let kind = VariantScanner.Kind(rawValue: first), kind != .circular
        else { return nil }
        return (kind, rule.dropFirst(2))
    }

    private static func nucleotideEdit(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        let isRNA = rule.hasPrefix("rna_")
        guard isRNA || rule.hasPrefix("dna_") else { return nil }
        let alphabet: VariantScanner.Alphabet = isRNA ? .rna : .dna
        switch rule.dropFirst(4) {
        case "edit": return scanner.nucleotideEdit(alphabet)
        case "edit_mu": return scanner.uncertainNucleotideEdit(alphabet)
        case "ident": return scanner.nucleotideIdentity(alphabet)
        case "subst": return scanner.substitution(alphabet)
        case "delins": return scanner.deletionInsertion(alphabet)
        case "del": return scanner.deletion(alphabet)
        case "ins": return scanner.insertion(alphabet)
        case "dup": return scanner.duplication(alphabet)
        case "inv": return scanner.inversion(alphabet)
        case "con": return scanner.conversion()
        case "copy": return isRNA ? nil : scanner.copyNumber()
        default: return nil
        }
    }

    private static func proteinEdit(_ scanner: inout VariantScanner, _ rule: String) -> Bool? {
        switch rule {
        case "pro_edit": scanner.proteinEdit()
        case "pro_edit_mu": scanner.uncertainProteinEdit()
        case "pro_subst": scanner.residueSubstitution()
        case "pro_delins": scanner.proteinDeletionInsertion()
        case "pro_del": scanner.copy("del")
        case "pro_ins": scanner.proteinInsertion()
        case "pro_dup": scanner.copy("dup")
        case "pro_fs": scanner.frameshift()
        case "pro_ext": scanner.proteinExtension()
        case "pro_ident": scanner.copy("=")
        case "p_posedit_special", "pro_indeterminate": scanner.wholeProteinChange()
        case "fs": scanner.frameshiftLength()
        case "ext": scanner.extensionLength()
        case "aa13_fs": scanner.terminatorDistance()
        case "aa13_ext": scanner.extensionEnd()
        default: nil
        }
    }
}
