import Knowledge
import Primitives

/// The work of wording one question.
struct EnglishDraft {
    let graph: KnowledgeGraph
    let phrasebook: EnglishPhrasebook
    let style: EnglishWording.Style
    var random: CounterRandom
    /// How many things each noun introduces in the whole text, known from an earlier draft.
    var totals: [String: Int] = [:]

    /// Whether nothing but the sentence before is ever referred to.
    private var isChain = false
    private(set) var introduced: [String: Int] = [:]
    private var sentences: [String] = []

    init(
        graph: KnowledgeGraph, phrasebook: EnglishPhrasebook, style: EnglishWording.Style, random: CounterRandom,
        totals: [String: Int] = [:]
    ) {
        self.graph = graph
        self.phrasebook = phrasebook
        self.style = style
        self.random = random
        self.totals = totals
    }

    /// What stands for something known in a sentence.
    private struct Reference {
        var text: String
        /// Long ones stand at the end of their sentence only.
        var isLong: Bool
        /// The entity, where the text is its name.
        var named: Entity?
    }

    // MARK: Questions

    mutating func question(for description: EntityDescription) -> String {
        guard case .constrained(let constraints) = description else { return phrase(description) }
        isChain = description.isLinear
        let last = constraints.count == 1 ? single(constraints[0], description) : several(constraints, description)
        return (sentences + [last]).joined(separator: " ")
    }

    private mutating func single(
        _ constraint: EntityDescription.Constraint, _ description: EntityDescription
    ) -> String {
        let source = reference(to: constraint.source, mayStack: false, after: constraint.step)
        let phrases = phrasebook.phrases(constraint.step)
        if let predicates = namedPredicates(phrases, source) {
            let predicate = fill(random.pick(predicates), source)
            let noun = noun(of: description, phrases)
            return random.uniform() < 0.7
                ? "Which \(noun) \(predicate)?" : "\(imperative()) the \(noun) that \(predicate)."
        }
        if !phrases.nounPhrases.isEmpty, random.uniform() < 0.3 {
            return "\(imperative()) the \(fill(pick(phrases.nounPhrases, source), source))."
        }
        return EnglishNames.capitalized(fill(pick(phrases.questions, source), source))
    }

    private mutating func several(
        _ constraints: [EntityDescription.Constraint], _ description: EntityDescription
    ) -> String {
        let noun = noun(of: description, nil)
        let predicates = predicates(constraints)
        let draw = random.uniform()
        if draw < 0.3 || predicates.count > 2 && draw < 0.5 {
            var told = ["\(EnglishNames.capitalized(newcomer(noun, isOnly: true))) \(predicates[0])."]
            for (number, predicate) in predicates.dropFirst().enumerated() {
                told.append(number == 0 ? "It \(Self.also(predicate))." : "In addition, it \(predicate).")
            }
            return told.joined(separator: " ") + " Which \(noun) is it?"
        }
        return draw < 0.8
            ? "Which \(noun) \(Self.list(predicates))?" : "\(imperative()) the \(noun) that \(Self.list(predicates))."
    }

    /// `is also targeted by …`, `also targets …`.
    private static func also(_ predicate: String) -> String {
        predicate.hasPrefix("is ") ? "is also " + predicate.dropFirst(3) : "also " + predicate
    }

    private mutating func imperative() -> String { random.pick(["Name", "Identify"]) }

    // MARK: Phrases

    /// The description nested in a phrase.
    mutating func phrase(_ description: EntityDescription) -> String {
        switch description {
        case .named(let entity): return EnglishNames.object(graph.entity(entity))
        case .blurred(let label, _): return label
        case .constrained(let constraints):
            let isOnly = description.denotation(in: graph).count == 1
            guard constraints.count == 1 else {
                let phrase = noun(of: description, nil) + " that " + Self.list(predicates(constraints))
                return isOnly ? "the \(phrase)" : EnglishNames.withArticle(phrase)
            }
            let source = reference(to: constraints[0].source, mayStack: false)
            return phrase(description, constraints[0], source, isOnly: isOnly)
        }
    }

    private mutating func phrase(
        _ description: EntityDescription, _ constraint: EntityDescription.Constraint, _ source: Reference, isOnly: Bool
    ) -> String {
        let phrases = phrasebook.phrases(constraint.step)
        let text: String
        if let predicates = namedPredicates(phrases, source) {
            text = noun(of: description, phrases) + " that " + fill(random.pick(predicates), source)
        } else if phrases.nounPhrases.isEmpty {
            text = noun(of: description, phrases) + " that " + fill(pick(phrases.predicates, source), source)
        } else {
            text = fill(pick(phrases.nounPhrases, source), source)
        }
        return isOnly ? "the \(text)" : EnglishNames.withArticle(text)
    }

    /// A verb phrase per constraint; those with the shortest sources first, so that nothing stands after a long one.
    private mutating func predicates(_ constraints: [EntityDescription.Constraint]) -> [String] {
        let order = constraints.enumerated()
            .sorted { ($0.element.source.depth, $0.offset) < ($1.element.source.depth, $1.offset) }.map(\.element)
        var predicates: [String] = []
        for constraint in order {
            let source = reference(to: constraint.source, mayStack: false)
            let phrases = phrasebook.phrases(constraint.step)
            let known = namedPredicates(phrases, source)
            let predicate = known.map { random.pick($0) } ?? pick(phrases.predicates, source)
            predicates.append(fill(predicate, source))
        }
        return predicates
    }

    // MARK: References

    /// Nests the description, or introduces it in a sentence of its own and refers to it.
    /// - Parameter step: what the sentence says about the reference; a step is not nested in itself.
    private mutating func reference(
        to description: EntityDescription, mayStack: Bool, after step: Step? = nil
    ) -> Reference {
        switch description {
        case .named(let index):
            let entity = graph.entity(index)
            let text = EnglishNames.object(entity)
            return Reference(text: text, isLong: text.count > 45, named: entity)
        case .blurred(let label, _):
            return Reference(text: label, isLong: label.count > 45, named: nil)
        case .constrained(let constraints):
            let repeats = constraints.contains { $0.step == step } || description.repeatsStep
            if description.depth <= style.nestedDepth, !repeats {
                return Reference(text: phrase(description), isLong: true, named: nil)
            }
            let isOnly = description.denotation(in: graph).count == 1
            if mayStack, style.stacks, !repeats, constraints.count == 1, random.uniform() < 0.5 {
                let source = reference(to: constraints[0].source, mayStack: false)
                return Reference(
                    text: phrase(description, constraints[0], source, isOnly: isOnly), isLong: true, named: nil)
            }
            return Reference(text: introduce(description, constraints, isOnly: isOnly), isLong: false, named: nil)
        }
    }

    /// Adds a sentence that introduces what is described and returns how later sentences call it.
    private mutating func introduce(
        _ description: EntityDescription, _ constraints: [EntityDescription.Constraint], isOnly: Bool
    ) -> String {
        let first = phrasebook.phrases(constraints[0].step)
        let label = noun(of: description, constraints.count == 1 ? first : nil)
        guard constraints.count == 1 else {
            let predicates = predicates(constraints)
            sentences.append("\(EnglishNames.capitalized(newcomer(label, isOnly: isOnly))) \(Self.list(predicates)).")
            return back(to: label)
        }
        let source = reference(to: constraints[0].source, mayStack: true, after: constraints[0].step)
        if let predicates = namedPredicates(first, source) {
            let predicate = fill(random.pick(predicates), source)
            sentences.append("\(EnglishNames.capitalized(newcomer(label, isOnly: isOnly))) \(predicate).")
        } else if first.statements.isEmpty {
            let phrase = phrase(description, constraints[0], source, isOnly: isOnly)
            _ = newcomer(label, isOnly: isOnly)
            sentences.append("Consider \(phrase).")
        } else {
            let text = fill(random.pick(first.statements), source)
            sentences.append(
                EnglishNames.capitalized(text.replacing("{new}", with: newcomer(label, isOnly: isOnly))))
        }
        return back(to: label)
    }

    /// What introduces a thing: `a certain gene`, later `a second gene`; `a gene` where several fit.
    private mutating func newcomer(_ noun: String, isOnly: Bool) -> String {
        introduced[noun, default: 0] += 1
        let number = introduced[noun] ?? 1
        if number > 1 { return "a \(Self.ordinal(number)) \(noun)" }
        if !isOnly { return EnglishNames.withArticle(noun) }
        return EnglishNames.withArticle("certain \(noun)")
    }

    private func back(to noun: String) -> String {
        let number = introduced[noun] ?? 1
        // Along a chain the next sentence follows at once, before another one of the kind is introduced.
        if isChain { return number == 1 ? "this \(noun)" : "this \(Self.ordinal(number)) \(noun)" }
        return totals[noun, default: 1] > 1 ? "the \(Self.ordinal(number)) \(noun)" : "this \(noun)"
    }

    private static func ordinal(_ number: Int) -> String {
        let names = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
        return number <= names.count ? names[number - 1] : "next"
    }

    // MARK: Words

    private func noun(of description: EntityDescription, _ phrases: StepPhrases?) -> String {
        if let label = phrases?.label { return label }
        let type = description.denotation(in: graph).first.map { graph.entity($0).type } ?? "entity"
        return EnglishNames.noun(ofType: type)
    }

    /// The phrasings for a name of a class, if the source is one.
    private func namedPredicates(_ phrases: StepPhrases, _ source: Reference) -> [String]? {
        guard let entity = source.named, !phrases.namedPredicates.isEmpty else { return nil }
        if entity.type == "mechanism", !EnglishNames.namesAgents(entity) { return ["works through {x}"] }
        return phrases.namedPredicates
    }

    private mutating func pick(_ templates: [String], _ source: Reference) -> String {
        guard source.isLong else { return random.pick(templates) }
        let fitting = templates.filter { $0.hasSuffix("{x}") || $0.hasSuffix("{x}?") || $0.hasSuffix("{x}.") }
        return random.pick(fitting.isEmpty ? templates : fitting)
    }

    private func fill(_ template: String, _ source: Reference) -> String {
        let halves = QuestionWording.split(template, at: "{x}")
        if template.contains("{x}") { return halves.before + source.text + halves.after }
        let member = QuestionWording.split(template, at: "{a x}")
        return member.before + (source.named.map(EnglishNames.member) ?? source.text) + member.after
    }

    private static func list(_ parts: [String]) -> String {
        switch parts.count {
        case ...1: parts.first ?? ""
        case 2: "\(parts[0]) and \(parts[1])"
        default: parts.dropLast().joined(separator: ", ") + ", and " + parts[parts.count - 1]
        }
    }
}
