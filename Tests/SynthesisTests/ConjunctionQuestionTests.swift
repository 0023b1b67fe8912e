import Knowledge
import Primitives
import Testing

@testable import Synthesis

/// Questions with several constraints, from the graph to the demonstration.
struct ConjunctionQuestionTests {
    private static let shipped = Result { try ShippedGraph.load() }
    private static let shippedSet = Result {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.wording = .english
        configuration.hops = 2...3
        configuration.maximumCandidatesPerStep = 4
        configuration.conjunctionShare = 0.25
        configuration.heldOutCount = 40
        return try QuestionSynthesizer(configuration: configuration).questions(of: shipped.get(), seed: 1)
    }

    private let graph: KnowledgeGraph
    private let set: QuestionSet
    private let conjunctions: [Question]

    init() throws {
        graph = try Self.shipped.get()
        set = try Self.shippedSet.get()
        conjunctions = set.questions.filter { !$0.certificate.isChain }
    }

    /// Leaks and entanglement take some of either kind.
    @Test func theyHaveTheirShare() {
        let share = Double(conjunctions.count) / Double(set.questions.count)
        #expect(abs(share - 0.25) < 0.08, "\(share)")
    }

    @Test func onlyAllConstraintsTogetherGiveTheAnswerByBruteForce() {
        let facts = Array(graph.triples)
        func reached(_ chain: ChainQuery) -> Set<EntityIndex> {
            chain.steps.reduce([chain.anchor]) { from, step in
                Set(
                    facts.lazy.filter { $0.relation == step.relation }.compactMap { fact in
                        let (source, target) = step.isInverse ? (fact.tail, fact.head) : (fact.head, fact.tail)
                        return from.contains(source) ? target : nil
                    })
            }
        }
        for question in conjunctions.prefix(60) {
            let sets = question.certificate.query.constraints.map(reached)
            #expect(sets.dropFirst().reduce(sets[0]) { $0.intersection($1) } == [question.certificate.answer])
            for index in sets.indices {
                var others = sets
                others.remove(at: index)
                #expect(others.dropFirst().reduce(others[0]) { $0.intersection($1) }.count > 1, "\(question.text)")
            }
        }
    }

    @Test func theTextNamesEveryAnchorAndNothingSought() {
        for question in conjunctions {
            // Body parts are worded in the plural or with an article of their own.
            for (anchor, chain) in zip(question.anchors, question.certificate.query.constraints)
            where graph.entity(chain.anchor).type != "anatomy" {
                #expect(question.text.lowercased().contains(anchor.lowercased()), "\(question.text): \(anchor)")
            }
            let sought = question.certificate.sought.map { graph.entity($0) }
            #expect(LeakCheck(text: question.text).findings(for: sought).isEmpty, "\(question.text)")
        }
    }

    @Test func splitsShareNothingSought() {
        let heldOut = Set(set.heldOut.flatMap { $0.certificate.sought })
        for question in set.supervised + set.reinforcement {
            #expect(heldOut.isDisjoint(with: question.certificate.sought), "\(question.id)")
        }
    }

    @Test func theyComeBackFromJSON() throws {
        for question in conjunctions.prefix(20) {
            let json = try JSONValue.parse(question.json.text)
            #expect(json["anchors"]?.arrayValue?.count == question.certificate.proofs.count)
            #expect(try Question(json: json, certificate: question.certificate) == question)
        }
    }

    @Test func chainsOfAnotherCertificateAreRefused() throws {
        let (first, second) = (conjunctions[0], try #require(set.questions.first { $0.certificate.isChain }))
        let error = #expect(throws: JSONError.self) {
            try Question(json: first.json, certificate: second.certificate)
        }
        #expect(error?.description.contains("chains") == true)
    }

    @Test func guidanceHeadsEveryConditionAndNamesNothing() throws {
        let question = try #require(conjunctions.first { $0.hops == 3 })
        let guidance = MaskedGuidance(certificate: question.certificate, relations: graph.relations)
        #expect(guidance.triples.split(separator: "\n").count == 3 + guidance.paths.count + 1)
        #expect(guidance.triples.contains("Condition 2:\n([MASK], "))
        let text = NameLeak(text: guidance.triples)
        #expect(!question.chains.flatMap(\.self).contains { text.contains($0) })
    }

    @Test(arguments: [true, false]) func theListFollowingTeacherFindsWhatAllListsShare(isGuided: Bool) async throws {
        let runner = DemonstrationRunner(
            teacher: ListFollowingTeacher(relations: graph.relations), tools: SmallTask.tools(for: graph),
            relations: graph.relations)
        // Lists of names with commas come in pieces, so that a few walks end nowhere.
        let readable = conjunctions.filter { question in
            !question.certificate.sought.contains { graph.name(of: $0).contains(", ") }
        }
        var answered = 0
        for (number, question) in readable.prefix(30).enumerated() {
            let key = TrajectoryKey(seed: 1, question: number, rollout: 0)
            let demonstration = try await runner.run(question, key: key, isGuided: isGuided)
            guard demonstration.stopReason == .answer else { continue }
            answered += 1
            #expect(demonstration.messages.last?.content == "<answer>\(question.gold.value)</answer>")
            let masked = question.certificate.sought.map { [graph.name(of: $0)] }
            #expect(MaskFilter.firstUnrevealed(of: masked, in: demonstration.messages) == nil)
        }
        #expect(answered >= 27, "\(answered)")
    }

    @Test func theRuleBasedTeacherSaysThatItFollowsChains() async throws {
        let runner = DemonstrationRunner(
            teacher: RuleBasedTeacher(relations: graph.relations), tools: SmallTask.tools(for: graph),
            relations: graph.relations)
        let key = TrajectoryKey(seed: 1, question: 0, rollout: 0)
        let demonstration = try await runner.run(conjunctions[0], key: key, isGuided: true)
        #expect(demonstration.stopReason == .error && demonstration.problem?.contains("conditions") == true)
    }

    @Test(arguments: [("conjunction_share", 1.5), ("wording", 0.3)])
    func refusesWhatCannotBeMade(field: String, share: Double) throws {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.conjunctionShare = share
        let error = #expect(throws: SynthesisError.self) {
            try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1)
        }
        #expect(error?.description.contains(field) == true)
    }

    @Test func conjunctionsOfEveryNumberOfHopsAreFound() {
        let sampler = QuerySampler(
            hops: 2...6, allowedSteps: Set(graph.allSteps), conjunctionShare: 1, maximumPerEntity: 4, seed: 1)
        let hops = sampler.sample(graph.asserted, count: 400).map(\.hops)
        for count in 2...6 { #expect(hops.count { $0 == count } >= 20, "\(count)") }
    }
}
