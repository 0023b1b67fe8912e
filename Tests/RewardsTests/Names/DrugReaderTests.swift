import Primitives
import Testing

@testable import Rewards

@Suite struct DrugReaderTests {
    private func drug(_ text: String, _ object: JSONObject = [:]) throws -> String? {
        var fields = PolicyFields(object)
        let reader = DrugReader(policy: try DrugPolicy(&fields))
        try fields.finish()
        return canonicalName(text, reader)
    }

    @Test(arguments: [
        ("Paracetamol", "acetaminophen"), ("adrenaline", "epinephrine"), ("salbutamol sulphate", "albuterol sulfate"),
        ("amoxicillin/clavulanic acid", "clavulanic acid + amoxicillin"), ("lidocaine HCl", "lignocaine hydrochloride"),
        ("trimethoprim-sulfamethoxazole", "sulphamethoxazole and trimethoprim"), ("aspirin", "acetylsalicylic acid"),
        ("interferon \u{3B1}-2b", "interferon alfa-2b"), ("sodium valproate", "valproate sodium"),
        ("amlodipine besilate", "amlodipine besylate"), ("acetaminophen (paracetamol)", "paracetamol"),
        ("the Aspirin\u{2122}", "aspirin"), ("co-trimoxazole", "cotrimoxazole"), ("5-fluorouracil", "fluorouracil"),
        ("lamivudine, zidovudine", "zidovudine/lamivudine"), ("oestradiol", "estradiol"),
        ("beta-carotene", "beta carotene"),
        ("aspirin and aspirin", "aspirin"), ("aluminium hydroxide", "aluminum hydroxide"), ("busulphan", "busulfan"),
    ])
    func `names of one drug are equal`(left: String, right: String) throws {
        #expect(try drug(left) != nil)
        #expect(try drug(left) == drug(right))
    }

    @Test(arguments: [
        ("omeprazole", "esomeprazole"), ("metformin", "metformin hydrochloride"),
        ("amoxicillin", "amoxicillin/clavulanic acid"),
        ("levofloxacin", "ofloxacin"), ("(S)-ketamine", "ketamine"), ("(S)-ketamine", "(R)-ketamine"),
        ("prednisone", "prednisolone"), ("chlorpromazine", "chlorpropamide"), ("hydroxyzine", "hydralazine"),
        ("potassium chloride", "potassium citrate"), ("vitamin D2", "vitamin D3"),
        ("interferon alfa-2a", "interferon alfa-2b"),
        ("co-trimoxazole", "trimethoprim"), ("insulin glargine", "insulin"), ("epinephrine", "norepinephrine"),
        ("cefalexin", "cefazolin"), ("vinblastine", "vincristine"), ("(+)-tramadol", "(-)-tramadol"),
        ("Tylenol", "paracetamol"),
    ])
    func `different drugs stay different`(left: String, right: String) throws {
        #expect(try drug(left) != nil)
        #expect(try drug(left) != drug(right))
    }

    @Test(arguments: [
        "", "aspirin 81 mg", "aspirin 81mg", "5% glucose", "aspirin or ibuprofen", "aspirin vs ibuprofen", "/",
        "aspirin +",
        "81", "metformin 500 mg tablets", "insulin 100 units/ml",
    ])
    func `anything more is no name of a drug`(text: String) throws {
        #expect(try drug(text) == nil)
    }

    @Test(arguments: ["metformin hydrochloride", "metformin HCl", "Metformin"])
    func `salts are stripped by policy`(text: String) throws {
        #expect(try drug(text, ["salts": "strip"]) == "metformin")
    }

    @Test(arguments: [
        ("sodium chloride", "sodium bicarbonate"), ("lithium carbonate", "lithium citrate"),
        ("potassium chloride", "potassium"),
        ("calcium carbonate", "calcium acetate"), ("sodium citrate", "sodium phosphate"),
    ])
    func `stripping salts leaves simple salts whole`(left: String, right: String) throws {
        #expect(try drug(left, ["salts": "strip"]) != drug(right, ["salts": "strip"]))
    }

    @Test func `policies`() throws {
        let brands: JSONObject = [
            "brands": ["Tylenol": "acetaminophen", "Augmentin": "amoxicillin/clavulanic acid"], "salts": "strip",
        ]
        #expect(try drug("tylenol", brands) == "paracetamol")
        #expect(try drug("Augmentin", brands) == drug("amoxicillin + potassium clavulanate", brands))
        #expect(try drug("aspirin 81 mg tablets", ["dose": "ignore"]) == drug("aspirin"))
        #expect(try drug("albuterol", ["synonyms": false]) == "albuterol")
        #expect(throws: RewardError.self) { try drug("x", ["brands": ["a/b": "c"]]) }
        #expect(throws: RewardError.self) { try drug("x", ["salts": "drop"]) }
    }
}
