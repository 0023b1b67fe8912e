import Primitives
import Testing

@testable import Rewards

@Suite struct CollectionReaderTests {
    @Test(arguments: [
        ("aspirin, ibuprofen", "ibuprofen and aspirin"),
        ("aspirin, ibuprofen, codeine", "codeine, aspirin, and ibuprofen"),
        ("aspirin; ibuprofen", "['ibuprofen', 'aspirin']"),
        ("[\"a, b\", \"c\"]", "c; a, b"),
        ("aspirin\nibuprofen", "- ibuprofen\n- aspirin"),
        ("aspirin; ibuprofen", "1. ibuprofen\n2. aspirin"),
        ("aspirin; ibuprofen", "\u{2022} ibuprofen\n\u{2022} aspirin"),
        ("aspirin; ibuprofen", "ibuprofen & aspirin"),
        ("aspirin; ibuprofen", "(ibuprofen; aspirin)"),
        ("aspirin; ibuprofen", "\\{ibuprofen, aspirin\\}"),
        ("aspirin; ibuprofen", "ibuprofen,\naspirin"),
        ("aspirin; ibuprofen", "aspirin, ibuprofen, aspirin"),
        ("1,2-dichloroethane; aspirin", "aspirin, 1,2-dichloroethane"),
        ("2,4,6-trinitrotoluene", "[2,4,6-trinitrotoluene]"),
        ("'t Hooft; Smith", "'t Hooft, Smith"),
        ("factor V (Leiden, homozygous); aspirin", "aspirin, factor V (Leiden, homozygous)"),
    ])
    func `sets are equal in any notation and order`(gold: String, prediction: String) throws {
        let probe = try CollectionProbe(.set, ["elements": "text"])
        #expect(try probe.isEqual(gold, prediction))
        #expect(try probe.isEqual(prediction, gold))
    }

    @Test(arguments: [
        ("aspirin; ibuprofen", "aspirin"), ("aspirin", "aspirin; ibuprofen"),
        ("aspirin; ibuprofen", "aspirin; codeine"), ("a; b", "a; b or c"), ("a b", "a; b"),
    ])
    func `a missing, an extra or another element differs`(gold: String, prediction: String) throws {
        #expect(try !CollectionProbe(.set, ["elements": "text"]).isEqual(gold, prediction))
    }

    @Test func `order counts in a list only`() throws {
        #expect(try !CollectionProbe(.list, ["elements": "number"]).isEqual("1, 2", "2, 1"))
        #expect(try CollectionProbe(.multiset, ["elements": "number"]).isEqual("1, 2", "2, 1"))
    }

    @Test func `repeats count in a multiset only`() throws {
        #expect(try !CollectionProbe(.multiset, ["elements": "number"]).isEqual("1, 2", "1, 2, 2"))
        #expect(try CollectionProbe(.set, ["elements": "number"]).isEqual("1, 2", "1, 2, 2"))
        let strict = try CollectionProbe(.set, ["elements": "number", "duplicates": "refuse"])
        #expect(throws: AnswerProblem.self) { try strict.value("1, 2, 2") }
    }

    @Test(arguments: ["", "[]", "{}", "1,,2", ",1", "[1, 2", "1, 2 or 3", "1 or 2", "[1, [2, 3]]", "1; 2; x"])
    func `what is no collection of numbers is refused`(text: String) throws {
        let probe = try CollectionProbe(.list, ["elements": "number"])
        #expect(throws: AnswerProblem.self) { try probe.value(text) }
    }

    @Test func `a comma marks thousands where the others are spaced`() throws {
        let probe = try CollectionProbe(.list, ["elements": "number"])
        #expect(try probe.isEqual("1234; 5", "1,234, 5"))
        #expect(try probe.isEqual("1; 234; 5", "1,234,5"))
        #expect(try probe.isEqual("1; 2; 3", "1,2, 3"))
    }

    @Test func `negative numbers on lines are no bullets`() throws {
        #expect(try CollectionProbe(.list, ["elements": "number"]).isEqual("-5; -3", "-5\n-3"))
    }

    @Test func `factors may be written as a product with powers`() throws {
        let probe = try CollectionProbe(.multiset, ["elements": "integer", "separator": "×"])
        #expect(try probe.isEqual("2 × 2 × 2 × 5", "5 * 2^3"))
        #expect(try probe.isEqual("2 × 2 × 5", "2**2 \\times 5"))
        #expect(try probe.isEqual("3 × 191", "191 x 3"))
        #expect(try !probe.isEqual("3 × 191", "573"))
        #expect(try !probe.isEqual("3 × 191", "3 × 191 × 1"))
    }

    @Test func `the empty set is an answer by policy only`() throws {
        let probe = try CollectionProbe(.set, ["elements": "text", "empty": true])
        #expect(try probe.isEqual("{}", "none"))
        #expect(try probe.isEqual("[]", "\u{2205}"))
        #expect(try !probe.isEqual("{}", "aspirin"))
        #expect(throws: AnswerProblem.self) { try probe.value("") }
    }

    @Test func `sets of sets`() throws {
        let probe = try CollectionProbe(.set, ["elements": ["type": "set", "elements": "text"]])
        #expect(try probe.isEqual("[['a', 'b'], ['c']]", "[[\"c\"], [\"b\", \"a\"]]"))
        #expect(try !probe.isEqual("[['a', 'b'], ['c']]", "[['a'], ['b', 'c']]"))
    }

    @Test func `a conjunction may belong to the elements`() throws {
        let probe = try CollectionProbe(.set, ["elements": "text", "conjunction": "none"])
        #expect(try probe.isEqual("fever; nausea and vomiting", "nausea and vomiting, fever"))
    }

    @Test(arguments: [
        ("{a, b}", "{\"a, b\"}"), ("[\"(a)\", \"b\"]", "[\"(a\", \")b\"]"), ("['a', 'b, c']", "['a, b', 'c']"),
    ])
    func `the canonical text keeps elements apart`(left: String, right: String) throws {
        let probe = try CollectionProbe(.list, ["elements": "text"])
        #expect(try probe.value(left) != probe.value(right))
    }

    @Test(
        arguments: [["separator": ""], ["separator": 1], ["elements": "integers"], ["elemens": "text"]] as [JSONObject])
    func `a wrong policy is named`(policy: JSONObject) {
        #expect(throws: RewardError.self) { try CollectionProbe(.set, policy) }
    }

    @Test func `a tolerance needs a matching, not a greedy choice`() throws {
        let reader = CollectionReader(kind: .multiset, element: NearReader())
        #expect(try compare(reader, "1; 2", "2; 3"))
        #expect(try compare(reader, "1; 2; 3; 4", "5; 4; 3; 2"))
        #expect(try !compare(reader, "1; 1", "2; 3"))
    }

    @Test func `an undecided pair leaves the whole undecided, unless something differs`() throws {
        let reader = CollectionReader(kind: .multiset, element: NearReader())
        #expect(throws: AnswerProblem.undecided("an unlucky number")) { try compare(reader, "1; 13", "1; 14") }
        #expect(try !compare(reader, "1; 5; 13", "1; 8; 14"))
        let list = CollectionReader(kind: .tuple, element: NearReader())
        #expect(try !compare(list, "13; 1", "14; 9"))
        #expect(throws: AnswerProblem.self) { try compare(list, "13; 1", "14; 1") }
    }

    private func compare(_ reader: CollectionReader, _ gold: String, _ prediction: String) throws -> Bool {
        var work = Work()
        let gold = try reader.read(AnswerText(gold), side: .gold, work: &work)
        let prediction = try reader.read(AnswerText(prediction), side: .prediction, work: &work)
        return try reader.compare(gold: gold, prediction: prediction, work: &work).isEqual
    }

    @Test func `random texts never crash, and canonical texts read as themselves`() throws {
        var random = SplitMix(state: 7)
        let alphabet = Array("ab1,;'\"[](){}\\&\n -*:=x^2 and .".utf8) + Array("×\u{2022}é".utf8)
        let probes = [
            try CollectionProbe(.list, ["elements": "text"]), try CollectionProbe(.set, ["elements": "number"]),
            try CollectionProbe(.multiset, ["elements": "integer", "separator": "×"]), try CollectionProbe(.record),
        ]
        for _ in 0..<4000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for probe in probes {
                guard let value = try? probe.value(text) else { continue }
                #expect(!value.text.isEmpty)
                #expect(try probe.isEqual(text, text))
            }
        }
    }
}
