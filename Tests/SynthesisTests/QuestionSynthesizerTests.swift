import Knowledge
import Testing

@testable import Synthesis

struct QuestionSynthesizerTests {
    private static let shipped = Result { try ShippedGraph.load() }
    private static let shippedSet = Result { try ShippedGraph.questions(of: shipped.get()) }

    private let graph: KnowledgeGraph
    private let set: QuestionSet

    init() throws {
        graph = try Self.shipped.get()
        set = try Self.shippedSet.get()
    }

    @Test func everyAnswerIsTheOnlyOneByBruteForce() {
        struct Walk: Hashable {
            var from: EntityIndex
            var step: Step
        }
        var reached: [Walk: Set<EntityIndex>] = [:]
        for triple in graph.triples {
            let step = Step(relation: triple.relation)
            reached[Walk(from: triple.head, step: step), default: []].insert(triple.tail)
            reached[Walk(from: triple.tail, step: step.reversed), default: []].insert(triple.head)
        }
        for question in set.questions {
            var candidates: Set<EntityIndex> = [question.certificate.query.constraints[0].anchor]
            for step in question.certificate.query.constraints[0].steps {
                candidates = candidates.reduce(into: []) { next, entity in
                    next.formUnion(reached[Walk(from: entity, step: step)] ?? [])
                }
            }
            #expect(candidates.map { graph.entity($0).name } == [question.gold.value], "\(question.text)")
        }
    }

    @Test func splitsShareNoAnswerAndNoIntermediateEntity() {
        let heldOut = Set(set.heldOut.flatMap { $0.certificate.sought })
        for question in set.supervised + set.reinforcement {
            #expect(heldOut.isDisjoint(with: question.certificate.sought), "\(question.id)")
        }
    }

    @Test func splitsHaveTheRequestedSizes() {
        #expect(set.heldOut.count >= 128)
        #expect(set.supervised.count == 300)
        #expect(set.reinforcement.count > 300)
        #expect(Set(set.questions.map(\.id)).count == set.questions.count)
    }

    @Test func everyCertifiedChainIsAccountedFor() {
        let counts = set.counts
        #expect(counts.certified == set.questions.count + counts.leaking + counts.entangled + counts.surplus)
    }

    @Test func heldOutQuestionsCoverHopsAndSpecialties() {
        #expect(Set(set.heldOut.map(\.hops)) == [2, 3, 4])
        let specialties = Set(graph.entities.compactMap(\.specialty))
        #expect(specialties.count == 12)
        #expect(Set(set.heldOut.compactMap(\.specialty)) == specialties)
    }

    @Test func noQuestionNamesAnEntityItAsksFor() {
        for question in set.questions {
            for index in question.certificate.sought {
                let entity = graph.entity(index)
                for name in [entity.name] + entity.synonyms {
                    let text = " " + question.text.lowercased().dropLast() + " "
                    #expect(!text.contains(" " + name.lowercased() + " "), "\(question.text): \(name)")
                }
            }
        }
    }

    @Test func theTextNamesTheAnchor() {
        let wording = QuestionWording(relations: graph.relations)
        for question in set.questions {
            let chain = question.certificate.query.constraints[0]
            let texts = QuestionWording.openings.indices.map {
                wording.question(anchor: question.anchors[0], steps: chain.steps, opening: $0)
            }
            #expect(texts.contains(question.text))
            #expect(graph.entity(chain.anchor).name == question.anchors[0])
        }
    }

    @Test func excludedRelationsAreNotAskedAbout() {
        let excluded = Set(["inheritance", "onset", "transmitted_by"].flatMap { [$0, "^" + $0] })
        #expect(set.questions.allSatisfy { excluded.isDisjoint(with: $0.relations.flatMap(\.self)) })
    }

    @Test func sameSeedGivesTheSameQuestions() throws {
        #expect(try ShippedGraph.questions(of: graph).questions == set.questions)
    }

    @Test func anotherSeedGivesOtherSplits() throws {
        #expect(try ShippedGraph.questions(of: graph, seed: 2).heldOut.map(\.id) != set.heldOut.map(\.id))
    }

    @Test func limitsReinforcement() throws {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.reinforcementLimit = 50
        let limited = try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1)
        #expect(limited.reinforcement.count == 50)
        #expect(limited.counts.surplus == set.reinforcement.count - 50)
    }

    @Test func refusesAnUnknownRelation() {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.excludedRelations = ["inherits"]
        let error = #expect(throws: SynthesisError.self) {
            try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1)
        }
        #expect(error?.description.contains("“inherits”") == true)
    }

    @Test func refusesToHoldOutMoreThanThereIs() throws {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.excludedRelations = []
        let error = #expect(throws: SynthesisError.self) {
            try QuestionSynthesizer(configuration: configuration).questions(of: SmallGraph.make(), seed: 1)
        }
        #expect(error?.description.contains("128") == true)
    }

    @Test func refusesAnEntityWhoseNameNoAnswerCanMatch() throws {
        let small = try SmallGraph.make()
        var entities = Array(small.entities)
        for index in entities.indices where entities[index].type == "cytoband" {
            entities[index].name = "—" + String(repeating: "–", count: index)
        }
        let graph = try KnowledgeGraph(relations: small.relations, entities: entities, triples: Array(small.triples))
        var configuration = QuestionSynthesizer.Configuration()
        configuration.excludedRelations = []
        configuration.heldOutCount = 2
        let error = #expect(throws: SynthesisError.self) {
            try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1)
        }
        guard case .unusableGold? = error else {
            Issue.record("expected an unusable gold, got \(String(describing: error))")
            return
        }
    }
}
