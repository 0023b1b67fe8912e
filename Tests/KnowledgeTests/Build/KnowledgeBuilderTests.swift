import Foundation
import Primitives
import Storage
import Synchronization
import Testing

@testable import Knowledge

@Suite struct KnowledgeBuilderTests {
    private static let text = "Gout has the symptom joint pain. Allopurinol is a treatment for gout."
    private static let entities = [("Gout", "disease"), ("joint pain", "symptom")]
    private static let symptom = ("gout", "has_symptom", "joint pain", "Gout has the symptom joint pain")

    private let journal = NSTemporaryDirectory() + "knowledge-journal-" + UUID().uuidString

    private func documents(_ texts: [String]) throws -> TemporaryFile {
        let rows = texts.enumerated().map { index, text -> JSONValue in
            ["_id": .string("doc:\(index)"), "title": "t", "text": .string(text), "source": "S", "licence": "CC0-1.0"]
        }
        return try TemporaryFile(bytes: JSONLines.encode(rows), name: "documents.jsonl")
    }

    private func build(
        _ extractor: ScriptedExtractor, _ texts: [String] = [text], rounds: Int = 1, repairs: Int = 1,
        concurrency: Int = 1, chunkBytes: Int = 4_800, graph: KnowledgeGraph? = nil
    ) async throws -> KnowledgeBuilder.Outcome {
        var settings = KnowledgeBuilder.Settings()
        (settings.gleaningRounds, settings.repairs, settings.concurrency) = (rounds, repairs, concurrency)
        settings.chunker = TextChunker(maximumBytes: chunkBytes, overlapBytes: 0)
        let file = try documents(texts)
        return try await KnowledgeBuilder(extractor: extractor, settings: settings).build(
            files: [file.path], journal: journal, graph: graph)
    }

    private func cleanUp() { try? FileStore.remove(journal) }

    @Test func aFactCarriesTheWordsThatStateIt() async throws {
        defer { cleanUp() }
        let outcome = try await build(
            ScriptedExtractor {
                $0.userTurns == 1 ? ScriptedExtractor.answer(Self.entities, [Self.symptom]) : ScriptedExtractor.answer()
            })
        let graph = try GraphMerger().merge(outcome.draft).graph
        #expect(graph.triples.count == 1)
        let evidence = graph.triples[0].mainEvidence
        #expect(evidence.document == "doc:0")
        #expect(evidence.source == "S")
        let span = try #require(evidence.span)
        #expect(String(decoding: Array(Self.text.utf8)[span], as: UTF8.self) == "Gout has the symptom joint pain")
        #expect(outcome.stopped == nil)
        #expect(outcome.progress.usage == TokenUsage(requests: 2, promptTokens: 20, completionTokens: 6))
    }

    @Test func theModelIsAskedForWhatItMissedAndNoLongerThanItFindsSomething() async throws {
        defer { cleanUp() }
        let drug = ("Allopurinol", "indicated_for", "gout", "Allopurinol is a treatment for gout")
        let extractor = ScriptedExtractor { request in
            switch request.userTurns {
            case 1: ScriptedExtractor.answer(Self.entities, [Self.symptom])
            case 2: ScriptedExtractor.answer([("Allopurinol", "drug")], [drug])
            default: ScriptedExtractor.answer()
            }
        }
        let outcome = try await build(extractor, rounds: 5)
        #expect(outcome.draft.facts.count == 2)
        #expect(extractor.requests.count == 3)
        #expect(extractor.requests[2].messages.map(\.role) == [.system, .user, .assistant, .user, .assistant, .user])
    }

    @Test(
        arguments: [
            ([("Gout", "planet")], [], ExtractionCheck.Refusal.unknownType),
            ([("Scurvy", "disease")], [], .entityNotInText),
            (entities, [("gout", "adores", "joint pain", "Gout has")], .unknownRelation),
            (entities, [("gout", "has_symptom", "fever", "Gout has")], .unknownEntity),
            (entities, [("joint pain", "has_symptom", "gout", "Gout has")], .wrongTypes),
            (entities, [("gout", "has_symptom", "joint pain", "Gout always has")], .quoteNotInText),
            (entities, [("gout", "has_symptom", "joint pain", "has the symptom")], .quoteWithoutEntity),
            (entities, [("gout", "is_a", "Gout", "Gout has")], .selfReference),
        ] as [([(String, String)], [(String, String, String, String)], ExtractionCheck.Refusal)])
    func whatTheTextDoesNotStateIsRefusedAndCounted(
        _ entities: [(String, String)], _ facts: [(String, String, String, String)], _ reason: ExtractionCheck.Refusal
    ) async throws {
        defer { cleanUp() }
        let answer = ScriptedExtractor.answer(entities, facts)
        let outcome = try await build(ScriptedExtractor { _ in answer }, rounds: 0)
        #expect(outcome.draft.facts.isEmpty)
        #expect(outcome.draft.report.count(reason.rawValue) == 1)
        #expect(outcome.progress.refused == 1)
    }

    @Test(arguments: [
        "no JSON", "{\"entities\": []}", "{\"entities\": [{\"name\": 1}], \"facts\": []}", "{\"entities\": [",
    ])
    func anAnswerThatCannotBeReadIsAskedForAgainOnce(_ broken: String) async throws {
        defer { cleanUp() }
        let repaired = ScriptedExtractor { request in
            request.userTurns == 1
                ? broken : "```json\n" + ScriptedExtractor.answer(Self.entities, [Self.symptom]) + "\n```"
        }
        #expect(try await build(repaired, rounds: 0).draft.facts.count == 1)
        cleanUp()
        let hopeless = ScriptedExtractor { _ in broken }
        let outcome = try await build(hopeless, rounds: 3)
        #expect(hopeless.requests.count == 2)
        #expect(outcome.progress.failedChunks == 1)
        #expect(outcome.draft.report.count("pieces of text that could not be read to their end") == 1)
    }

    /// Answers with one symptom of each disease that a text names.
    private static func script(_ request: ExtractionRequest) -> String {
        guard request.userTurns == 1 else { return ScriptedExtractor.answer() }
        let words = request.text.split(separator: " ")
        guard words.count > 3 else { return ScriptedExtractor.answer() }
        let (disease, symptom) = (String(words[0]), String(words[2].dropLast()))
        return ScriptedExtractor.answer(
            [(disease, "disease"), (symptom, "symptom")],
            [(disease, "has_symptom", symptom, "\(disease) causes \(symptom)")])
    }

    private static let many = (0..<12).map { "disease\($0) causes symptom\($0 % 5). It is known." }

    @Test func theDraftDoesNotDependOnTheNumberOfRequestsInFlight() async throws {
        defer { cleanUp() }
        let one = try await build(ScriptedExtractor(Self.script), Self.many)
        cleanUp()
        let eight = try await build(ScriptedExtractor(Self.script), Self.many, concurrency: 8)
        #expect(one.draft.facts.count == 12)
        #expect(one.draft.facts == eight.draft.facts)
        #expect(one.draft.entities == eight.draft.entities)
        #expect(one.draft.report == eight.draft.report)
    }

    @Test func aStoppedBuildGoesOnWhereItWas() async throws {
        defer { cleanUp() }
        let whole = try await build(ScriptedExtractor(Self.script), Self.many)
        cleanUp()
        let count = Counter()
        let limited = ScriptedExtractor { request throws(ExtractionFailure) in
            guard count.next() <= 9 else { throw .stopped("enough") }
            return Self.script(request)
        }
        let part = try await build(limited, Self.many)
        #expect(part.stopped == "enough")
        #expect(part.draft.facts.count < 12)
        // Nine answers are four pieces and a half; the tenth request was refused.
        #expect(part.progress.chunks == 5 && part.progress.documents == 5 && part.draft.report.records == 5)
        // What a crash left of a line is dropped.
        let file = try #require(FileHandle(forWritingAtPath: journal))
        file.seekToEndOfFile()
        file.write(Data("{\"key\": \"cut o".utf8))
        try file.close()
        let rest = ScriptedExtractor(Self.script)
        let resumed = try await build(rest, Self.many)
        #expect(resumed.draft.facts == whole.draft.facts)
        #expect(resumed.draft.entities == whole.draft.entities)
        #expect(resumed.progress.resumedChunks == 4)
        #expect(rest.requests.count == 2 * (12 - 4))
        let again = ScriptedExtractor(Self.script)
        #expect(try await build(again, Self.many).draft.facts == whole.draft.facts)
        #expect(again.requests.isEmpty)
        // 9 answers before the stop, one of them for a piece that was read again, and 16 after it.
        #expect(try KnowledgeBuilder.usage(journal: journal).requests == 9 + 16)
    }

    @Test func aPieceThatWasNotAskedForIsNotCounted() async throws {
        defer { cleanUp() }
        let stopped = try await build(
            ScriptedExtractor { _ throws(ExtractionFailure) in throw .stopped("enough") }, Self.many, concurrency: 4)
        #expect(stopped.stopped == "enough" && stopped.progress == KnowledgeBuilder.Progress())
        #expect(stopped.draft.report.records == 0 && stopped.draft.report.omitted == 0)
    }

    @Test func aMissingFileIsKnownBeforeAnythingIsAsked() async throws {
        defer { cleanUp() }
        let extractor = ScriptedExtractor(Self.script)
        let file = try documents(Self.many)
        await #expect(throws: KnowledgeError.self) {
            try await KnowledgeBuilder(extractor: extractor).build(
                files: [file.path, file.path + ".missing.jsonl"], journal: journal)
        }
        #expect(extractor.requests.isEmpty && !FileStore.exists(journal))
    }

    @Test func aServerThatCannotBeUsedEndsTheBuildWithItsReason() async throws {
        defer { cleanUp() }
        let extractor = ScriptedExtractor { _ throws(ExtractionFailure) in throw .unavailable("no server") }
        await #expect(throws: ExtractionFailure.unavailable("no server")) { try await build(extractor, Self.many) }
    }

    @Test func anAnswerThatIsTooLongIsTriedAgainByTheNextBuild() async throws {
        defer { cleanUp() }
        let long = ScriptedExtractor { _ throws(ExtractionFailure) in
            throw .answerTooLong("too long", usage: TokenUsage(promptTokens: 7, completionTokens: 5))
        }
        let first = try await build(long)
        #expect(first.progress.failedChunks == 1)
        // It was paid for, also where the spending is counted on by a later build.
        #expect(first.progress.usage == TokenUsage(requests: 1, promptTokens: 7, completionTokens: 5))
        #expect(try KnowledgeBuilder.usage(journal: journal) == first.progress.usage)
        let outcome = try await build(
            ScriptedExtractor { _ in ScriptedExtractor.answer(Self.entities, [Self.symptom]) })
        #expect(outcome.progress.resumedChunks == 0)
        #expect(outcome.draft.facts.count == 1)
    }

    @Test func entitiesOfTheTextsBecomeThoseOfTheGraph() async throws {
        defer { cleanUp() }
        var known = GraphDraft()
        let disease = known.add(Entity(id: "DOID:13189", name: "gout", type: "disease", synonyms: ["podagra"]))
        let parent = known.add(Entity(id: "DOID:1", name: "joint disease", type: "disease"))
        known.add(disease, known.catalogued("is_a"), parent, evidence: Evidence(source: "DO", licence: "CC0-1.0"))
        let graph = try GraphMerger().merge(known).graph
        let outcome = try await build(
            ScriptedExtractor { _ in ScriptedExtractor.answer(Self.entities, [Self.symptom]) }, graph: graph)
        let merged = try GraphMerger().merge(outcome.draft).graph
        #expect(merged.entities.map(\.id) == ["DOID:1", "DOID:13189", "symptom:joint-pain"])
        #expect(merged.triples.count == 2)
    }

    @Test func theSchemaNamesTypesAndRelations() throws {
        let schema = ExtractionSchema.clinical
        #expect(schema.types.contains("drug"))
        let facts = schema.json["properties"]?["facts"]?["items"]?["properties"]?["relation"]?["enum"]?.arrayValue
        #expect(facts?.contains("indicated_for") == true)
        #expect(
            schema.request(for: "x", title: "").first?.content.contains("- has_symptom: disease → symptom.") == true)
    }
}

/// Counts calls.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
