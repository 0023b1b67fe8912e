import Knowledge
import Primitives
import Rewards
import Testing

@testable import Synthesis

struct QuestionRewriterTests {
    private let graph: KnowledgeGraph
    private let draft: QuestionDraft

    init() throws {
        let graph = try LoadedGraph.graph.get()
        self.graph = graph
        // 10p12 —^located_at→ CACNB2 —^caused_by_variant_in→ Brugada syndrome 4
        let query = ChainQuery(
            anchor: try #require(graph.index(name: "10p12")),
            steps: try ["^located_at", "^caused_by_variant_in"].map { try #require(graph.step(named: $0)) })
        let answer = try #require(graph.answers(query).last?.first)
        var random = CounterRandom(seed: 1, stage: .synthesis)
        draft = QuestionDraft(
            id: "q1", description: EntityDescription(query), answer: answer, graph: graph, random: &random)
    }

    /// What a faithful reader states: the description itself.
    private var faithful: CannedModel {
        let json = draft.description.json(in: graph).text
        return CannedModel { _ in "Here is the query:\n```json\n\(json)\n```" }
    }

    private func rewriter(
        _ text: String, reader: CannedModel? = nil, definitions: [EntityIndex: String] = [:], attempts: Int = 1
    ) -> QuestionRewriter {
        var configuration = QuestionRewriter.Configuration()
        configuration.attempts = attempts
        let model = CannedModel { _ in JSONValue.object(["question": .string(text)]).text }
        return QuestionRewriter(
            model: model, reader: reader ?? faithful, graph: graph, definitions: definitions,
            configuration: configuration)
    }

    private func failure(
        _ text: String, reader: CannedModel? = nil, definitions: [EntityIndex: String] = [:]
    ) async throws -> String? {
        let outcome = try await rewriter(text, reader: reader, definitions: definitions)
            .rewrite(draft, number: 0, seed: 1)
        #expect(outcome.isRewritten == outcome.failures.isEmpty)
        if !outcome.isRewritten { #expect(outcome.draft == draft) }
        return outcome.failures.first?.kind
    }

    private static let good = "Mutations in the gene that sits at 10p12 underlie which inherited disorder?"

    @Test func keepsAGoodRewriting() async throws {
        let outcome = try await rewriter(Self.good).rewrite(draft, number: 0, seed: 1)
        #expect(outcome.isRewritten)
        #expect(outcome.draft.text == Self.good)
        #expect(outcome.draft.description == draft.description)
    }

    @Test(arguments: [
        ("Mutations in CACNB2, found at 10p12, underlie which disorder?", "leak"),
        ("Which member of the Brugada syndromes 4 maps to 10p12?", "leak"),
        ("Which disorder?", "malformed"), ("The gene at 10p12 underlies an inherited disorder, tell me", "malformed"),
    ]) func refusesLeaksAndFragments(text: String, kind: String) async throws {
        #expect(try await failure(text) == kind)
    }

    @Test func refusesWhatTheReaderTakesForAnotherQuestion() async throws {
        let other = CannedModel { _ in #"{"all": [{"step": "^located_at", "of": {"name": "10p12"}}]}"# }
        #expect(try await failure(Self.good, reader: other) == "answer_changed")
    }

    @Test(arguments: [
        "I do not know.", #"{"all": [{"step": "lives_in", "of": {"name": "10p12"}}]}"#, #"{"name": "nowhere"}"#,
    ]) func refusesWhatTheReaderCannotState(reply: String) async throws {
        #expect(try await failure(Self.good, reader: CannedModel { _ in reply }) == "unreadable")
    }

    @Test func anAnswerGuessedByNameIsNoReading() async throws {
        let id = graph.entity(draft.answer).id
        #expect(try await failure(Self.good, reader: CannedModel { _ in #"{"id": "\#(id)"}"# }) == "answer_changed")
    }

    @Test func describedNamesMustBeGone() async throws {
        let definitions = [try #require(graph.index(name: "10p12")): "a band of the short arm of chromosome 10"]
        #expect(try await failure(Self.good, definitions: definitions) == "named")
        let blurred = "Mutations in the gene on the upper part of the tenth chromosome underlie which disorder?"
        #expect(try await failure(blurred, definitions: definitions) == nil)
    }

    @Test func theReaderSeesNoAnswer() async throws {
        let names = draft.description.soughtEntities(in: graph).map { graph.entity($0).name }
        let json = draft.description.json(in: graph).text
        let watching = CannedModel { prompt throws(LanguageModelError) in
            for message in prompt.messages {
                for name in names where NameLeak(text: message.content).contains(name) {
                    throw .failed(reason: "the prompt shows \(name)")
                }
            }
            return json
        }
        #expect(try await failure(Self.good, reader: watching) == nil)
    }

    @Test func failuresAreCountedAndTheTemplateStays() async throws {
        let leaking = try await rewriter("Which gene is CACNB2, at 10p12 of the genome?", attempts: 3)
            .rewrite(draft, number: 0, seed: 1)
        let fine = try await rewriter(Self.good).rewrite(draft, number: 1, seed: 1)
        let down = QuestionRewriter(
            model: CannedModel { _ throws(LanguageModelError) in throw .failed(reason: "down") }, reader: faithful,
            graph: graph)
        let report = RewritingReport([leaking, fine, try await down.rewrite(draft, number: 2, seed: 1)])
        #expect(report.questions == 3 && report.rewritten == 1)
        #expect(report.failures == ["leak": 3, "model": 2])
        #expect(report.summary.contains("1 of 3"))
    }
}
