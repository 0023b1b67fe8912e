import Testing

@testable import Rewards

@Suite struct NameTests {
    private func name(_ text: String) -> String? { CanonicalForm(of: text, kind: .entity).value }

    @Test(arguments: [
        ("Crohn's disease", "crohn disease"),
        ("Crohn\u{2019}s disease", "Crohn disease"),
        ("Graves' disease", "graves disease"),
        ("Emmanuel\nMacron", "  emmanuel   macron "),
        ("\u{FF22}\u{FF32}\u{FF23}\u{FF21}\u{FF11}", "BRCA1"),
        ("Sj\u{F6}gren syndrome", "Sjo\u{308}gren syndrome"),
        ("as\u{200B}pirin\u{FEFF}", "aspirin"),
        ("X\u{2010}linked ichthyosis", "x-linked ichthyosis"),
        ("beta\u{2013}thalassemia", "beta\u{2011}thalassemia"),
        ("\"aspirin.\"", "aspirin"),
        ("\u{201C}Aspirin\u{201D}!", "aspirin"),
        ("(aspirin)", "aspirin"),
        ("The tibial nerve", "tibial nerve"),
        ("an insulinoma", "Insulinoma"),
        ("type \u{2163} collagen", "type IV collagen"),
        ("\u{B5}-opioid receptor", "\u{3BC}-opioid receptor"),
        ("Stra\u{DF}e", "STRASSE"),
    ])
    func `spellings of one name are equal`(left: String, right: String) {
        #expect(name(left) != nil)
        #expect(name(left) == name(right))
    }

    @Test(arguments: [
        ("act", "cat"), ("IL-6", "LI-6"), ("BRCA1", "BRCA2"), ("hepatitis A", "hepatitis"), ("vitamin A", "vitamin"),
        ("A antigen", "antigen"), ("haemophilia A", "haemophilia B"), ("factor V", "factor VIII"),
        ("\u{3B1}-thalassemia", "\u{3B2}-thalassemia"), ("tissue", "tis"), ("Na+", "Na"), ("1.5", "15"),
        ("beta-thalassemia", "beta thalassemia"), ("5 g", "5 kg"), ("HbA1c", "HbA1"), ("50%", "50"),
        ("\u{430}spirin", "aspirin"), ("\u{202E}niripsa", "aspirin"), ("Sj\u{F6}gren", "Sjogren"), ("5' end", "5 end"),
        ("tumor suppressor", "tumors suppressor"), ("aspirin or ibuprofen", "aspirin"),
    ])
    func `different names stay different`(left: String, right: String) {
        #expect(name(left) != nil)
        #expect(name(left) != name(right))
    }

    @Test(arguments: ["", " \n\t", ".", "...", "\"\"", "()", "\u{200B}\u{2060}", "-", "\u{2014}", "' '"])
    func `a text without letters and digits has no canonical form`(text: String) {
        #expect(name(text) == nil)
    }

    @Test func `a lone article is a name and is not dropped`() {
        #expect(name("A") == "a")
        #expect(name("the") == "the")
        #expect(name("the.") == "the")
    }

    @Test func `brackets that do not enclose everything stay`() {
        #expect(name("(R)-warfarin (racemic)") == "(r)-warfarin (racemic)")
        #expect(name("(-)-epicatechin") == "(-)-epicatechin")
    }

    @Test func `rules name what changed`() {
        #expect(CanonicalForm(of: "aspirin", kind: .entity).rules == [])
        #expect(
            CanonicalForm(of: "The  Crohn\u{2019}s disease.", kind: .entity).rules
                == ["apostrophes", "white space", "surrounding punctuation", "leading article", "case", "possessive"])
    }

    @Test func `the cost is linear in the length, whatever the text`() {
        for unit in ["(", "'", "\"", "a", "s'", "\u{301}", " ", "the ", ".", "(x)", "\u{FB03}"] {
            let small = CanonicalForm(of: String(repeating: unit, count: 1000), kind: .entity).operations
            let large = CanonicalForm(of: String(repeating: unit, count: 4000), kind: .entity).operations
            #expect(large <= 4 * small + 100, "\(unit)")
        }
    }
}
