import Knowledge
import Primitives
import Testing

@Suite struct ConjunctionCertificateTests {
    static let located = Step(relation: 0)
    static let causedBy = Step(relation: 1)
    static let treats = Step(relation: 2)
    static let isA = Step(relation: 3)
    /// The disease of the group that GEN1 causes and Xanomab treats … of which the last part alone decides.
    static let redundant = ConjunctiveQuery(constraints: [
        ChainQuery(anchor: 2, steps: [isA.reversed]), ChainQuery(anchor: 7, steps: [treats]),
    ])

    /// Two genes and two diseases that only together name one: GEN1 causes Alpha and Beta, GEN2 Beta and Group.
    static func graph() throws -> KnowledgeGraph {
        var triples = SmallGraph.triples + [SmallGraph.triple(2, 1, 4)]
        triples[1].mainEvidence.document = "card:GEN1"
        triples[2].mainEvidence = Evidence(source: "s", licence: "l", document: "card:Beta", span: 3..<9)
        triples[2].furtherEvidence = [Evidence(source: "s", licence: "l", document: "card:GEN1", span: 1..<2)]
        return try KnowledgeGraph(
            relations: SmallGraph.relations, entities: SmallGraph.entities, triples: triples)
    }

    static let conjunction = ConjunctiveQuery(constraints: [
        ChainQuery(anchor: 3, steps: [causedBy.reversed]), ChainQuery(anchor: 4, steps: [causedBy.reversed]),
    ])

    @Test func certifiesWhatOnlyAllConstraintsTogetherDecide() throws {
        let graph = try Self.graph()
        let certificate = try graph.asserted.certify(Self.conjunction).get()
        #expect(certificate.answer == 1 && certificate.hops == 2)
        #expect(certificate.proofs.map(\.witness) == [[3, 1], [4, 1]])
        #expect(certificate.proofs.map(\.answersWithout) == [2, 2])
        #expect(certificate.documents == [[["card:Beta", "card:GEN1"]], [[]]])
        #expect(graph.verify(certificate) == nil)
    }

    @Test func theSupportOfAnEntailedHopIsItsDerivation() throws {
        var treats = SmallGraph.treats
        treats.range = ["disease"]
        var causes = SmallGraph.causes
        causes.inheritedAlong = "is_a"
        let graph = try KnowledgeGraph(
            relations: [SmallGraph.located, causes, treats, SmallGraph.isA], entities: SmallGraph.entities,
            triples: [SmallGraph.triple(0, 3, 1), SmallGraph.triple(1, 3, 2), SmallGraph.triple(2, 1, 3)])
        let facts = try graph.facts(.entailed)
        let certificate = try facts.certify(ConjunctiveQuery(ChainQuery(anchor: 0, steps: [Self.causedBy]))).get()
        #expect(
            certificate.proofs[0].supports == [
                [
                    Fact(head: 0, relation: 3, tail: 1), Fact(head: 1, relation: 3, tail: 2),
                    Fact(head: 2, relation: 1, tail: 3),
                ]
            ])
        #expect(graph.verify(certificate) == nil)
    }

    static let refused: [(query: ConjunctiveQuery, failure: CertificateFailure)] = [
        (ConjunctiveQuery(constraints: []), .noSteps),
        (redundant, .unnecessaryConstraint(constraint: 1)),
        (ConjunctiveQuery(ChainQuery(anchor: 7, steps: [treats, located])), .noAnswer(step: 2)),
        (
            ConjunctiveQuery(ChainQuery(anchor: 3, steps: [causedBy.reversed])),
            .severalAnswers(count: 2, examples: ["Alpha disease", "Beta disease"])
        ),
        (
            ConjunctiveQuery(constraints: [
                ChainQuery(anchor: 5, steps: [located.reversed]), ChainQuery(anchor: 6, steps: [located.reversed]),
            ]), .noCommonAnswer
        ),
        // GEN1 → {Alpha, Beta} → Group by two walks.
        (
            ConjunctiveQuery(ChainQuery(anchor: 3, steps: [causedBy.reversed, isA])),
            .unnecessaryFacts(constraint: 1, walks: 2)
        ),
        (ConjunctiveQuery(ChainQuery(anchor: 7, steps: [treats, treats.reversed])), .shortcut(length: 0, hops: 2)),
    ]

    @Test(arguments: refused.indices) func refusesWithTheReason(_ index: Int) throws {
        let (query, failure) = Self.refused[index]
        #expect(try SmallGraph.graph().asserted.certify(query).failure == failure)
    }

    @Test func jsonRoundTrips() throws {
        let graph = try Self.graph()
        let certificate = try graph.asserted.certify(Self.conjunction).get()
        let json = certificate.json
        #expect(json["format"]?.stringValue == "medresearcher.certificate/2" && json["answer"]?.stringValue == "d:b")
        let first = try #require(json["constraints"]?.arrayValue?.first)
        #expect(
            first.text
                == #"{"anchor":"g:1","steps":["^caused_by"],"witness":["g:1","d:b"],"candidates":[2],"answers_without":2,"#
                + #""hops":[{"facts":[["d:b","caused_by","g:1"]],"documents":["card:Beta","card:GEN1"]}]}"#)
        #expect(try Certificate(json: JSONValue.parse(json.text), graph: graph) == certificate)
    }

    /// A part of the text to replace, its replacement, and a part of the reason for which the certificate is refused.
    static let forgeries: [(old: String, new: String, reason: String)] = [
        (#""answer":"d:b""#, #""answer":"d:a""#, "answer is recorded as d:a, but is d:b"),
        (
            #""candidates":[2],"answers_without":2,"hops":[{"facts":[["d:b","caused_by","g:1"]]"#,
            #""candidates":[3],"answers_without":2,"hops":[{"facts":[["d:b","caused_by","g:1"]]"#,
            "candidates is recorded as [3]"
        ),
        (#""answers_without":2"#, #""answers_without":5"#, "answers_without is recorded as 5, but is 2"),
        (#"[["d:b","caused_by","g:1"]]"#, #"[["d:a","caused_by","g:1"]]"#, "hop 1 of constraint 1"),
        (#"[["d:b","caused_by","g:1"]]"#, "[]", "hop 1 of constraint 1"),
        (#"["card:Beta","card:GEN1"]"#, #"["card:Beta"]"#, "documents is recorded as"),
        (#""witness":["g:1","d:b"]"#, #""witness":["g:1","d:a"]"#, "does not end at the answer"),
        (#""witness":["g:1","d:b"]"#, #""witness":["g:2","d:b"]"#, "does not start at the anchor"),
        (#""anchor":"g:2""#, #""anchor":"g:1""#, "2 entities answer"),
        (#""entailment":"asserted""#, #""entailment":"entailed""#, "but is"),
    ]

    @Test(arguments: forgeries.indices) func forgeriesAreFound(_ index: Int) throws {
        let (old, new, reason) = Self.forgeries[index]
        // Under entailment the kinds of Group inherit GEN2, so that the numbers of candidates differ.
        let plain = try Self.graph()
        var relations = plain.relations
        relations[1].inheritedAlong = "is_a"
        let graph = try KnowledgeGraph(
            relations: relations, entities: Array(plain.entities), triples: Array(plain.triples))
        let text = try graph.asserted.certify(Self.conjunction).get().json.text
        let forged = text.replacing(old, with: new, maxReplacements: 1)
        try #require(forged != text)
        let failure = try #require(graph.verify(Certificate(json: JSONValue.parse(forged), graph: graph)))
        #expect("\(failure)".contains(reason), "\(failure)")
    }

    @Test(arguments: ["format", "graph", "entailment", "answer", "constraints"])
    func unreadableFieldsAreNamed(_ field: String) throws {
        let graph = try Self.graph()
        var json = try #require(graph.asserted.certify(Self.conjunction).get().json.objectValue)
        json[field] = ["unknown"]
        let error = try #require(throws: KnowledgeError.self) {
            try Certificate(json: .object(json), graph: graph)
        }
        #expect("\(error)".contains(field), "\(error)")
    }

    /// Random chains of up to three steps and pairs of single steps, on random graphs.
    @Test(arguments: UInt64(0)..<6, Certificate.Entailment.allCases)
    func certifiesExactlyWhatTheDefinitionAllows(_ seed: UInt64, _ entailment: Certificate.Entailment) throws {
        let random = try RandomGraph(seed: 100 + seed, entities: 7, facts: 9)
        let facts = try random.graph.facts(entailment)
        let known = entailment == .asserted ? random.asserted : random.closed()
        let distances = random.distances(on: known)
        var draw = CounterRandom(seed: seed, stage: .synthesis, step: 1)
        let verifier = CertificateVerifier(graph: random.graph)
        var certified = 0
        for number in 0..<80 {
            let query = ConjunctiveQuery(
                constraints: number % 2 == 0
                    ? [chain(of: 1 + number % 3, in: facts, &draw)]
                    : [chain(of: 1, in: facts, &draw), chain(of: 1, in: facts, &draw)])
            let expected = random.isCertifiable(query, on: known, distances: distances)
            switch facts.certify(query) {
            case .success(let certificate):
                certified += 1
                #expect(expected && verifier.verify(certificate) == nil, "\(query)")
            case .failure(let failure): #expect(!expected, "\(query): \(failure)")
            }
        }
        #expect(certified > 0)
    }

    /// A chain along a random walk.
    private func chain(of length: Int, in facts: FactIndex, _ random: inout CounterRandom) -> ChainQuery {
        var query = ChainQuery(anchor: random.pick(Array(facts.graph.triples)).head, steps: [])
        var last = query.anchor
        for _ in 0..<length {
            let steps = facts.steps(from: last)
            guard !steps.isEmpty else { break }
            query.steps.append(random.pick(steps))
            last = random.pick(facts.neighbours(of: last, by: query.steps[query.steps.count - 1]))
        }
        return query
    }
}
