import Primitives
import Testing

@testable import Rewards

@Suite struct DiseaseReaderTests {
    private func disease(_ text: String, _ object: JSONObject = [:]) throws -> String? {
        var fields = PolicyFields(object)
        let reader = DiseaseReader(policy: try DiseasePolicy(&fields))
        try fields.finish()
        return canonicalName(text, reader)
    }

    @Test(arguments: [
        ("haemophilia A", "hemophilia A"), ("pulmonary oedema", "pulmonary edema"), ("Wilms' tumour", "Wilms tumor"),
        ("iron-deficiency anaemia", "iron deficiency anemia"), ("acute myeloid leukaemia", "acute myeloid leukemia"),
        ("oesophagitis", "esophagitis"), ("diarrhoea", "diarrhea"), ("Crohn's disease", "Crohns disease"),
        ("Crohn disease", "crohn\u{2019}s disease"), ("Graves' disease", "Graves disease"),
        ("type II diabetes", "type 2 diabetes"),
        ("type-2 diabetes mellitus", "diabetes mellitus, type 2"),
        ("diabetes mellitus type II", "type 2 diabetes mellitus"),
        ("factor VIII deficiency", "factor 8 deficiency"), ("\u{3B1}-thalassaemia", "alpha thalassemia"),
        ("non-Hodgkin lymphoma", "non-Hodgkin's lymphoma"), ("pre-eclampsia", "preeclampsia"),
        ("gastro-oesophageal reflux disease", "gastroesophageal reflux disease"), ("coeliac disease", "celiac disease"),
        ("chronic obstructive pulmonary disease (COPD)", "Chronic obstructive pulmonary disease"),
        ("acquired immunodeficiency syndrome (AIDS)", "acquired immunodeficiency syndrome"),
        ("leukemia, myeloid, acute", "acute myeloid leukemia"), ("necrotising fasciitis", "necrotizing fasciitis"),
        ("Sj\u{F6}gren's syndrome", "Sjogren syndrome"), ("Guillain-Barr\u{E9} syndrome", "Guillain Barre syndrome"),
        ("cardiomyopathies", "cardiomyopathy"), ("brain metastases", "brain metastasis"), ("gliomas", "glioma"),
        ("stage IIIa melanoma", "stage 3A melanoma"), ("motor neurone disease", "motor neuron disease"),
        ("phaeochromocytoma", "pheochromocytoma"), ("hypoglycaemia", "hypoglycemia"),
        ("ischaemic stroke", "ischemic stroke"),
        ("generalised anxiety disorder", "generalized anxiety disorder"),
        ("St. Louis encephalitis", "St Louis encephalitis"),
        ("Parkinsons disease", "Parkinson disease"), ("goitre", "goiter"),
        ("foetal alcohol syndrome", "fetal alcohol syndrome"),
        ("type 2 diabetes mellitus (T2DM)", "type two diabetes mellitus"),
        ("orthopaedic infection", "orthopedic infection"),
        ("sleep apnoea", "sleep apnea"), ("abscesses", "abscess"), ("amoebiasis", "amebiasis"),
        ("carcinomata", "carcinoma"),
        ("the common cold.", "Common cold"), ("factor V Leiden", "Factor V Leiden"),
        ("non small cell lung cancer", "non-small-cell lung cancer"),
    ])
    func `names of one disease are equal`(left: String, right: String) throws {
        #expect(try disease(left) != nil)
        #expect(try disease(left) == disease(right))
    }

    @Test(arguments: [
        ("haemophilia A", "haemophilia B"), ("factor V deficiency", "factor VIII deficiency"),
        ("hepatitis A", "hepatitis"),
        ("breast carcinoma", "breast cancer"), ("Crohn disease", "Crohn"), ("Down syndrome", "Down disease"),
        ("asthma (COPD)", "asthma"), ("type 1 diabetes", "type 2 diabetes"),
        ("type 11 glycogenosis", "type II glycogenosis"),
        ("hypoglycaemia", "hyperglycaemia"), ("asthma or COPD", "asthma"),
        ("vitamin C deficiency", "vitamin 100 deficiency"),
        ("\u{3B1}-thalassemia", "\u{3B2}-thalassemia"), ("diabetes mellitus", "diabetes insipidus"), ("AIDS", "aid"),
        ("hypokalaemia", "hypocalcaemia"), ("chronic pain", "chronic"), ("stage 3 melanoma", "stage 3a melanoma"),
        ("disease of the heart", "heart disease"), ("hepatitis B (HB) or C", "hepatitis B"),
    ])
    func `different diseases stay different`(left: String, right: String) throws {
        #expect(try disease(left) != nil)
        #expect(try disease(left) != disease(right))
    }

    @Test(arguments: ["", "42", "...", "(-)"])
    func `anything else is no name of a disease`(text: String) throws {
        #expect(try disease(text) == nil)
    }

    @Test func `policies`() throws {
        #expect(try disease("Sj\u{F6}gren", ["keep_accents": true]) != disease("Sjogren", ["keep_accents": true]))
        #expect(try disease("anaemia, aplastic", ["inversion": false]) != disease("aplastic anaemia"))
        let strict: JSONObject = ["abbreviation_in_parentheses": false]
        #expect(try disease("multiple sclerosis (MS)", strict) != disease("multiple sclerosis", strict))
    }

    @Test func `no two diseases of the list become one, in either spelling`() throws {
        var seen: [String: String] = [:]
        for name in DiseaseList.names {
            let canonical = try #require(try disease(name))
            #expect(try disease(canonical) == canonical, "\(name)")
            #expect(seen[canonical] == nil, "\(name) and \(seen[canonical] ?? "")")
            seen[canonical] = name
            #expect(try disease(name.uppercased()) == canonical, "\(name)")
        }
        #expect(seen.count >= 150)
    }

    @Test func `random texts never crash, and canonical names are their own canonical form`() throws {
        var generator = NameGenerator(seed: 2)
        let vocabulary =
            DiseaseList.names.flatMap { $0.split(separator: " ").map(String.init) }
            + [
                "non-", "pre-", "type", "II", "stage", "iv", "(", ")", ",", "Crohn's", "\u{3B1}", "tumours", "and",
                "the", "-",
            ]
        for _ in 0..<4000 {
            let count = Int.random(in: 1...6, using: &generator)
            let words = (0..<count).map { _ in vocabulary[Int.random(in: 0..<vocabulary.count, using: &generator)] }
            let text = words.joined(separator: " ")
            guard let canonical = try disease(text) else { continue }
            #expect(try disease(canonical) == canonical, "\(text)")
        }
        for _ in 0..<3000 {
            let text = generator.text(maximumLength: 30)
            _ = try disease(text)
            _ = canonicalName(text, DrugReader())
            _ = canonicalName(text, GeneReader())
        }
    }
}
