import Knowledge

/// What a text says about an entity without (necessarily) naming it: a tree of constraints whose leaves are names.
///
/// A question is the description of its answer. A chain is a description with one constraint at every level, a
/// conjunction one with several. What is described is a set of entities that a graph decides, see ``denotation(in:)``.
public indirect enum EntityDescription: Sendable, Hashable {
    case named(EntityIndex)
    /// A name made less exact, which fits all `members`: `a species of Rickettsia`.
    case blurred(label: String, members: [EntityIndex])
    /// All constraints hold.
    case constrained([Constraint])

    /// The described entity is reached by `step` from something that fits `source`.
    public struct Constraint: Sendable, Hashable {
        public var step: Step
        public var source: EntityDescription

        public init(step: Step, source: EntityDescription) {
            self.step = step
            self.source = source
        }
    }

    /// The description of a chain's answer.
    public init(_ query: ChainQuery) {
        self = query.steps.reduce(.named(query.anchor)) { .constrained([Constraint(step: $1, source: $0)]) }
    }

    /// The description of what all chains lead to: a conjunction, or a chain if there is only one.
    ///
    /// Chains without steps say nothing and are left out.
    public init(conjunctionOf chains: [ChainQuery]) {
        self = .constrained(
            chains.compactMap { chain in
                chain.steps.last.map { step in
                    let rest = ChainQuery(anchor: chain.anchor, steps: Array(chain.steps.dropLast()))
                    return Constraint(step: step, source: EntityDescription(rest))
                }
            })
    }

    /// The description of what meets all constraints.
    public init(_ query: ConjunctiveQuery) { self.init(conjunctionOf: query.constraints) }

    /// The number of steps from the answer to the farthest name.
    public var depth: Int {
        guard case .constrained(let constraints) = self else { return 0 }
        return 1 + (constraints.map(\.source.depth).max() ?? 0)
    }

    /// Whether there is one constraint at every level.
    var isLinear: Bool {
        guard case .constrained(let constraints) = self else { return true }
        return constraints.count == 1 && constraints[0].source.isLinear
    }

    /// Whether a step follows on itself somewhere in the tree: the parent of the parent of something.
    var repeatsStep: Bool {
        guard case .constrained(let constraints) = self else { return false }
        return constraints.contains { constraint in
            if case .constrained(let inner) = constraint.source, inner.contains(where: { $0.step == constraint.step }) {
                return true
            }
            return constraint.source.repeatsStep
        }
    }

    /// The number of steps in the whole tree.
    public var constraintCount: Int {
        guard case .constrained(let constraints) = self else { return 0 }
        return constraints.reduce(0) { $0 + 1 + $1.source.constraintCount }
    }

    /// The entities that the text names, in the order of the constraints.
    public var namedEntities: [EntityIndex] {
        switch self {
        case .named(let entity): [entity]
        case .blurred: []
        case .constrained(let constraints): constraints.flatMap(\.source.namedEntities)
        }
    }

    /// The entities that fit, ascending; executed on the whole graph.
    public func denotation(in graph: KnowledgeGraph) -> [EntityIndex] {
        switch self {
        case .named(let entity): return [entity]
        case .blurred(_, let members): return Set(members).sorted()
        case .constrained(let constraints):
            var result: [EntityIndex]?
            for constraint in constraints {
                let reached = graph.neighbours(
                    ofAll: constraint.source.denotation(in: graph), by: constraint.step)
                result = result.map { Set($0).intersection(reached).sorted() } ?? reached
                if result?.isEmpty == true { return [] }
            }
            return result ?? []
        }
    }

    /// The entities that a reader has to find: the answers, and at every constrained node inside those that lead to an
    /// answer. Names are not among them.
    public func soughtEntities(in graph: KnowledgeGraph) -> Set<EntityIndex> {
        soughtIncludingNames(in: graph).subtracting(namedEntities)
    }

    /// Like `soughtEntities(in:)`, with those that are named elsewhere in the description.
    func soughtIncludingNames(in graph: KnowledgeGraph) -> Set<EntityIndex> {
        var sought: Set<EntityIndex> = []
        collectSought(among: denotation(in: graph), in: graph, into: &sought)
        return sought
    }

    private func collectSought(
        among answers: [EntityIndex], in graph: KnowledgeGraph, into sought: inout Set<EntityIndex>
    ) {
        guard case .constrained(let constraints) = self else { return }
        sought.formUnion(answers)
        for constraint in constraints {
            let leading = Set(graph.neighbours(ofAll: answers, by: constraint.step.reversed))
            constraint.source.collectSought(
                among: constraint.source.denotation(in: graph).filter(leading.contains), in: graph, into: &sought)
        }
    }

    /// The description with each name replaced by what `replacement` gives for it, where it gives something.
    func replacingNames(_ replacement: (EntityIndex) -> EntityDescription?) -> EntityDescription {
        switch self {
        case .named(let entity): replacement(entity) ?? self
        case .blurred: self
        case .constrained(let constraints):
            .constrained(
                constraints.map { Constraint(step: $0.step, source: $0.source.replacingNames(replacement)) })
        }
    }
}
