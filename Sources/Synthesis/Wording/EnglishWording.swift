import Knowledge
import Primitives

/// Words descriptions as questions in English.
///
/// Short chains become one sentence, in which every phrase stands to the right of what it explains. Longer ones are told
/// in several sentences, each of which introduces one thing and refers to the one before. The definite article is used
/// exactly where the graph knows a single entity that fits.
public struct EnglishWording: Sendable {
    private let graph: KnowledgeGraph
    private let phrasebook: EnglishPhrasebook

    public init(graph: KnowledgeGraph) {
        self.graph = graph
        phrasebook = EnglishPhrasebook(relations: graph.relations)
    }

    /// One of many wordings, chosen by `random`. The description holds at least one step and denotes something.
    public func question(for description: EntityDescription, random: inout CounterRandom) -> String {
        let style = Style(depth: description.depth, random: &random)
        // The first draft counts what it introduces, so that the second one can tell namesakes apart.
        let stream = random
        var draft = EnglishDraft(graph: graph, phrasebook: phrasebook, style: style, random: stream)
        _ = draft.question(for: description)
        var text = EnglishDraft(
            graph: graph, phrasebook: phrasebook, style: style, random: stream, totals: draft.introduced)
        let question = text.question(for: description)
        random = text.random
        return question
    }

    /// A noun phrase for the description, nested throughout: `the gene mutated in asthma`.
    public func phrase(for description: EntityDescription, random: inout CounterRandom) -> String {
        var draft = EnglishDraft(
            graph: graph, phrasebook: phrasebook, style: Style(nestedDepth: .max, stacks: false), random: random)
        defer { random = draft.random }
        return draft.phrase(description)
    }

    /// How much one sentence may hold.
    struct Style: Sendable {
        /// Descriptions of so many steps are nested in the sentence that needs them.
        var nestedDepth: Int
        /// Whether a sentence may go one step beyond what it refers to.
        var stacks: Bool

        init(nestedDepth: Int, stacks: Bool) {
            self.nestedDepth = nestedDepth
            self.stacks = stacks
        }

        init(depth: Int, random: inout CounterRandom) {
            let draw = random.uniform()
            switch depth {
            case ...2: self.init(nestedDepth: draw < 0.85 ? 2 : 0, stacks: false)
            case 3: self.init(nestedDepth: draw < 0.35 ? 2 : draw < 0.8 ? 1 : 0, stacks: false)
            default: self.init(nestedDepth: draw < 0.75 ? 1 : 0, stacks: true)
            }
        }
    }
}
