import Knowledge
import Primitives

/// Replaces the names in a description by what the graph says about the entities, so that they have to be found first.
///
/// Every replacement is executed on the whole graph: the answer stays the only one.
public struct Obfuscator: Sendable {
    /// How a question is made harder.
    public enum Move: String, Sendable, Hashable, CaseIterable {
        /// A name becomes less exact.
        case blurred
        /// A name becomes one fact that only this entity fits: one hop more.
        case longer
        /// A name becomes several facts that only together fit one entity.
        case described
        /// A constraint that is not needed is dropped.
        case shortened
    }

    private let graph: KnowledgeGraph
    private let blur: NameBlur
    /// So many facts may stand for a name.
    public var maximumFacts: Int
    /// Relations that descriptions do not use in either direction.
    public var excludedRelations: Set<RelationIndex>
    /// The steps from a name to the answer stay within this bound.
    public var maximumDepth: Int

    public init(
        graph: KnowledgeGraph, maximumFacts: Int = 3, maximumDepth: Int = 6,
        excludedRelations: Set<RelationIndex> = []
    ) {
        self.graph = graph
        blur = NameBlur(graph: graph)
        self.maximumFacts = max(1, maximumFacts)
        self.maximumDepth = maximumDepth
        self.excludedRelations = excludedRelations
    }

    /// The first of `moves` that leads to a faultless description of the same answer; names and facts are tried in a
    /// random order. `nil` if none does.
    public func harder(
        _ description: EntityDescription, answer: EntityIndex, moves: [Move] = Move.allCases,
        random: inout CounterRandom
    ) -> (description: EntityDescription, move: Move)? {
        var names = Array(Set(description.namedEntities)).sorted()
        random.shuffle(&names)
        for move in moves {
            if move == .shortened {
                let shorter = description.withoutOneConstraint.map(\.description)
                if let found = shorter.first(where: { $0.fault(in: graph, answer: answer) == nil }) {
                    return (found, move)
                }
                continue
            }
            for name in names {
                for replacement in replacements(of: name, by: move, random: &random) {
                    let changed = minimal(description.replacingNames { $0 == name ? replacement : nil })
                    guard changed.depth <= maximumDepth, changed.fault(in: graph, answer: answer) == nil else {
                        continue
                    }
                    return (changed, move)
                }
            }
        }
        return nil
    }

    /// The description without constraints of conjunctions that its only answer does not need.
    private func minimal(_ description: EntityDescription) -> EntityDescription {
        guard description.denotation(in: graph).count == 1 else { return description }
        var result = description
        while let shorter = result.withoutOneConstraint.first(where: { $0.description.denotation(in: graph).count == 1 }
        ) {
            result = shorter.description
        }
        return result
    }

    private func replacements(
        of entity: EntityIndex, by move: Move, random: inout CounterRandom
    ) -> [EntityDescription] {
        switch move {
        case .blurred: return blur.blurred(entity).map { [$0] } ?? []
        case .longer:
            return facts(about: entity, random: &random).filter { $0.count == 1 }.map { .constrained($0.facts) }
        case .described:
            let several = facts(about: entity, random: &random).filter { $0.count > 1 }.flatMap(\.facts)
            return combination(of: several, for: entity).map { [.constrained($0)] } ?? []
        case .shortened: return []
        }
    }

    /// What single facts say about an entity: each with the number of entities that it fits.
    private func facts(
        about entity: EntityIndex, random: inout CounterRandom
    ) -> [(facts: [EntityDescription.Constraint], count: Int)] {
        var result: [(facts: [EntityDescription.Constraint], count: Int)] = []
        for step in graph.steps(from: entity) where !excludedRelations.contains(step.relation) {
            for neighbour in graph.neighbours(of: entity, by: step).prefix(64) {
                let constraint = EntityDescription.Constraint(step: step.reversed, source: .named(neighbour))
                result.append(([constraint], graph.neighbours(of: neighbour, by: step.reversed).count))
            }
        }
        random.shuffle(&result)
        return result
    }

    /// As few of the facts as single the entity out together: each is taken if it leaves fewer, then what is not needed is
    /// dropped.
    private func combination(
        of facts: [EntityDescription.Constraint], for entity: EntityIndex
    ) -> [EntityDescription.Constraint]? {
        var chosen: [EntityDescription.Constraint] = []
        var left: Set<EntityIndex>?
        for fact in facts where left?.count != 1 {
            let fitting = Set(EntityDescription.constrained([fact]).denotation(in: graph))
            let remaining = left.map { $0.intersection(fitting) } ?? fitting
            guard remaining.count < left?.count ?? .max else { continue }
            left = remaining
            chosen.append(fact)
        }
        guard left == [entity] else { return nil }
        for fact in chosen where chosen.count > 1 {
            let rest = chosen.filter { $0 != fact }
            if EntityDescription.constrained(rest).denotation(in: graph) == [entity] { chosen = rest }
        }
        return chosen.count <= maximumFacts ? chosen : nil
    }
}
