import Knowledge
import Testing

@Suite struct SubgraphSamplerTests {
    @Test(arguments: SubgraphSampler.Method.allCases, UInt64(0)..<4)
    func subgraphsAreConnectedAndOfTheirSize(_ method: SubgraphSampler.Method, _ seed: UInt64) throws {
        let random = try RandomGraph(seed: 800 + seed, entities: 40, facts: 90)
        let distances = random.distances(on: random.asserted)
        let sampler = SubgraphSampler(method: method, size: 8, seed: seed)
        var drawn = 0
        for number in 0..<12 {
            guard let subgraph = sampler.subgraph(number, of: random.graph) else { continue }
            drawn += 1
            #expect((3...8).contains(subgraph.entities.count))
            #expect(Set(subgraph.entities).count == subgraph.entities.count)
            #expect(subgraph.entities.starts(with: subgraph.backbone) && subgraph.backbone.count >= 2)
            for (one, other) in zip(subgraph.backbone, subgraph.backbone.dropFirst()) {
                #expect(distances[Int(one)][Int(other)] == 1)
            }
            for (position, entity) in subgraph.entities.enumerated().dropFirst() {
                #expect(subgraph.entities[..<position].contains { distances[Int($0)][Int(entity)] == 1 })
            }
            #expect(sampler.subgraph(number, of: random.graph) == subgraph)
        }
        #expect(drawn > 6)
    }

    @Test(arguments: [SubgraphSampler.Method.augmentedChain, .dualCoreBridge])
    func backbonesAreShortestPathsBetweenEntitiesThatAreNotAdjacent(_ method: SubgraphSampler.Method) throws {
        let random = try RandomGraph(seed: 900, entities: 40, facts: 80)
        let distances = random.distances(on: random.asserted)
        let sampler = SubgraphSampler(method: method, size: 9, seed: 2)
        for number in 0..<20 {
            guard let chain = sampler.subgraph(number, of: random.graph)?.backbone else { continue }
            #expect(chain.count >= 3)
            #expect(distances[Int(chain[0])][Int(chain[chain.count - 1])] == chain.count - 1)
        }
    }

    /// No path within a community is longer than its backbone, among the shortest ones.
    @Test func backboneOfACommunityIsItsLongestShortestPath() throws {
        let random = try RandomGraph(seed: 901, entities: 14, facts: 22)
        let sampler = SubgraphSampler(method: .communityCorePath, size: 14, seed: 2)
        let subgraph = try #require(sampler.subgraph(0, of: random.graph))
        let members = Set(subgraph.entities)
        let inside = random.asserted.filter { members.contains($0.head) && members.contains($0.tail) }
        let distances = random.distances(on: inside)
        let longest = subgraph.entities.flatMap { one in
            subgraph.entities.map { distances[Int(one)][Int($0)] }.filter { $0 < 1_000 }
        }.max()
        #expect(subgraph.backbone.count - 1 == longest)
    }

    @Test func factsAreThoseBetweenTheEntities() throws {
        let random = try RandomGraph(seed: 902, entities: 20, facts: 50)
        let subgraph = Subgraph(entities: Array(3..<12), backbone: [])
        let expected = random.asserted.filter { (3..<12).contains($0.head) && (3..<12).contains($0.tail) }
        let found = subgraph.facts(of: random.graph)
        #expect(Set(found) == expected && found.count == expected.count)
    }

    @Test func drawsDifferByNumberAndSeed() throws {
        let random = try RandomGraph(seed: 903, entities: 40, facts: 90)
        let one = SubgraphSampler(method: .mixed, seed: 1)
        let draws = (0..<12).map { one.subgraph($0, of: random.graph) }
        #expect(Set(draws).count > 6)
        let other = SubgraphSampler(method: .mixed, seed: 2)
        #expect(draws != (0..<12).map { other.subgraph($0, of: random.graph) })
    }

    @Test(arguments: UInt64(0)..<12) func longestChainsAreThoseOfAnExhaustiveSearch(_ seed: UInt64) throws {
        let random = try RandomGraph(seed: 1000 + seed, entities: 8, facts: 10)
        let adjacent = random.distances(on: random.asserted)
        func longest(_ path: [EntityIndex]) -> Int {
            let last = path[path.count - 1]
            let next = (0..<EntityIndex(8)).filter { adjacent[Int(last)][Int($0)] == 1 && !path.contains($0) }
            return next.map { longest(path + [$0]) }.max() ?? path.count
        }
        let expected = (0..<EntityIndex(8)).map { longest([$0]) }.max()
        let chain = LongestChainSearch(maximumLength: 8).chain(in: random.graph, seed: seed)
        #expect(chain.isProven && chain.entities.count == expected)
        #expect(Set(chain.entities).count == chain.entities.count)
        for (one, other) in zip(chain.entities, chain.entities.dropFirst()) {
            #expect(adjacent[Int(one)][Int(other)] == 1)
        }
        let short = LongestChainSearch(maximumLength: 3).chain(in: random.graph, seed: seed)
        #expect(short.entities.count == min(3, expected ?? 0))
    }

    @Test func aSearchThatIsCutSaysSo() throws {
        let random = try RandomGraph(seed: 1100, entities: 40, facts: 120)
        let chain = LongestChainSearch(maximumLength: 40, maximumWork: 500).chain(in: random.graph, seed: 1)
        #expect(!chain.isProven && chain.entities.count > 5)
    }
}
