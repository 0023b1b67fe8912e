import Knowledge
import Primitives
import Testing

@testable import Synthesis

struct ObfuscatorTests {
    private let graph: KnowledgeGraph
    private let questions: [Question]

    init() throws {
        graph = try LoadedGraph.graph.get()
        let all = try LoadedGraph.questions.get().questions
        questions = stride(from: 0, to: all.count, by: max(1, all.count / 40)).map { all[$0] }
    }

    @Test(arguments: [Obfuscator.Move.blurred, .longer, .described])
    func everyMoveKeepsTheOnlyAnswer(move: Obfuscator.Move) throws {
        let obfuscator = Obfuscator(graph: graph)
        var random = CounterRandom(seed: 3, stage: .synthesis)
        var found = 0
        for question in questions {
            let description = EntityDescription(question.certificate.query)
            let answer = question.certificate.answer
            guard
                let harder = obfuscator.harder(description, answer: answer, moves: [move], random: &random)
            else { continue }
            found += 1
            #expect(harder.move == move)
            #expect(harder.description != description)
            #expect(harder.description.denotation(in: graph) == [answer])
            #expect(harder.description.fault(in: graph, answer: answer) == nil)
            #expect(!harder.description.namedEntities.contains(question.certificate.query.constraints[0].anchor))
            switch move {
            case .longer:
                #expect(harder.description.chain != nil && harder.description.depth == description.depth + 1)
                // A chain without fault is what the graph itself certifies.
                let chain = try #require(harder.description.chain)
                guard case .success(let certificate) = graph.certify(chain) else {
                    Issue.record("no certificate for \(chain)")
                    continue
                }
                #expect(certificate.answer == answer)
            case .described: #expect(harder.description.depth == description.depth + 1)
            case .blurred: #expect(harder.description.namedEntities.isEmpty)
            case .shortened: break
            }
        }
        #expect(found > (move == .longer ? 3 : 0), "\(move): \(found)")
    }

    @Test func dropsAConstraintThatIsNotNeeded() throws {
        let question = try #require(questions.first)
        let chain = question.certificate.query.constraints[0]
        let twice = EntityDescription(conjunctionOf: [chain, chain])
        var random = CounterRandom(seed: 3, stage: .synthesis)
        let shorter = Obfuscator(graph: graph)
            .harder(twice, answer: question.certificate.answer, moves: [.shortened], random: &random)
        #expect(shorter?.description == EntityDescription(chain))
    }

    @Test func excludedRelationsAreNotUsed() throws {
        let excluded = Set(graph.relations.indices.map { RelationIndex($0) })
        let obfuscator = Obfuscator(graph: graph, excludedRelations: excluded)
        var random = CounterRandom(seed: 3, stage: .synthesis)
        for question in questions {
            #expect(
                obfuscator.harder(
                    EntityDescription(question.certificate.query), answer: question.certificate.answer,
                    moves: [.longer, .described], random: &random) == nil)
        }
    }

    @Test(arguments: [
        ("cytoband", "10p12.1", "a band on the short arm of chromosome 10"),
        ("cytoband", "Xq28", "a band on the long arm of chromosome X"),
        ("organism", "Rickettsia rickettsii", "a species of Rickettsia"),
        ("disease", "Brugada syndrome 4", "one of the numbered forms of Brugada syndrome"),
        ("disease", "Usher syndrome type 1K", "one of the numbered forms of Usher syndrome"),
    ]) func blursNames(type: String, name: String, label: String) {
        #expect(NameBlur.label(of: Entity(id: "x:1", name: name, type: type)) == label)
    }

    @Test(arguments: [
        ("gene", "SCN5A"), ("disease", "asthma"), ("organism", "Bacteria"), ("cytoband", "mitochondrial"),
        ("disease", "type 2"),
    ]) func otherNamesStayExact(type: String, name: String) {
        #expect(NameBlur.label(of: Entity(id: "x:1", name: name, type: type)) == nil)
    }

    @Test func aBlurredNameFitsAllThatBlurAlike() throws {
        let blur = NameBlur(graph: graph)
        for index in graph.entities.indices {
            guard case .blurred(let label, let members)? = blur.blurred(EntityIndex(index)) else { continue }
            #expect(members.count > 1 && members.contains(EntityIndex(index)))
            #expect(members.allSatisfy { NameBlur.label(of: graph.entity($0)) == label })
        }
    }
}
