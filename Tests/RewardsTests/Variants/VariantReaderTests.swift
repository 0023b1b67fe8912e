import Testing

@testable import Rewards

@Suite struct VariantReaderTests {
    @Test(arguments: [
        ("NP_000129.3:p.(Cys1039Tyr)", "NP_000129.3:p.(C1039Y)"), ("p.Arg120Ter", "p.R120*"),
        ("p.Arg120Ter", "p.R120X"),
        ("p.Gln45ArgfsTer7", "p.Gln45Argfs*7"), ("p.Gln45ArgfsTer7", "p.Q45RfsX7"), ("p.Leu8=", "p.L8L"),
        ("p.Lys12_Glu14del", "p.K12_E14del"), ("p.Lys12_Glu13insTrpTer", "p.K12_E13insW*"),
        ("p.Ter110GlnextTer17", "p.*110Qext*17"), ("p.Met1extMet-5", "p.M1extM-5"),
        ("NM_000138.5:c.1090C>T", "nm_000138.5:c.1090c>t"), ("c.76del", "c.76delA"), ("c.76del", "c.76_76del"),
        ("c.76_78del", "c.76_78del3"), ("c.76_78dup", "c.76_78dupCAG"), ("c.76A>T", "c.76delAinsT"),
        ("c.76A>T", "c.76A→T"),
        ("c.76A>T", "c.76A&gt;T"), ("c.93+1G>T", "c.93+01G>T"), ("r.76a>u", "r.76A>U"), ("c.*32G>A", "c.*32 G>A"),
        ("FBN1:c.1090C>T", "FBN1 c.1090C>T"), ("NM_000138.5:c.1090C>T", "NM_000138.5(FBN1):c.1090C>T"),
        ("c.[76A>C;83G>C]", "c.[83G>C;76A>C]"), ("c.[76A>C];[83G>C]", "c.[83G>C];[76A>C]"),
        ("c.4_5ins(7)", "c.4_5insN[7]"),
    ])
    func `gives spellings of one variant one canonical text`(left: String, right: String) {
        #expect(VariantReader().isRight(gold: left, prediction: right))
        #expect(VariantReader().isRight(gold: right, prediction: left))
    }

    @Test(arguments: [
        ("p.Cys1039Tyr", "p.(Cys1039Tyr)"), ("p.Cys1039Tyr", "p.Cys1040Tyr"), ("c.1090C>T", "c.1090C>A"),
        ("c.93+1G>T", "c.93-1G>T"), ("c.93+1G>T", "c.94G>T"), ("c.*32G>A", "c.32G>A"), ("c.-32G>A", "c.32G>A"),
        ("c.76del", "c.76dup"), ("c.76del", "g.76del"), ("p.Gln45fs", "p.Gln45ArgfsTer7"),
        ("NM_000138.5:c.1090C>T", "NM_000138.4:c.1090C>T"), ("NM_000138.5:c.1090C>T", "c.1090C>T"),
        ("c.[76A>C;83G>C]", "c.[76A>C];[83G>C]"), ("c.76_77insT", "c.76_77insA"), ("p.0", "p.?"),
        ("c.(4_6)del", "c.4_6del"), ("r.76a>u", "c.76A>T"), ("c.123CAG[23]", "c.123CAG[24]"),
    ])
    func `tells variants apart`(left: String, right: String) {
        #expect(!VariantReader().isRight(gold: left, prediction: right))
        #expect(VariantReader().canonical(left) != nil && VariantReader().canonical(right) != nil)
    }

    @Test(arguments: [
        "", "c.", "p.", "V600E", "BRAF", "c.0A>T", "p.Arg0Cys", "c.76_78delAA", "c.76delAA", "c.76A>U", "r.76a>t",
        "c.76A",
        "c.76A>T or c.77A>T", "c.76A>T;c.77A>T", "p.Arg97Pro and more", "p.Zzz97Pro", "p.Arg97", "p.Asx5Gly", "q.76A>T",
        "NM_000138.5:", ":c.76A>T", "c.76A>T)", "(c.76A>T)", "c.[76A>C;83G>C", "c.76_78A>T", "c.76ins",
        "p.Lys12_Glu14Arg",
        "c.5946del (p.Ser1982fs)", "c.76А>T",
    ])
    func `refuses what is no single variant`(text: String) {
        #expect(VariantReader().canonical(text) == nil)
    }

    @Test(arguments: [
        "NC_000023.11(NM_004006.2):c.93+1G>T", "g.(?_234567)_(345678_?)del", "c.(4+1_5-1)_(9+1_10-1)dup",
        "NC_000001.11:g.1234_2345inv", "c.849_850ins858_895inv", "c.76_77ins[TAA;12_19]", "g.1_9con20_28", "m.3243A>G",
        "LRG_199t1:c.11T>G", "n.5C>T", "o.5_7del", "r.spl?", "r.(?)", "p.(=)", "p.0?", "p.?", "c.=", "p.Ala2[10]",
        "c.-128_-126[79]", "c.123CAG[19]CAA[4]", "c.76A>C(;)83G>C", "p.[Ser86Arg;Ser87Arg]", "g.pter_8247756del",
        "r.(76_79del)", "c.88+?_923+?del",
    ])
    func `canonical texts read as themselves`(text: String) {
        #expect(VariantReader().canonical(text) == text)
    }

    @Test func `policies forgive what they name`() throws {
        #expect(try VariantReader(["predicted": "ignore"]).isRight(gold: "p.(Arg97Pro)", prediction: "p.Arg97Pro"))
        #expect(
            try VariantReader(["accession_version": "ignore"])
                .isRight(gold: "NM_000138.5:c.1090C>T", prediction: "NM_000138.4:c.1090C>T"))
        let optional = try VariantReader(["accession": "optional"])
        #expect(optional.isRight(gold: "NM_000138.5:c.1090C>T", prediction: "c.1090C>T"))
        #expect(!optional.isRight(gold: "NM_000138.5:c.1090C>T", prediction: "NM_000138.4:c.1090C>T"))
        #expect(!optional.isRight(gold: "c.1090C>T", prediction: "NM_000138.5:c.1090C>T"))
        #expect(
            try VariantReader(["protein_prefix": "optional"]).isRight(
                gold: "BRAF:p.Val600Glu", prediction: "BRAF V600E"))
        #expect(
            try VariantReader(["consequence": "ignore"])
                .isRight(gold: "NM_000059.4:c.5946del", prediction: "NM_000059.4(BRCA2):c.5946del (p.Ser1982fs)"))
        #expect(try !VariantReader(["deleted_sequence": "keep"]).isRight(gold: "c.76del", prediction: "c.76delA"))
        #expect(
            try !VariantReader(["gene_symbol": "keep"])
                .isRight(gold: "NM_000138.5(FBN1):c.76del", prediction: "NM_000138.5:c.76del"))
    }

    @Test func `generated changes read the same in one letter and three`() {
        var random = ClinicalRandom(state: 5)
        let letters = Array("ACDEFGHIKLMNPQRSTVWY").map(String.init)
        let reader = VariantReader()
        for _ in 0..<2000 {
            let (old, new) = (Int.random(in: 0..<20, using: &random), Int.random(in: 0..<20, using: &random))
            let position = Int.random(in: 1...9999, using: &random)
            let long = "p.\(Residue.codes[old])\(position)\(Residue.codes[new])"
            let short = "p.\(letters[old])\(position)\(letters[new])"
            #expect(reader.isRight(gold: long, prediction: short))
            #expect(!reader.isRight(gold: long, prediction: "p.\(letters[old])\(position + 1)\(letters[new])"))
        }
    }

    @Test func `any text ends in a value or a problem, and canonical texts are fixed points`() {
        var random = ClinicalRandom(state: 6)
        let pieces = [
            "c.", "p.", "g.", "r.", "NM_1.2:", "76", "_", "+", "-", "*", "?", "(", ")", "A", ">", "T", "del", "ins",
            "dup",
            "inv", "[", "]", ";", "Arg", "Ter", "fs", "ext", "=", "0", "con", " ", "u",
        ]
        let reader = VariantReader()
        for _ in 0..<30_000 {
            let text = random.text(of: pieces)
            guard let canonical = reader.canonical(text.string) else { continue }
            #expect(reader.canonical(canonical) == canonical, "\(text.string)")
        }
    }
}
