import Primitives
import Testing

@testable import Rewards

@Suite struct VariantGrammarTests {
    @Test(arguments: [
        ("num", "007", true), ("num", "+7", false), ("snum", "+7", true), ("nnum", "7", false), ("offset", "-3", true),
        ("offset", "", true), ("aa3", "Trp", true), ("aa3", "Ter", false), ("aat3", "Ter", true), ("aa1", "WB", true),
        ("aat13_seq", "TrpTer", true), ("aat13_seq", "WTer", false), ("term3", "X", false), ("fs", "fs*4", true),
        ("fs", "fs4", false), ("ext", "ext-4", true), ("ext", "ext4", false), ("aa13_ext", "*17", true),
        ("pro_ext", "Glnext*17", true), ("pro_subst", "?", true), ("pro_ins", "insWTrp", false),
        ("pro_edit", "=", true),
        ("dna_ident", "=", true), ("dna_inv", "inv12", true), ("dna_dup", "dup3", false), ("dna_copy", "copy2", true),
        ("dna_con", "conNM_1.1:c.5_9", true), ("dna_con", "con5_9", false), ("dna_edit", "[5]", false),
        ("dna_edit_mu", "(del)", true), ("rna_ins", "insAU", true), ("rna_ins", "insAT", false),
        ("rna_con", "con", false),
        ("c_pos", "*9-2", true), ("g_pos", "?", true), ("g_pos", "9+2", false), ("def_g_interval", "?_9", true),
        ("g_interval", "(1_5)_(9_20)", true), ("c_interval", "(1_5)_(9_20)", false), ("def_c_interval", "(1_5)", false),
        ("r_posedit", "(9a>u)", true), ("p_posedit", "(=)", true), ("p_posedit", "0?", true),
        ("p_posedit", "(0)", false),
        ("hgvs_variant", "NP_1.2:p.(Trp5Cys)", true), ("hgvs_variant", "NM_1.2:c.5", false),
        ("hgvs_position", "NM_1.2(FBN1):c.5", true), ("n_variant", "NR_1.2:n.5C>T", true),
        ("n_variant", "NR_1.2:c.5C>T", false), ("accn", "LRG_12t1", true), ("accn", "NM_", false),
        ("accn", "9M", false),
        ("gene_symbol", "HLA-A", true), ("gene_symbol", "A", false), ("paren_gene", "FBN1", false), ("pm", "+", true),
    ])
    func `parses under a rule`(rule: String, text: String, parses: Bool) {
        #expect(VariantGrammar.parses(Array(text.utf8), under: rule) == parses)
    }

    @Test func `knows no other rules`() {
        for rule in ["", "x_pos", "o_pos", "rna_copy", "dna_", "p_"] {
            #expect(VariantGrammar.parses(Array("1".utf8), under: rule) == nil)
        }
    }

    @Test func `the preset rewards by the rule`() throws {
        let preset = try #require(GradingPreset.clinicalPresets.first { $0.name == "hgvs_grammar" })
        guard case .check(let check) = preset.method else {
            Issue.record("the preset is no check")
            return
        }
        #expect(try check(.init(gold: "c_pos", prediction: "5+1")) == 1)
        #expect(try check(.init(gold: "c_pos", prediction: "5_1")) == 0)
        #expect(throws: AnswerProblem.self) { try check(.init(gold: "no rule", prediction: "5")) }
    }

    @Test func `policies of presets are known`() throws {
        for preset in GradingPreset.clinicalPresets {
            guard case .answer(_, let policy) = preset.method else { continue }
            var fields = PolicyFields(policy)
            _ = try DatePolicy(&fields)
            _ = try DurationPolicy(&fields)
            _ = try IdentifierPolicy(&fields)
            _ = try VariantPolicy(&fields)
            try fields.finish()
        }
    }
}
