import Foundation
import Knowledge
import Primitives
import Storage
import Testing

@testable import Agents

@Suite struct DifferentialDiagnosisToolTests {
    /// The quick start's graph, where the tests run inside the repository.
    static let quickStart: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.path + "/Recipes/quickstart/knowledge"
        return FileStore.isDirectory(path) ? path : nil
    }()

    private static func tool() throws -> DifferentialDiagnosisTool {
        let facts = [
            ("measles", "has_symptom", "fever"), ("measles", "has_symptom", "conjunctivitis"),
            ("flu", "has_symptom", "fever"), ("flu", "has_symptom", "cough"), ("gout", "has_symptom", "joint pain"),
        ]
        return DifferentialDiagnosisTool(engine: ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts)))
    }

    static let openGraph: String? = {
        let path = "/work/shared/data/kg/full_kg_open.tsv.zst"
        return FileStore.exists(path) ? path : nil
    }()

    @Test(.enabled(if: quickStart != nil, "needs the quick start's graph in the repository"))
    func explainsACaseOfTheQuickStartsGraph() async throws {
        let graph = try KnowledgeGraph.load(directory: Self.quickStart ?? "")
        let tool = DifferentialDiagnosisTool(engine: ClinicalReasoningEngine(graph: graph))
        let result = try await tool.call(arguments: ["findings": ["fever", "rash", "bleeding", "zzz"], "limit": 2])
        #expect(!result.isError && result.content.contains("1. dengue disease (DOID:12205)"))
        #expect(result.content.contains("bleeding ×") && result.content.contains("has_symptom bleeding, DO-axiom"))
        #expect(result.content.contains("Not used, unknown finding: \"zzz\""))
        #expect(result.content.contains("Priors: equal for the") && result.content.contains("bits)"))
        #expect(!result.content.contains("\n3. "))
        #expect(result.citations.first?.identifier == "DOID:12205")
        #expect(result.citations.allSatisfy { $0.licence?.isEmpty == false })
    }

    @Test func explainsEachDiagnosisAndCitesItsSources() async throws {
        let result = try await Self.tool().call(
            arguments: ["findings": ["fever", "conjunctivitis", "zzz"], "absent": ["cough"], "limit": 2])
        #expect(result.content.hasPrefix("Leading diagnosis: measles ("))
        #expect(
            result.content.contains("\n1. measles (id:measles): ") && result.content.contains("\n2. flu (id:flu): "))
        #expect(!result.content.contains("\n3. "))
        #expect(result.content.contains("[measles has_symptom conjunctivitis, test]"))
        #expect(result.content.contains("no cough ×") && result.content.contains("[not linked]"))
        #expect(result.content.contains("Not used, unknown finding: \"zzz\""))
        #expect(result.content.contains("Priors: equal for the 3 diseases described; 0.1 for a disease not described."))
        #expect(result.citations.map(\.identifier) == ["id:measles", "id:flu"])
        #expect(result.citations.allSatisfy { $0.source == "test" && $0.licence == "CC0" })
    }

    @Test func asksForTheFindingThatTellsTheLeadersApart() async throws {
        let result = try await Self.tool().call(arguments: ["findings": ["fever"]])
        // Of equally telling findings the first of the graph stands first.
        #expect(result.content.contains("Most telling findings to look for next: conjunctivitis ("))
    }

    @Test func saysThatNothingIsKnown() async throws {
        let unknown = try await Self.tool().call(arguments: ["findings": ["qqq"]])
        #expect(unknown.content.hasPrefix("Not enough information: no finding is known"))
        #expect(unknown.citations.isEmpty && !unknown.content.contains("1. "))
    }

    @Test(
        arguments: [
            ["findings": ["  ", "--"]], ["findings": [.string(String(repeating: "a", count: 300))]],
        ] as [JSONValue]) func senselessArgumentsAreRefused(arguments: JSONValue) async throws
    {
        let tool = try Self.tool()
        let failure = await #expect(throws: ToolFailure.self) { try await tool.call(arguments: arguments) }
        #expect(failure?.kind == .invalidCall)
    }

    @Test func theRouterChecksTheSchema() async throws {
        let router = ToolRouter(tools: [try Self.tool()])
        for arguments: JSONValue in [
            ["findings": "fever"], ["findings": ["fever"], "sex": "other"], ["findings": ["fever"], "limit": 0],
        ] {
            let result = await router.answer(ToolCall(name: "differential_diagnosis", arguments: arguments))
            #expect(result.failure == .invalidCall)
        }
    }

    /// Facts of the Disease Ontology: of its diseases only measles and Lassa fever have all three symptoms.
    @Test(.enabled(if: openGraph != nil, "needs shared/data beside the repository"))
    func findsTheDiseasesOfTheOpenGraphThatHaveAllFindings() throws {
        let engine = ClinicalReasoningEngine(graph: try KnowledgeGraph.load(path: Self.openGraph ?? ""))
        let result = engine.diagnose(ClinicalCase(findings: ["conjunctivitis", "cough", "fever"]), limit: 10)
        #expect(result.hypotheses.prefix(2).map(\.name) == ["Lassa fever", "measles"])
        #expect(result.hypotheses[2].posterior < result.hypotheses[1].posterior / 10)
        #expect(
            abs(result.restPosterior + result.elsePosterior + result.hypotheses.reduce(0) { $0 + $1.posterior } - 1)
                < 1e-9)
    }
}
