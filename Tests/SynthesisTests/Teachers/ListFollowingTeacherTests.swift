import Agents
import Knowledge
import Primitives
import Testing

@testable import Synthesis

struct ListFollowingTeacherTests {
    /// Two drugs treat a disease, of which one targets a gene; another disease is treated by the first drug only.
    private static func graph() throws -> KnowledgeGraph {
        let names = [
            ("drug:1", "Zelium", "drug"), ("drug:2", "Ferrax", "drug"), ("disease:1", "vorosis", "disease"),
            ("gene:1", "GQA", "gene"), ("cytoband:1", "1p1", "cytoband"),
        ]
        var relations = SmallGraph.relations
        relations.append(
            Relation(
                name: "targets_gene", inverseName: "targeted_by", domain: ["drug"], range: ["gene"],
                forward: RelationPhrases(sentence: "{subject} targets {object}.", phrase: "the gene targeted by {x}"),
                inverse: RelationPhrases(
                    sentence: "{subject} is targeted by {object}.", phrase: "the drug that targets {x}")))
        return try KnowledgeGraph(
            relations: relations,
            entities: names.map { Entity(id: $0.0, name: $0.1, type: $0.2) },
            triples: [(0, 2, 2), (1, 2, 2), (1, 3, 3), (3, 1, 4)].map {
                Triple(head: $0.0, relation: $0.1, tail: $0.2, source: "invented", licence: "CC0-1.0")
            })
    }

    /// The cytoband of the gene targeted by the drug that treats vorosis.
    private static let steps = [
        Step(relation: 2, isInverse: true), Step(relation: 3), Step(relation: 1),
    ]

    private static func run(
        isGuided: Bool, isParallel: Bool = false, failures: ToolFailureSimulation? = nil, rollout: Int = 0
    ) async throws -> Demonstration {
        let graph = try graph()
        let question = try SmallTask.question(in: graph, anchor: "vorosis", steps: steps, id: "q1")
        let runner = DemonstrationRunner(
            teacher: ListFollowingTeacher(relations: graph.relations, callsInParallel: isParallel),
            tools: SmallTask.tools(for: graph), relations: graph.relations, failures: failures)
        return try await runner.run(
            question, key: TrajectoryKey(seed: 1, question: 0, rollout: rollout), isGuided: isGuided)
    }

    private static func queries(_ demonstration: Demonstration) -> [[String?]] {
        demonstration.turns.map { $0.toolCalls.map { $0.arguments["query"]?.stringValue } }
    }

    @Test(arguments: [true, false]) func followsEveryNameOfAList(isGuided: Bool) async throws {
        let demonstration = try await Self.run(isGuided: isGuided)
        #expect(demonstration.stopReason == .answer)
        #expect(demonstration.messages.last?.content == "<answer>1p1</answer>")
        #expect(Self.queries(demonstration) == [["vorosis"], ["Zelium"], ["Ferrax"], ["GQA"], []])
    }

    @Test func looksCandidatesUpInParallel() async throws {
        let demonstration = try await Self.run(isGuided: true, isParallel: true)
        #expect(Self.queries(demonstration) == [["vorosis"], ["Zelium", "Ferrax"], ["GQA"], []])
        #expect(PairingFilter.problem(of: demonstration.messages) == nil)
    }

    @Test func thinksInSentencesOfWhatItHasSeen() async throws {
        let demonstration = try await Self.run(isGuided: true)
        for turn in demonstration.turns {
            let thinking = try #require(turn.thinking)
            for line in thinking.split(separator: "\n") {
                #expect(line.first?.isUppercase == true || line.first?.isNumber == true, "\(line)")
                #expect(line.hasSuffix("."), "\(line)")
            }
        }
        let masked = [["Zelium"], ["Ferrax"], ["GQA"], ["1p1"]]
        #expect(MaskFilter.firstUnrevealed(of: masked, in: demonstration.messages) == nil)
    }

    @Test(arguments: [true, false]) func triesAgainAfterFailures(isParallel: Bool) async throws {
        var failed = 0
        for rollout in 0..<20 {
            let demonstration = try await Self.run(
                isGuided: true, isParallel: isParallel, failures: ToolFailureSimulation(rate: 0.3), rollout: rollout)
            failed += demonstration.failedCalls.count
            guard demonstration.stopReason == .answer else {
                #expect(demonstration.problem?.contains("searches for") == true)
                continue
            }
            #expect(demonstration.messages.last?.content == "<answer>1p1</answer>")
            #expect(PairingFilter.problem(of: demonstration.messages) == nil)
            #expect(demonstration.toolCallCount == 4 + demonstration.failedCalls.count)
        }
        #expect(failed > 0)
    }
}
