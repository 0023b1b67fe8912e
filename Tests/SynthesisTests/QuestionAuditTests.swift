import Foundation
import Knowledge
import Primitives
import Storage
import Testing

@testable import Synthesis

/// Every claim is checked by forging it alone, in the rows of questions that hold.
struct QuestionAuditTests {
    private let graph: KnowledgeGraph
    private let rows: [(question: JSONObject, certificate: JSONValue)]

    init() throws {
        let plain = try SmallGraph.make()
        // Synonyms, so that they can be forgotten and leak.
        var entities = Array(plain.entities)
        for index in entities.indices { entities[index].synonyms = ["alias \(Self.word(index)) of it"] }
        graph = try KnowledgeGraph(
            relations: plain.relations, entities: entities, triples: Array(plain.triples))
        rows = try Self.rows(of: graph)
    }

    /// A word that belongs to one entity.
    private static func word(_ index: Int) -> String { "q" + String(repeating: "ab", count: index + 1) + "z" }

    /// One question per disease: at which place is the gene that causes it? And one of two constraints.
    private static func rows(of graph: KnowledgeGraph) throws -> [(question: JSONObject, certificate: JSONValue)] {
        let steps = try ["caused_by", "located_at"].map { try #require(graph.step(named: $0)) }
        return try ["A", "B", "C"].map { letter in
            let anchor = try #require(graph.index(id: "disease:\(letter)"))
            let query = ConjunctiveQuery(ChainQuery(anchor: anchor, steps: steps))
            let certificate = try graph.asserted.certify(query).get()
            let answer = graph.entity(certificate.answer)
            return (
                [
                    "id": .string("q\(letter)"),
                    "question": .string("At which place is the cause of \(graph.name(of: anchor)) found?"),
                    "gold": [
                        "type": "entity", "value": .string(answer.name),
                        "aliases": .array(answer.synonyms.map { .string($0) }),
                    ],
                    "hops": 2, "anchors": [.string(graph.name(of: anchor))],
                    "chains": .texts(certificate.names(in: graph)), "relations": [["caused_by", "located_at"]],
                ], certificate.json
            )
        }
    }

    private func findings(changing change: (inout JSONObject) -> Void) -> [QuestionAudit.Finding] {
        var row = rows[0].question
        change(&row)
        return QuestionAudit(graph: graph).findings(of: .object(row), certificate: rows[0].certificate)
    }

    @Test func whatHoldsHasNoFinding() {
        let audit = QuestionAudit(graph: graph)
        for row in rows {
            #expect(audit.findings(of: .object(row.question), certificate: row.certificate).isEmpty)
        }
    }

    @Test func aCertificateMayStandInItsRow() {
        var row = rows[0].question
        #expect(QuestionAudit(graph: graph).findings(of: .object(row)).map(\.fault) == [.uncertified])
        row["certificate"] = rows[0].certificate
        #expect(QuestionAudit(graph: graph).findings(of: .object(row)).isEmpty)
    }

    @Test(arguments: ["hops", "anchors", "chains", "relations"])
    func whatIsForDiagnosisMayBeAbsent(field: String) {
        #expect(findings { $0[field] = nil }.isEmpty)
    }

    @Test func theGoldIsTheAnswersName() {
        for value in ["1p2.1", "1p1.1 ", "alias"] {
            let found = findings {
                $0["gold"] = ["type": "entity", "value": .string(value), "aliases": $0["gold"]?["aliases"] ?? []]
            }
            #expect(found.map(\.fault) == [.answer], "\(value)")
            #expect(found.first?.text.contains("1p1.1") == true)
        }
    }

    @Test func theAliasesAreItsSynonyms() {
        let lacking = findings { $0["gold"] = ["type": "entity", "value": "1p1.1", "aliases": []] }
        #expect(lacking.map(\.fault) == [.aliases] && lacking[0].text.contains("lacks “alias"))
        let synonym = graph.entity(graph.index(id: "cytoband:A") ?? 0).synonyms[0]
        let more = findings {
            $0["gold"] = ["type": "entity", "value": "1p1.1", "aliases": [.string(synonym), "1p2.1"]]
        }
        #expect(more.map(\.fault) == [.aliases] && more[0].text.contains("has “1p2.1”"))
    }

    @Test func theGoldIsAnEntity() {
        let found = findings {
            $0["gold"] = ["type": "number", "value": "1p1.1", "aliases": $0["gold"]?["aliases"] ?? []]
        }
        #expect(found.map(\.fault) == [.answer])
    }

    @Test func theTextNamesTheAnchor() {
        #expect(findings { $0["question"] = "At which place is its cause found?" }.map(\.fault) == [.anchor])
        #expect(findings { $0["question"] = "At which place is the cause of vorosis B?" }.map(\.fault) == [.anchor])
        let synonym = Self.word(1)
        #expect(findings { $0["question"] = .string("Where is the cause of alias \(synonym) of it?") }.isEmpty)
    }

    @Test func theRowNamesTheAnchor() {
        #expect(findings { $0["anchors"] = ["vorosis B"] }.map(\.fault) == [.anchor])
    }

    @Test func theHopsAgree() {
        #expect(findings { $0["hops"] = 3 }.map(\.fault) == [.hops])
        #expect(findings { $0["hops"] = "2" }.map(\.fault) == [.hops])
    }

    @Test func chainAndRelationsAreThoseOfTheCertificate() {
        #expect(findings { $0["chains"] = [["vorosis A", "GQB", "1p1.1"]] }.map(\.fault) == [.chain])
        #expect(findings { $0["chains"] = [["1p1.1", "GQA", "vorosis A"]] }.map(\.fault) == [.chain])
        #expect(findings { $0["relations"] = [["caused_by", "^located_at"]] }.map(\.fault) == [.chain])
    }

    @Test(arguments: [
        "Is the cause of vorosis A at 1p1.1?", "Where is the gene GQA, the cause of vorosis A?",
        "Where are the GQAs, which cause vorosis A?", "Where is the cause of vorosis A, alias qababababz of it?",
    ])
    func theTextGivesNothingAway(text: String) {
        let found = findings { $0["question"] = .string(text) }
        // The last text has the synonym of the answer, which is entity 3: a word of four pairs of letters.
        #expect(found.map(\.fault) == [.leak], "\(text): \(found)")
    }

    @Test(arguments: ["question", "gold"])
    func aRowWithoutAFieldIsUnreadable(field: String) {
        let found = findings { $0[field] = nil }
        #expect(found.map(\.fault) == [.unreadable] && found[0].text.contains(field))
    }

    @Test func aForgedCertificateIsRefuted() throws {
        let audit = QuestionAudit(graph: graph)
        let other = audit.findings(of: .object(rows[0].question), certificate: rows[1].certificate)
        // The certificate of another question holds, but says other things.
        #expect(Set(other.map(\.fault)) == [.answer, .aliases, .anchor, .chain])
        var forged = try #require(rows[0].certificate.objectValue)
        forged["answer"] = "cytoband:B"
        #expect(
            audit.findings(of: .object(rows[0].question), certificate: .object(forged)).map(\.fault) == [.certificate])
        forged["answer"] = "cytoband:Z"
        #expect(
            audit.findings(of: .object(rows[0].question), certificate: .object(forged)).map(\.fault) == [.certificate])
    }

    // MARK: Directories

    private func summary(
        _ questions: [JSONObject], _ certificates: [(String, JSONValue)]
    ) throws -> QuestionAuditSummary {
        let directory = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try JSONLines.write(
            questions.map { .object($0) }, toZstandard: directory + "/questions.jsonl.zst")
        try JSONLines.write(
            certificates.map { ["question_id": .string($0.0), "certificate": $0.1] },
            toZstandard: directory + "/certificates.jsonl.zst")
        return try QuestionAudit(graph: graph).summary(directory: directory)
    }

    private var certificates: [(String, JSONValue)] {
        zip(["qA", "qB", "qC"], rows).map { ($0, $1.certificate) }
    }

    @Test func countsWhatHoldsInADirectory() throws {
        let summary = try summary(rows.map(\.question), certificates)
        #expect(summary.isClean && summary.questions == 3 && summary.problems.isEmpty)
    }

    @Test func countsReasonsByQuestion() throws {
        var questions = rows.map(\.question)
        questions[0]["question"] = "Is the cause of vorosis A, which is GQA, at 1p1.1?"
        questions[1]["hops"] = 7
        questions.append(questions[2])
        let summary = try summary(questions, Array(certificates.dropFirst()) + [("qX", rows[0].certificate)])
        #expect(summary.questions == 4 && summary.faulty == 3 && summary.idleCertificates == 1)
        // Without its certificate nothing else is known of the first one.
        #expect(summary.counts == [.uncertified: 1, .hops: 1, .repeated: 1])
        #expect(summary.problems.contains { $0.contains("line 2 (qB)") && $0.contains("7 hops") })
        #expect(summary.problems.contains { $0.contains("qX") })
        #expect(!summary.isClean && summary.json["faults"]?["hops"] == 1)
    }

    @Test func twoLeaksOfAQuestionCountOnce() throws {
        var questions = rows.map(\.question)
        questions[0]["question"] = "Is the cause of vorosis A, which is GQA, at 1p1.1?"
        let summary = try summary(questions, certificates)
        #expect(summary.counts == [.leak: 1] && summary.problems.count == 2)
    }

    /// The questions that the shipped graph gives in the wording of the strict check.
    @Test func questionsOfTheShippedGraphHold() throws {
        let graph = try ShippedGraph.load()
        var configuration = QuestionSynthesizer.Configuration()
        configuration.wording = .english
        let questions = try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1).questions
        let audit = QuestionAudit(graph: graph)
        var summary = QuestionAuditSummary()
        for question in questions.prefix(60) {
            summary.add(
                audit.findings(of: question.json, certificate: question.certificate.json), name: question.id)
        }
        #expect(summary.questions == 60 && summary.isClean, "\(summary.problems.prefix(3))")
    }
}
