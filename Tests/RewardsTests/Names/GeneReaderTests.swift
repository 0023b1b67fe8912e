import Primitives
import Testing

@testable import Rewards

@Suite struct GeneReaderTests {
    private func gene(_ text: String, _ object: JSONObject = [:]) throws -> String? {
        var fields = PolicyFields(object)
        let reader = GeneReader(policy: try GenePolicy(&fields))
        try fields.finish()
        return canonicalName(text, reader)
    }

    @Test(arguments: [
        ("BRCA1", "brca1"), ("the BRCA1 gene", "BRCA1"), ("IL-6", "IL6"), ("IL 6", "IL6"), ("TNF-\u{3B1}", "TNF-alpha"),
        ("TNF\u{3B1}", "TNF alpha"), ("TGF-\u{3B2}1", "TGF-beta-1"), ("\"TP53\".", "TP53"), ("C9orf72", "C9ORF72"),
        ("gene FMR1", "FMR1"), ("HLA\u{2011}DRB1", "HLA-DRB1"), ("NKX2-5", "nkx2-5"), ("BCR::ABL1", "bcr::abl1"),
    ])
    func `spellings of one symbol are equal`(left: String, right: String) throws {
        #expect(try gene(left) != nil)
        #expect(try gene(left) == gene(right))
    }

    @Test(arguments: [
        ("BRCA1", "BRCA2"), ("IL-6", "LI-6"), ("ACT", "CAT"), ("TNF-\u{3B1}", "TNF"), ("HLA-B27", "HLA-B*27"),
        ("KRTAP1-11", "KRTAP11-1"), ("HOXA11-AS", "HOXA11AS"), ("IL1A", "IL1B"), ("p53", "TP53"), ("NKX2-1", "NKX21"),
        ("TNF-\u{3B1}", "TNF-\u{3B2}"), ("MT-ND1", "MTND1"),
    ])
    func `different symbols stay different`(left: String, right: String) throws {
        #expect(try gene(left) != nil)
        #expect(try gene(left) != gene(right))
    }

    @Test(arguments: [
        "", "BRCA1 or BRCA2", "BRCA1, BRCA2", "BRCA1/BRCA2", "tumor protein p53", "17", "-", "TP53 (p53)", "A--1",
        "gene",
        "BRCA1-", "B*", "caf\u{E9}1",
    ])
    func `anything else is no symbol`(text: String) throws {
        #expect(try gene(text) == (text == "gene" ? "GENE" : nil))
    }

    @Test func `policies`() throws {
        #expect(try gene("IL-6", ["hyphens": "keep"]) == "IL-6")
        #expect(try gene("TRP53", ["species": "mouse"]) == "Trp53")
        #expect(try gene("Brca1", ["species": "any"]) != gene("BRCA1", ["species": "any"]))
        #expect(try gene("p53", ["alias_table": ["P53": "tp53"]]) == "TP53")
        #expect(try gene("TNF-\u{3B1}", ["alias_table": ["TNF-alpha": "TNF"]]) == "TNF")
        #expect(throws: RewardError.self) { try gene("x", ["alias_table": ["a b c": "TNF"]]) }
    }
}
