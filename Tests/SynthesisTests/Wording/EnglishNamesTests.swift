import Knowledge
import Testing

@testable import Synthesis

struct EnglishNamesTests {
    @Test(arguments: [
        ("anatomy", "heart", "the heart"),
        ("anatomy", "ventral horn of spinal cord", "the ventral horn of the spinal cord"),
        ("anatomy", "zone of skin", "an area of skin"), ("anatomy", "axilla skin", "the skin of the axilla"),
        ("anatomy", "connective tissue", "connective tissue"), ("anatomy", "platelet", "platelets"),
        ("anatomy", "vein", "the veins"), ("cell_or_tissue", "smooth muscle cell", "smooth muscle cells"),
        ("cytoband", "10p12", "cytoband 10p12"), ("symptom", "skin lesion", "skin lesions"),
        ("symptom", "abdominal mass", "an abdominal mass"), ("symptom", "fever", "fever"),
        ("symptom", "high fever", "a high fever"), ("symptom", "vasculitis (symptom)", "vasculitis"),
        ("phenotype", "Cerebellar atrophy", "cerebellar atrophy"), ("onset", "Childhood onset", "childhood onset"),
        ("drug", "Halobetasol Propionate", "halobetasol propionate"), ("organism", "Bacteria", "bacteria"),
        ("organism", "Leishmania <genus>", "the genus Leishmania"),
        ("organism", "[Haemophilus] ducreyi", "Haemophilus ducreyi"),
        ("transmission", "tick borne transmission", "tick-borne transmission"), ("allergen", "nickel atom", "nickel"),
        ("allergen", "apple food product", "apple food products"), ("agent", "chemical driver", "a chemical driver"),
        ("chromosome", "chromosome 6", "chromosome 6"), ("disease", "asthma", "asthma"),
    ]) func standAsObjects(type: String, name: String, text: String) {
        #expect(EnglishNames.object(Entity(id: "x:1", name: name, type: type)) == text)
    }

    @Test(arguments: [
        ("drug_class", "Kinase Inhibitor", "a kinase inhibitor"), ("drug_class", "Opioid Agonist", "an opioid agonist"),
        ("drug_class", "mTOR Inhibitor Immunosuppressant", "an mTOR inhibitor immunosuppressant"),
        ("drug_class", "5-alpha Reductase Inhibitor", "a 5-alpha reductase inhibitor"),
        ("drug_class", "Vitamin K Antagonist", "a vitamin K antagonist"),
        ("mechanism", "P2Y12 Receptor Antagonists", "a P2Y12 receptor antagonist"),
        ("mechanism", "NMDA Receptor Antagonists", "an NMDA receptor antagonist"),
        ("mechanism", "Factor Xa Inhibitors", "a factor Xa inhibitor"),
        ("mechanism", "Uncompetitive NMDA Receptor Antagonists", "an uncompetitive NMDA receptor antagonist"),
    ]) func classesAreNamedByAMember(type: String, name: String, text: String) {
        #expect(EnglishNames.member(Entity(id: "x:1", name: name, type: type)) == text)
    }

    @Test(arguments: [
        ("hour", "an hour"), ("unit", "a unit"), ("uterus", "a uterus"), ("European", "a European"),
        ("HIV drug", "an HIV drug"),
        ("8-hour fever", "an 8-hour fever"), ("MAO inhibitor", "an MAO inhibitor"), ("gene", "a gene"),
        ("ulcer", "an ulcer"),
    ]) func articlesFollowTheSound(phrase: String, text: String) {
        #expect(EnglishNames.withArticle(phrase) == text)
    }

    @Test(arguments: [
        ("biopsy", "biopsies"), ("toe", "toes"), ("rash", "rashes"), ("boy", "boys"), ("reflex", "reflexes"),
    ])
    func pluralsAreRegular(noun: String, text: String) {
        #expect(EnglishNames.plural(noun) == text)
    }

    @Test(arguments: [
        ("asthma is", "Asthma is"), ("mTOR is", "mTOR is"), ("BRCA1", "BRCA1"), ("beta-blocker", "Beta-blocker"),
    ])
    func sentencesBeginWithACapital(text: String, expected: String) {
        #expect(EnglishNames.capitalized(text) == expected)
    }
}
