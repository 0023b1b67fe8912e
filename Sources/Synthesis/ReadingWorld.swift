import Knowledge
import Primitives
import Retrieval

/// A fictional world prepared for writing texts: its monographs, their index, and its certified chains.
struct ReadingWorld: Sendable {
    /// A certified chain whose every hop can be read in the passage of the entity before.
    struct Chain: Sendable, Hashable {
        var query: ChainQuery
        /// Anchor to answer.
        var path: [EntityIndex]
    }

    private let graph: KnowledgeGraph
    private let wording: QuestionWording
    private let index: DocumentIndex
    private let passages: [String]
    private let entityOfDocument: [String: EntityIndex]
    private let maximumPassageCharacters: Int
    /// Chains of one hop, by first step; chains of several hops, by all steps.
    private let facts: [[Chain]]
    private let chains: [[Chain]]
    private let factsOfAnchor: [[Chain]]

    init(graph: KnowledgeGraph, hops: ClosedRange<Int>, maximumPassageCharacters: Int) {
        self.graph = graph
        self.maximumPassageCharacters = maximumPassageCharacters
        wording = QuestionWording(relations: graph.relations)
        let documents = MonographComposer().documents(of: graph)
        index = DocumentIndex(documents: documents)
        var passages = [String](repeating: "", count: graph.entities.count)
        var entityOfDocument: [String: EntityIndex] = [:]
        for document in documents {
            guard let entity = graph.index(id: document.id) else { continue }
            entityOfDocument[document.id] = entity
            passages[Int(entity)] = Self.passage(document.text, maximumPassageCharacters)
        }
        self.passages = passages
        self.entityOfDocument = entityOfDocument

        let sampler = ChainSampler(hops: 1...hops.upperBound, allowedSteps: Set(graph.allSteps))
        let readable = sampler.sample(graph).certificates.compactMap { certificate -> Chain? in
            let chain = Chain(query: certificate.query.constraints[0], path: certificate.proofs[0].witness)
            let isReadable = zip(chain.query.steps, chain.path.indices).allSatisfy { step, position in
                let sentence = graph.phrases(step).sentence(
                    subject: graph.entity(chain.path[position]).name,
                    objects: [graph.entity(chain.path[position + 1]).name])
                return passages[Int(chain.path[position])].contains(sentence)
            }
            return isReadable ? chain : nil
        }
        let oneHop = readable.filter { $0.query.steps.count == 1 }
        facts = Self.grouped(oneHop)
        chains = Self.grouped(readable.filter { hops.contains($0.query.steps.count) })
        var factsOfAnchor = [[Chain]](repeating: [], count: graph.entities.count)
        for fact in oneHop { factsOfAnchor[Int(fact.query.anchor)].append(fact) }
        self.factsOfAnchor = factsOfAnchor
    }

    /// Cuts after the last sentence that fits.
    private static func passage(_ text: String, _ limit: Int) -> String {
        guard text.count > limit else { return text }
        let start = text.prefix(limit)
        return start.lastIndex(of: ".").map { String(start[...$0]) } ?? String(start)
    }

    /// Groups by steps, in the order of first occurrence.
    private static func grouped(_ chains: [Chain]) -> [[Chain]] {
        var position: [[Step]: Int] = [:]
        var groups: [[Chain]] = []
        for chain in chains {
            if let group = position[chain.query.steps] {
                groups[group].append(chain)
            } else {
                position[chain.query.steps] = groups.count
                groups.append([chain])
            }
        }
        return groups
    }

    func name(_ entity: EntityIndex) -> String { graph.entity(entity).name }

    func passage(_ entity: EntityIndex) -> String { passages[Int(entity)] }

    func question(_ chain: Chain, opening: Int) -> String {
        wording.question(anchor: name(chain.query.anchor), steps: chain.query.steps, opening: opening)
    }

    func wanted(by step: Step) -> String { wording.wanted(by: step) }

    /// A fact; half of the time every kind of step is equally likely, otherwise every fact.
    func drawFact(random: inout CounterRandom) -> Chain { Self.draw(facts, random: &random) }

    func drawChain(random: inout CounterRandom) -> Chain { Self.draw(chains.isEmpty ? facts : chains, random: &random) }

    func drawFact(about entity: EntityIndex, random: inout CounterRandom) -> Chain? {
        let known = factsOfAnchor[Int(entity)]
        return known.isEmpty ? nil : random.pick(known)
    }

    private static func draw(_ groups: [[Chain]], random: inout CounterRandom) -> Chain {
        if random.uniform() < 0.5 { return random.pick(random.pick(groups)) }
        var number = random.integer(below: groups.reduce(0) { $0 + $1.count })
        for group in groups {
            if number < group.count { return group[number] }
            number -= group.count
        }
        preconditionFailure("the number is below the sum of the groups' sizes")
    }

    /// Other entities with a passage: some that the search finds beside the entity, the rest at random.
    func companions(of entity: EntityIndex, count: Int, random: inout CounterRandom) -> [EntityIndex] {
        guard count > 0 else { return [] }
        var found = search(name(entity), limit: count + 1).filter { $0 != entity }
        var result: [EntityIndex] = []
        for _ in 0..<count {
            let next =
                !found.isEmpty && random.uniform() < 0.5
                ? found.removeFirst() : EntityIndex(random.integer(below: graph.entities.count))
            if next != entity, !result.contains(next), !passages[Int(next)].isEmpty { result.append(next) }
        }
        return result
    }

    /// The passages that looking an entity up returns, its own first.
    func lookUp(_ entity: EntityIndex, count: Int) -> [String] {
        let others = count > 1 ? search(name(entity), limit: count).filter { $0 != entity } : []
        return ([entity] + others).prefix(count).map { passages[Int($0)] }
    }

    private func search(_ query: String, limit: Int) -> [EntityIndex] {
        index.search(query, limit: limit).compactMap { entityOfDocument[$0.document.id] }
    }
}
