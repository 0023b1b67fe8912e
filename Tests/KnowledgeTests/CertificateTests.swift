import Knowledge
import Primitives
import Testing

@Suite struct CertificateTests {
    static let located = Step(relation: 0)
    static let causedBy = Step(relation: 1)
    static let treats = Step(relation: 2)
    static let isA = Step(relation: 3)
    /// The locus of the gene that causes the disease treated by Xanomab.
    static let threeHops = ChainQuery(anchor: 7, steps: [treats, causedBy, located])

    @Test func certifiesAUniqueShortestChain() throws {
        let graph = try SmallGraph.graph()
        let certificate = try graph.certify(Self.threeHops).get()
        #expect(certificate.witness == [7, 0, 3, 5] && certificate.answer == 5 && certificate.hops == 3)
        #expect(certificate.isChain && certificate.sought == [0, 3, 5] && certificate.entities == [7, 0, 3, 5])
        #expect(certificate.candidatesPerStep == [1, 1, 1])
        #expect(certificate.graphDigest == graph.digest && certificate.entailment == .asserted)
        #expect(graph.verify(certificate) == nil)
    }

    /// GEN1 causes Alpha and Beta, of which only Alpha is treated by anything.
    @Test func candidatesMayWidenOnTheWay() throws {
        let graph = try SmallGraph.graph()
        let steps = [Self.causedBy.reversed, Self.treats.reversed]
        let certificate = try graph.certify(ChainQuery(anchor: 3, steps: steps)).get()
        #expect(certificate.candidatesPerStep == [2, 1] && certificate.witness == [3, 0, 7])
        #expect(graph.verify(certificate) == nil)
    }

    /// From 2q22 to Xanomab by a candidate set of two of which only Alpha leads on.
    @Test func theWitnessIsThePathThatLeadsToTheAnswer() throws {
        let graph = try SmallGraph.graph()
        let steps = [
            Self.located.reversed, Self.causedBy.reversed, Self.isA, Self.isA.reversed, Self.treats.reversed,
        ]
        let certificate = try graph.certify(ChainQuery(anchor: 6, steps: steps)).get()
        #expect(certificate.candidatesPerStep == [1, 1, 1, 2, 1] && certificate.witness == [6, 4, 1, 2, 0, 7])
        #expect(graph.verify(certificate) == nil)
    }

    static let refused: [(query: ChainQuery, failure: CertificateFailure)] = [
        (ChainQuery(anchor: 7, steps: []), .noSteps),
        (ChainQuery(anchor: 7, steps: [treats, located]), .noAnswer(step: 2)),
        (ChainQuery(anchor: 1, steps: [causedBy, located]), .severalAnswers(count: 2, examples: ["1p11", "2q22"])),
        (ChainQuery(anchor: 7, steps: [treats, treats.reversed]), .shortcut(length: 0, hops: 2)),
        (
            ChainQuery(anchor: 3, steps: [causedBy.reversed, isA, isA.reversed, treats.reversed]),
            .shortcut(length: 2, hops: 4)
        ),
    ]

    @Test(arguments: refused.indices) func refusesWithTheReason(_ index: Int) throws {
        let (query, failure) = Self.refused[index]
        #expect(try SmallGraph.graph().certify(query) == .failure(failure))
    }

    @Test func aShortcutAgainstTheDirectionOfAFactCounts() throws {
        let related = SmallGraph.relation("related_to", from: ["locus"], to: ["disease"])
        let graph = try KnowledgeGraph(
            relations: SmallGraph.relations + [related], entities: SmallGraph.entities,
            triples: SmallGraph.triples + [SmallGraph.triple(5, 4, 0)])
        #expect(graph.certify(Self.threeHops) == .failure(.shortcut(length: 2, hops: 3)))
    }

    @Test func jsonRoundTrips() throws {
        let graph = try SmallGraph.graph()
        let certificate = try graph.certify(ChainQuery(anchor: 5, steps: [Self.located.reversed])).get()
        #expect(certificate.stepNames == [["^located_at"]])
        let constraint = try #require(certificate.json["constraints"]?.arrayValue?.first)
        #expect(constraint["witness"]?.text == #"["l:1","g:1"]"#)
        #expect(try Certificate(json: certificate.json, graph: graph) == certificate)
    }

    /// A changed field of the only constraint, and a part of the reason for which the certificate is refused.
    static let forgeries: [(field: String, value: JSONValue, reason: String)] = [
        ("anchor", "d:a", "no fact matches step 1"),
        ("steps", ["treats", "caused_by"], "candidates is recorded as [1, 1, 1], but is [1, 1]"),
        ("witness", ["r:x", "d:b", "g:1", "l:1"], "no fact treats"),
        ("witness", ["r:x", "d:a", "g:1", "l:2"], "end at the answer"),
        ("witness", ["d:a", "d:b", "g:1", "l:1"], "start at the anchor"),
        ("witness", ["r:x", "l:1"], "2 entities"),
        ("candidates", [1, 2, 1], "candidates is recorded as [1, 2, 1], but is [1, 1, 1]"),
    ]

    @Test(arguments: forgeries.indices) func forgeriesAreFound(_ index: Int) throws {
        let (field, value, reason) = Self.forgeries[index]
        let graph = try SmallGraph.graph()
        var json = try #require(graph.certify(Self.threeHops).get().json.objectValue)
        var constraint = try #require(json["constraints"]?.arrayValue?.first?.objectValue)
        constraint[field] = value
        json["constraints"] = [.object(constraint)]
        let failure = try #require(graph.verify(Certificate(json: .object(json), graph: graph)))
        #expect("\(failure)".contains(reason), "\(failure)")
    }

    @Test func aCertificateOfAnotherGraphIsRefused() throws {
        let graph = try SmallGraph.graph()
        let other = try ConjunctionCertificateTests.graph()
        let certificate = try Certificate(json: graph.certify(Self.threeHops).get().json, graph: other)
        let failure = try #require(other.verify(certificate))
        #expect("\(failure)".contains("certificate is for graph"))
    }

    @Test(arguments: ["witness", "steps", "anchor", "candidates", "answers_without", "hops"])
    func unreadableFieldsAreNamed(_ field: String) throws {
        let graph = try SmallGraph.graph()
        var json = try #require(graph.certify(Self.threeHops).get().json.objectValue)
        var constraint = try #require(json["constraints"]?.arrayValue?.first?.objectValue)
        constraint[field] = ["unknown"]
        json["constraints"] = [.object(constraint)]
        let error = try #require(throws: KnowledgeError.self) { try Certificate(json: .object(json), graph: graph) }
        #expect("\(error)".contains("field constraints[0].\(field)"), "\(error)")
    }

    @Test func samplerFindsExactlyWhatCertifies() throws {
        let graph = try SmallGraph.graph()
        let sampler = ChainSampler(hops: 1...3, allowedSteps: Set(graph.allSteps), maximumCandidatesPerStep: .max)
        let sample = sampler.sample(graph)
        var expected: [Certificate] = []
        for anchor in graph.entities.indices {
            var queries = [ChainQuery(anchor: EntityIndex(anchor), steps: [])]
            for _ in 1...3 {
                queries = queries.flatMap { query in
                    graph.allSteps.map { ChainQuery(anchor: query.anchor, steps: query.steps + [$0]) }
                }
                expected += queries.compactMap { try? graph.certify($0).get() }
            }
        }
        #expect(Set(sample.certificates) == Set(expected) && sample.certificates.count == expected.count)
        #expect(!expected.isEmpty && sample.truncatedAnchors.isEmpty)
    }

    @Test func samplerRespectsItsBounds() throws {
        let graph = try SmallGraph.graph()
        var sampler = ChainSampler(hops: 2...3, allowedSteps: [Self.treats, Self.causedBy, Self.located])
        let certificates = sampler.sample(graph).certificates
        #expect(certificates.map(\.witness) == [[0, 3, 5], [7, 0, 3], [7, 0, 3, 5]])
        sampler.maximumExpansionsPerAnchor = 1
        #expect(sampler.sample(graph).truncatedAnchors == [0, 7])
    }
}

extension Certificate {
    /// Of a chain's certificate.
    fileprivate var witness: [EntityIndex] { proofs[0].witness }
    fileprivate var candidatesPerStep: [Int] { proofs[0].candidatesPerStep }
}
