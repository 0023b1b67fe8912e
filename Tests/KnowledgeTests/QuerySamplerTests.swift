import Knowledge
import Testing

@Suite struct QuerySamplerTests {
    static func sampler(_ graph: KnowledgeGraph, conjunctions: Double, seed: UInt64 = 1) -> QuerySampler {
        QuerySampler(
            hops: 1...4, allowedSteps: Set(graph.allSteps), conjunctionShare: conjunctions, maximumPerEntity: 1000,
            maximumCandidates: 1000, maximumExpansions: 1_000, seed: seed)
    }

    /// With bounds that nothing reaches, the chains found are all that the definition allows.
    @Test(arguments: UInt64(0)..<3, Certificate.Entailment.allCases)
    func findsEveryChain(_ seed: UInt64, _ entailment: Certificate.Entailment) throws {
        let random = try RandomGraph(seed: 300 + seed, entities: 6, facts: 7)
        let facts = try random.graph.facts(entailment)
        var sampler = Self.sampler(random.graph, conjunctions: 0)
        sampler.hops = 1...3
        let found = Set(sampler.sample(facts, count: 10_000).map(\.query.constraints[0]))
        var expected: Set<ChainQuery> = []
        for anchor in 0..<EntityIndex(random.entityCount) {
            var queries = [ChainQuery(anchor: anchor, steps: [])]
            for _ in 1...3 {
                queries = queries.flatMap { query in
                    random.graph.allSteps.map { ChainQuery(anchor: anchor, steps: query.steps + [$0]) }
                }.filter { facts.answers($0).last?.isEmpty == false }
                expected.formUnion(queries.filter { facts.certify(ConjunctiveQuery($0)).failure == nil })
            }
        }
        #expect(found == expected)
    }

    @Test(arguments: UInt64(0)..<4) func everythingFoundHoldsAndNothingIsTwice(_ seed: UInt64) throws {
        let random = try RandomGraph(seed: 400 + seed, entities: 9, facts: 13)
        let facts = try random.graph.facts(.entailed)
        let known = random.closed()
        let distances = random.distances(on: known)
        var sampler = Self.sampler(random.graph, conjunctions: 0.5)
        sampler.hops = 1...3
        sampler.maximumExpansions = 300
        let sample = sampler.sample(facts, count: 24)
        #expect(sample.contains { $0.proofs.count > 1 })
        let verifier = CertificateVerifier(graph: random.graph)
        for certificate in sample {
            #expect(verifier.verify(certificate) == nil && (1...3).contains(certificate.hops))
            #expect(random.isCertifiable(certificate.query, on: known, distances: distances))
        }
        #expect(Set(sample.map { Set($0.query.constraints) }).count == sample.count)
    }

    @Test func theSeedDecides() throws {
        let random = try RandomGraph(seed: 500, entities: 30, facts: 60)
        let facts = random.graph.asserted
        let sample = { (seed: UInt64) in
            Self.sampler(random.graph, conjunctions: 0.5, seed: seed).sample(facts, count: 12)
        }
        #expect(sample(1) == sample(1) && sample(1) != sample(2) && sample(1).count == 12)
    }

    @Test func respectsStepsHopsAndShares() throws {
        let random = try RandomGraph(seed: 600, entities: 30, facts: 70)
        var sampler = Self.sampler(random.graph, conjunctions: 1)
        sampler.hops = 3...4
        sampler.allowedSteps = Set(random.graph.allSteps.filter { random.graph.relation($0).name != "before" })
        for share in [0.0, 1] {
            sampler.conjunctionShare = share
            let sample = sampler.sample(random.graph.asserted, count: 30)
            #expect(!sample.isEmpty)
            for certificate in sample {
                #expect((certificate.proofs.count == 1) == (share == 0) && (3...4).contains(certificate.hops))
                let steps = certificate.query.constraints.flatMap(\.steps)
                #expect(sampler.allowedSteps.isSuperset(of: steps))
            }
        }
    }

    @Test func aBoundOnTheNeighbourhoodLosesChainsAndNoProof() throws {
        let random = try RandomGraph(seed: 650, entities: 30, facts: 60)
        var sampler = Self.sampler(random.graph, conjunctions: 0)
        func chains() -> Set<ChainQuery> {
            let sample = sampler.sample(random.graph.asserted, count: 10_000)
            for certificate in sample { #expect(random.graph.verify(certificate) == nil) }
            return Set(sample.map(\.query.constraints[0]))
        }
        let all = chains()
        sampler.maximumReached = 4
        let near = chains()
        #expect(!near.isEmpty && near.isStrictSubset(of: all))
    }

    @Test func staysWithinASubgraphButExecutesOnAllFacts() throws {
        let random = try RandomGraph(seed: 700, entities: 30, facts: 60)
        let draw = SubgraphSampler(method: .communityCorePath, size: 12, seed: 1)
        let subgraph = try #require(draw.subgraph(0, of: random.graph))
        let sample = Self.sampler(random.graph, conjunctions: 0.5).sample(
            random.graph.asserted, count: 20, within: subgraph)
        #expect(!sample.isEmpty)
        for certificate in sample {
            #expect(Set(subgraph.entities).isSuperset(of: certificate.entities))
            #expect(random.graph.verify(certificate) == nil)
        }
    }
}
