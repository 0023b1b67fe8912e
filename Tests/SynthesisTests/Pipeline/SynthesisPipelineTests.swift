import Agents
import Foundation
import Knowledge
import Primitives
import Storage
import Testing

@testable import Synthesis

struct SynthesisPipelineTests {
    private let graph: KnowledgeGraph
    private let questions: [Question]
    private let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    init() throws {
        graph = try SmallGraph.make(letters: "ABCDEFGHIJ")
        var configuration = QuestionSynthesizer.Configuration()
        configuration.excludedRelations = []
        configuration.heldOutCount = 0
        configuration.supervisedCount = 1000
        questions = try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1).questions
    }

    private func pipeline(
        _ name: String, concurrency: Int = 4, failureRate: Double = 0.2, rewriter: ThoughtRewriter? = nil
    ) -> SynthesisPipeline {
        var plan = SynthesisPlan(questions: questions, graph: graph, seed: 3)
        plan.rollouts = 2
        plan.concurrency = concurrency
        plan.validationShare = 0.3
        plan.maximumPerQuestion = 1
        plan.balance = SpecialtyBalance(targets: ["Even": 12, "None": 2])
        plan.filters.turns = 3...64
        let tools = SmallTask.tools(for: graph)
        plan.tools = tools.descriptions.map(\.json)
        let runner = DemonstrationRunner(
            teacher: ListFollowingTeacher(relations: graph.relations), tools: tools, relations: graph.relations,
            failures: ToolFailureSimulation(rate: failureRate))
        return SynthesisPipeline(plan: plan, runner: runner, rewriter: rewriter, directory: root + "/" + name)
    }

    /// Every file of a data set but the journal, whose order is that of finishing.
    private func files(_ name: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for file in try FileStore.list(root + "/" + name) where file != SynthesisPipeline.journalName {
            files[file] = try FileStore.read(root + "/" + name + "/" + file)
        }
        return files
    }

    @Test func writesADataSet() async throws {
        defer { try? FileStore.remove(root) }
        let statistics = try await pipeline("a").run()
        let rows = try JSONLines.read(root + "/a/train.jsonl.zst")
        let validation = try JSONLines.read(root + "/a/validation.jsonl.zst")
        #expect(statistics.demonstrations == 2 * questions.count)
        #expect(rows.count + validation.count == statistics.conversations)
        #expect(validation.count == statistics.validationConversations)
        #expect(!rows.isEmpty && !validation.isEmpty)
        #expect(statistics.specialties.first { $0.specialty == "Even" }?.taken == 12)
        #expect(statistics.specialties.first { $0.specialty == "None" }?.shortfall == 2)
        let rejected = try JSONLines.read(root + "/a/rejections.jsonl.zst")
        #expect(rejected.count + statistics.conversations == statistics.demonstrations)
        #expect(try SupervisedExample.read(root + "/a/train.jsonl.zst").count == rows.count)
        let answers = [rows, validation].map { rows in Set(rows.map { $0["messages"]?.arrayValue?.last?["content"] }) }
        #expect(answers[0].isDisjoint(with: answers[1]))
        for row in rows {
            let question = try #require(questions.first { $0.id == row["question_id"]?.stringValue })
            #expect(
                row["provenance"]?["certificate"]?.stringValue
                    == SHA256.hex(question.certificate.json.serialized()))
        }
        #expect(try QuestionSet.read(directory: root + "/a", graph: graph).questions == questions)
    }

    @Test func theCardShowsItsNumbersBesideThePapers() async throws {
        defer { try? FileStore.remove(root) }
        let statistics = try await pipeline("a").run()
        let card = try FileStore.readText(root + "/a/README.md")
        #expect(card.contains("| trajectories | \(statistics.conversations) | 2,100+ |"))
        #expect(card.contains("| medical specialties | 2 | 12 |"))
        #expect(card.contains("| 4.2 |"))
        #expect(card.contains("| None | 2 | 0 | 0 | 2 |"))
        #expect(card.contains("enough_of_question"))
    }

    @Test func dependsNeitherOnConcurrencyNorOnStops() async throws {
        defer { try? FileStore.remove(root) }
        _ = try await pipeline("whole", concurrency: 1).run()
        _ = try await pipeline("wide", concurrency: 16).run()
        #expect(try files("wide") == files("whole"))

        // Stopped again and again, each time after some more demonstrations.
        let total = 2 * questions.count
        for limit in stride(from: total / 4, through: total, by: total / 4) {
            if try await finishes("stopped", stoppingAfter: limit) { break }
        }
        _ = try await pipeline("stopped", concurrency: 3).run()
        #expect(try files("stopped") == files("whole"))
    }

    /// A stop is noticed within a moment; a fast synthesis may be through by then.
    private func finishes(_ name: String, stoppingAfter limit: Int) async throws -> Bool {
        let finished = Shared(0)
        do {
            _ = try await pipeline(name, concurrency: 3).run(
                isStopRequested: { finished.value >= limit }, report: { finished.value = $0.finished })
            return true
        } catch SynthesisError.interrupted(_, let done, let total) {
            #expect(done < total)
            return false
        }
    }

    @Test func aStopBeforeTheStartKeepsNothing() async throws {
        defer { try? FileStore.remove(root) }
        let model = WaitingTeacher()
        let tools = SmallTask.tools(for: graph)
        let pipeline = SynthesisPipeline(
            plan: SynthesisPlan(questions: questions, graph: graph, seed: 1),
            runner: DemonstrationRunner(teacher: model, tools: tools, relations: graph.relations),
            directory: root + "/a")
        await #expect(throws: SynthesisError.self) { _ = try await pipeline.run(isStopRequested: { true }) }
        let journal = try FileStore.readText(root + "/a/" + SynthesisPipeline.journalName)
        #expect(journal.split(separator: "\n").count == 1)
    }

    @Test func anotherSeedIsAnotherDataSet() async throws {
        defer { try? FileStore.remove(root) }
        _ = try await pipeline("a").run()
        var other = pipeline("b").plan
        other.seed = 4
        let pipeline = SynthesisPipeline(plan: other, runner: pipeline("b").runner, directory: root + "/b")
        _ = try await pipeline.run()
        #expect(try files("a")["train.jsonl.zst"] != files("b")["train.jsonl.zst"])
    }

    @Test func aModelShortensThoughts() async throws {
        defer { try? FileStore.remove(root) }
        // The model always says the same, which is never an honest version of the thought.
        let rewriter = ThoughtRewriter(
            model: ScriptedModel([ScriptedModel.text("Go on.")]), attempts: 1, minimumBytes: 30, seed: 1)
        let statistics = try await pipeline("a", rewriter: rewriter).run()
        #expect(statistics.rewrittenThoughts == 0)
        #expect(statistics.keptThoughts > 0)
        #expect(statistics.rewriteFaults.map(\.kind) == ["lost_fact"])
        #expect(try FileStore.readText(root + "/a/README.md").contains("failed the checks"))
    }
}

/// A teacher that waits until it is cancelled.
private struct WaitingTeacher: Teacher {
    let name = "waiting"

    func turn(_ task: TeacherTask, conversation: [Message]) async throws(TeacherError) -> LanguageModelReply {
        do { try await Task.sleep(for: .seconds(3600)) } catch { throw .cancelled }
        throw .failed(reason: "nobody stopped the wait")
    }
}
