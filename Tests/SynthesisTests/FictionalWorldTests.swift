import Knowledge
import Testing

@testable import Synthesis

struct FictionalWorldTests {
    private let graph: KnowledgeGraph
    private let forbidden: Set<String>

    init() throws {
        graph = try ShippedGraph.load()
        forbidden = FictionalWorld.forbiddenNames(of: graph)
    }

    private func world(size: Int = 150, index: Int = 0) throws -> KnowledgeGraph {
        try FictionalWorld.make(
            shape: GraphShape(of: graph), size: size, forbidden: forbidden, seed: 11, index: index)
    }

    @Test(arguments: 0..<5) func sharesNoNameWithTheShippedGraph(index: Int) throws {
        let world = try world(index: index)
        #expect(FictionalWorld.forbiddenNames(of: world).isDisjoint(with: forbidden))
    }

    @Test func hasTheSchemaOfTheShippedGraph() throws {
        #expect(try world().relations == graph.relations)
    }

    @Test func usesEveryRelationOfTheShippedGraph() throws {
        #expect(Set(try world().triples.map(\.relation)) == Set(graph.triples.map(\.relation)))
    }

    @Test func hasAboutAsManyFactsPerEntity() throws {
        let world = try world(size: 600)
        let expected = Double(graph.triples.count) / Double(graph.entities.count)
        let found = Double(world.triples.count) / Double(world.entities.count)
        #expect(abs(found - expected) < 0.2 * expected)
    }

    @Test func everyEntityHasAFact() throws {
        let world = try world()
        let used = Set(world.triples.flatMap { [$0.head, $0.tail] })
        #expect(used.count == world.entities.count)
    }

    @Test func isAFunctionOfSeedAndIndex() throws {
        #expect(try world(index: 3).digest == world(index: 3).digest)
        #expect(try world(index: 3).digest != world(index: 4).digest)
    }

    @Test func hasQuestionsOfSeveralHops() throws {
        let world = try world()
        let sample = ChainSampler(hops: 2...4, allowedSteps: Set(world.allSteps)).sample(world)
        #expect(Set(sample.certificates.map(\.hops)) == [2, 3, 4])
    }
}
