import Knowledge
import Primitives
import Testing

@testable import Synthesis

struct EntityDescriptionTests {
    private let graph: KnowledgeGraph

    init() throws { graph = try LoadedGraph.graph.get() }

    /// A random tree of constraints around a random entity that fits it.
    private func tree(depth: Int, random: inout CounterRandom) -> (description: EntityDescription, entity: EntityIndex)
    {
        func describe(_ entity: EntityIndex, _ depth: Int) -> EntityDescription {
            let steps = graph.steps(from: entity)
            guard depth > 0, !steps.isEmpty else { return .named(entity) }
            let constraints = (0...random.integer(below: 2)).map { _ in
                let step = random.pick(steps)
                let source = random.pick(graph.neighbours(of: entity, by: step))
                return EntityDescription.Constraint(step: step.reversed, source: describe(source, depth - 1))
            }
            return .constrained(constraints)
        }
        let entity = EntityIndex(random.integer(below: graph.entities.count))
        return (describe(entity, depth), entity)
    }

    /// Whether one entity fits, by looking at the facts one by one.
    private func fits(_ entity: EntityIndex, _ description: EntityDescription) -> Bool {
        switch description {
        case .named(let name): return entity == name
        case .blurred(_, let members): return members.contains(entity)
        case .constrained(let constraints):
            return constraints.allSatisfy { constraint in
                graph.triples.contains { triple in
                    guard triple.relation == constraint.step.relation else { return false }
                    let (from, to) =
                        constraint.step.isInverse ? (triple.tail, triple.head) : (triple.head, triple.tail)
                    return to == entity && fits(from, constraint.source)
                }
            }
        }
    }

    @Test func denotesWhatFitsByBruteForce() {
        var random = CounterRandom(seed: 5, stage: .synthesis)
        for _ in 0..<25 {
            let (description, entity) = tree(depth: 2, random: &random)
            let denotation = Set(description.denotation(in: graph))
            #expect(denotation.contains(entity))
            for _ in 0..<10 {
                let other = EntityIndex(random.integer(below: graph.entities.count))
                #expect(denotation.contains(other) == fits(other, description))
            }
            for member in denotation.prefix(5) { #expect(fits(member, description)) }
        }
    }

    @Test func readsBackFromJSON() throws {
        var random = CounterRandom(seed: 6, stage: .synthesis)
        for depth in 0...4 {
            for _ in 0..<10 {
                let description = tree(depth: depth, random: &random).description
                #expect(try EntityDescription(json: description.json(in: graph), graph: graph) == description)
            }
        }
        let blurred = EntityDescription.blurred(label: "a band", members: [3, 4])
        #expect(try EntityDescription(json: blurred.json(in: graph), graph: graph) == blurred)
    }

    @Test(arguments: [
        #"{"id":"nothing:1"}"#, #"{"name":"no such thing"}"#, #"{"all":[]}"#, "{}", "[]",
        #"{"all":[{"step":"unknown","of":{"name":"BRCA1"}}]}"#, #"{"all":[{"step":"targets"}]}"#,
    ]) func refusesWhatIsNoDescription(text: String) throws {
        let json = try JSONValue.parse(text)
        #expect(throws: JSONError.self) { try EntityDescription(json: json, graph: graph) }
    }

    @Test func refusesEndlessNesting() throws {
        var json: JSONValue = ["id": .string(graph.entity(0).id)]
        for _ in 0..<40 { json = ["all": [["step": "is_a", "of": json]]] }
        #expect(throws: JSONError.self) { try EntityDescription(json: json, graph: graph) }
    }

    @Test func chainsAndConjunctionsReadBack() {
        let chain = ChainQuery(anchor: 7, steps: [Step(relation: 1), Step(relation: 2, isInverse: true)])
        let other = ChainQuery(anchor: 9, steps: [Step(relation: 3)])
        #expect(EntityDescription(chain).chain == chain)
        #expect(EntityDescription(chain).depth == 2)
        let both = EntityDescription(conjunctionOf: [chain, other])
        #expect(both.chain == nil)
        #expect(both.conjunction == [chain, other])
        #expect(both.constraintCount == 3)
        #expect(both.namedEntities == [7, 9])
    }

    @Test func certifiedChainsHaveNoFault() throws {
        for question in try LoadedGraph.questions.get().questions.prefix(200) {
            let description = EntityDescription(question.certificate.query)
            #expect(description.fault(in: graph, answer: question.certificate.answer) == nil, "\(question.text)")
            #expect(
                description.soughtEntities(in: graph) == Set(question.certificate.sought),
                "\(question.text)")
        }
    }

    @Test func faultsAreFound() throws {
        let set = try LoadedGraph.questions.get()
        let question = try #require(set.questions.first)
        let (chain, answer) = (question.certificate.query.constraints[0], question.certificate.answer)
        let description = EntityDescription(chain)
        #expect(description.fault(in: graph, answer: chain.anchor) == .anotherAnswer(name: graph.entity(answer).name))
        let twice = EntityDescription(conjunctionOf: [chain, chain])
        guard case .redundant? = twice.fault(in: graph, answer: answer) else {
            Issue.record("expected a redundant constraint")
            return
        }
        let there = EntityDescription(
            ChainQuery(anchor: answer, steps: chain.steps.reversed().map(\.reversed) + chain.steps))
        #expect(there.fault(in: graph, answer: answer) != nil)
    }
}
