import Knowledge

/// Why a description is no question: it does not single its answer out, or says more or less than it seems to.
public enum DescriptionFault: Error, Sendable, Hashable, CustomStringConvertible {
    case nothingFits
    case severalAnswers(count: Int)
    case anotherAnswer(name: String)
    /// A constraint can be left out and the answer is still the only one.
    case redundant(step: String)
    /// The answer is nearer to a named entity than the steps that lead there.
    case shortcut(from: String, length: Int, steps: Int)
    /// The description names what it asks for.
    case namesSought(name: String)

    public var description: String {
        switch self {
        case .nothingFits: "nothing in the graph fits the description"
        case .severalAnswers(let count): "\(count) entities fit the description, expected one"
        case .anotherAnswer(let name): "the description fits “\(name)” instead of the answer"
        case .redundant(let step): "the constraint \(step) can be left out, expected every one to be needed"
        case .shortcut(let name, let length, let steps):
            "a path of length \(length) leads from “\(name)” to the answer, shorter than the \(steps) steps"
        case .namesSought(let name): "the description names “\(name)”, which is to be found"
        }
    }
}

extension EntityDescription {
    /// Executes the description on the whole graph; `nil` means that exactly `answer` fits, that every constraint of a
    /// conjunction is needed for it, that no name is nearer to the answer than its steps say, and that nothing sought is
    /// named.
    public func fault(in graph: KnowledgeGraph, answer: EntityIndex) -> DescriptionFault? {
        let answers = denotation(in: graph)
        guard let first = answers.first else { return .nothingFits }
        guard answers.count == 1 else { return .severalAnswers(count: answers.count) }
        guard first == answer else { return .anotherAnswer(name: graph.entity(first).name) }
        let named = Set(namedEntities)
        for path in paths {
            if case .named(let entity) = path.source,
                let length = graph.distance(from: entity, to: answer, atMost: path.length - 1)
            {
                return .shortcut(from: graph.entity(entity).name, length: length, steps: path.length)
            }
        }
        let sought = soughtIncludingNames(in: graph)
        if let entity = named.intersection(sought).min() { return .namesSought(name: graph.entity(entity).name) }
        for (shorter, step) in withoutOneConstraint where shorter.denotation(in: graph).count == 1 {
            return .redundant(step: graph.name(of: step))
        }
        return nil
    }

    /// The leaves with the number of steps from each to the answer.
    private var paths: [(source: EntityDescription, length: Int)] {
        guard case .constrained(let constraints) = self else { return [(self, 0)] }
        return constraints.flatMap { $0.source.paths.map { ($0.source, $0.length + 1) } }
    }

    /// Every description that lacks one constraint of a conjunction, with the step that it lacks.
    var withoutOneConstraint: [(description: EntityDescription, step: Step)] {
        guard case .constrained(let constraints) = self else { return [] }
        var result: [(description: EntityDescription, step: Step)] = []
        for (number, constraint) in constraints.enumerated() {
            if constraints.count > 1 {
                var rest = constraints
                rest.remove(at: number)
                result.append((.constrained(rest), constraint.step))
            }
            for (source, step) in constraint.source.withoutOneConstraint {
                var changed = constraints
                changed[number].source = source
                result.append((.constrained(changed), step))
            }
        }
        return result
    }
}
