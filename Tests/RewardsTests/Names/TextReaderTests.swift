import Primitives
import Testing

@testable import Rewards

@Suite struct TextReaderTests {
    private func name(_ text: String, _ policy: TextPolicy = TextPolicy()) -> String? {
        canonicalName(text, TextReader(policy: policy))
    }

    private func policy(_ object: JSONObject) throws -> TextPolicy {
        var fields = PolicyFields(object)
        let policy = try TextPolicy(&fields)
        try fields.finish()
        return policy
    }

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
        ("\u{1D400}spirin", "aspirin"),
        ("HbA\u{2081}c", "HbA1c"),
        ("\u{BD}", "1/2"),
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
        ("\u{441}\u{43E}\u{441}\u{43E}\u{430}", "cocoa"), ("Sj\u{F6}gren", "Sjogren"), ("5' end", "5 end"),
        ("tumor suppressor", "tumors suppressor"), ("aspirin or ibuprofen", "aspirin"), ("10\u{B2}", "102"),
        ("1\u{BD}", "11/2"), (".5", "5"), ("5!", "5"), ("(1, 2)", "[1, 2]"), ("-5", "5"),
    ])
    func `different names stay different`(left: String, right: String) {
        #expect(name(left) != nil)
        #expect(name(left) != name(right))
    }

    @Test(arguments: ["", " \n\t", ".", "...", "\"\"", "()", "\u{200B}\u{2060}", "-", "\u{2014}", "' '"])
    func `a text without letters and digits has no canonical form`(text: String) {
        guard case .malformed = nameProblem(text, TextReader()) else {
            Issue.record("\(text) should be malformed")
            return
        }
    }

    @Test(arguments: ["\u{430}spirin", "\u{202E}niripsa"])
    func `confusable and reordered texts are refused`(text: String) {
        guard case .refused = nameProblem(text, TextReader()) else {
            Issue.record("\(text) should be refused")
            return
        }
    }

    @Test func `a lone article is a name and is not dropped`() {
        #expect(name("A") == "a")
        #expect(name("the") == "the")
        #expect(name("the.") == "the")
        #expect(name("a .") == "a")
    }

    @Test func `brackets that do not enclose everything stay`() {
        #expect(name("(R)-warfarin (racemic)") == "(r)-warfarin (racemic)")
        #expect(name("(-)-epicatechin") == "(-)-epicatechin")
    }

    @Test func `rules name what changed`() throws {
        var work = Work()
        _ = try TextReader().read(AnswerText("aspirin"), side: .prediction, work: &work)
        #expect(work.rules == [])
        _ = try TextReader().read(AnswerText("The  Crohn\u{2019}s disease."), side: .prediction, work: &work)
        #expect(
            work.rules
                == ["apostrophes", "white space", "surrounding punctuation", "leading article", "case", "possessive"])
    }

    @Test func `the cost is linear in the length, whatever the text`() throws {
        for unit in ["(", "'", "\"", "a", "s'", "\u{301}", " ", "the ", ".", "(x)", "\u{FB03}"] {
            var (small, large) = (Work(), Work())
            _ = try? TextReader().read(AnswerText(String(repeating: unit, count: 1000)), side: .gold, work: &small)
            _ = try? TextReader().read(AnswerText(String(repeating: unit, count: 4000)), side: .gold, work: &large)
            #expect(large.operations <= 4 * small.operations + 100, "\(unit)")
        }
    }

    @Test func `policies`() throws {
        #expect(try name("Paris", policy(["case_sensitive": true])) != name("paris", policy(["case_sensitive": true])))
        #expect(try name("the cat", policy(["keep_articles": true])) == "the cat")
        #expect(try name("Sj\u{F6}gren \u{141}", policy(["keep_accents": false])) == "sjogren l")
        #expect(try name("Paris.", policy(["punctuation": "keep"])) == "paris.")
        #expect(throws: RewardError.self) { try policy(["punctuation": "all"]) }
        #expect(throws: RewardError.self) { try policy(["articles": true]) }
    }

    @Test(arguments: [
        ("Hello, world!", "hello world"), ("don't", "dont"), ("U.S.", "us"), ("1,234", "1234"), ("IL-6", "il6"),
        ("The answer is a hello world", "answer is hello world"), ("the a NOT an ARTICLE the an a", "not article"),
        ("tHIS Was A TRIUMPH", "this was triumph"), ("x-ray", "xray"), ("A fox jumps over a dog", "fox jumps over dog"),
        ("vitamin A.", "vitamin a"), ("Crohn's disease", "crohn disease"), ("hepatitis A virus", "hepatitis a virus"),
    ])
    func `punctuation inside may be ignored`(text: String, canonical: String) throws {
        #expect(try name(text, policy(["punctuation": "ignore"])) == canonical)
    }

    @Test(arguments: [
        ("1.5", "15"), ("-5", "5"), ("1-5", "15"), ("50%", "50"), ("hepatitis A", "hepatitis"), ("A", ""), ("the", ""),
        ("1,5", "15"), ("1,2345", "12345"), (".5", "5"), ("x (-5)", "x 5"), ("1:2", "12"), ("Na+", "Na"),
        ("IL-16", "IL1-6"),
        ("1.000", "1000"), ("0,123", "123"), ("A antigen", "antigen"), ("1)(5", "15"),
    ])
    func `ignoring punctuation joins no digits and drops no signs`(left: String, right: String) throws {
        let ignoring = try policy(["punctuation": "ignore"])
        #expect(name(left, ignoring) != nil)
        #expect(name(left, ignoring) != name(right, ignoring))
    }

    @Test func `canonical texts are their own canonical form, whatever the text`() throws {
        let policies = [
            TextPolicy(), try policy(["punctuation": "ignore"]), try policy(["keep_accents": false]),
            try policy(["case_sensitive": true, "keep_articles": true]), try policy(["punctuation": "keep"]),
        ]
        var generator = NameGenerator(seed: 1)
        for round in 0..<15_000 {
            let text = generator.text(maximumLength: 12)
            let policy = policies[round % policies.count]
            guard let canonical = name(text, policy) else { continue }
            var work = Work()
            let again = try? TextReader(policy: policy).read(AnswerText(canonical), side: .gold, work: &work).text
            #expect(again == canonical, "\(text.unicodeScalars.map { String($0.value, radix: 16) }) under \(policy)")
        }
    }

    @Test func `the short way to plain text agrees with the full one`() throws {
        let characters = Array(
            "aAbZ 19-'\"\u{A0}\u{AB}\u{B4}\u{B5}\u{C0}\u{C5}\u{D0}\u{D1}\u{D6}\u{D8}\u{DD}\u{DE}\u{E9}\u{F0}\u{F8}\u{FF}\u{391}\u{3A9}\u{3B1}\u{3C2}\u{3C9}\u{2018}\u{2019}\u{201C}\u{2013}\u{2212}\u{202F}\u{2009}\u{2032}\u{E6}\u{D7}"
                .unicodeScalars)
        var generator = NameGenerator(seed: 7)
        for round in 0..<4000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                scalars.append(characters[Int.random(in: 0..<characters.count, using: &generator)])
            }
            let text = AnswerText(String(scalars))
            let options = PlainText.Options(keepsAccents: round % 2 == 0)
            var work = Work()
            guard let short = SimplePlainText.bytes(of: text.bytes, options, work: &work) else { continue }
            #expect(short == PlainText.fullBytes(of: text, options, work: &work), "\(text.string)")
        }
    }
}
