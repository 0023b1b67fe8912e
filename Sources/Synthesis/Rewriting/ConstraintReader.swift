import Knowledge
import Primitives

/// Has a second model state what a question asks as a query, which the graph then executes.
///
/// The model sees the question and the graph's relations, and neither the answer nor the description that the question
/// was worded from. A rewriting whose query still has the right answer as its only one has kept its meaning as far as an
/// independent reader can tell.
public struct ConstraintReader: Sendable {
    /// Why a question could not be read back.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        case model(LanguageModelError)
        /// The reply is no query over the graph: no JSON, an unknown step or an unknown name.
        case unreadable(reason: String)

        public var description: String {
            switch self {
            case .model(let error): "\(error)"
            case .unreadable(let reason): "the reader's reply is no query: \(reason)"
            }
        }
    }

    private let model: any LanguageModel
    private let graph: KnowledgeGraph
    private let instructions: String

    public init(model: any LanguageModel, graph: KnowledgeGraph) {
        self.model = model
        self.graph = graph
        let steps = graph.allSteps.map { step in
            "\(graph.name(of: step)): \(graph.phrases(step).phrase(from: "X"))"
        }
        instructions = """
            You read a question and state what it asks as a query over a knowledge graph. Do not answer the question.
            A query is one JSON object: {"name": "NAME"} for a named entity, or {"all": [{"step": "STEP", "of": QUERY}, …]} \
            for what is reached by STEP from something that fits the inner QUERY, for every element of the list. Use names \
            as a reference work spells them; where the question describes a thing instead of naming it, and the graph's \
            steps cannot express the description, give the name of what is described. Reply with the JSON object only.
            The steps, and what each reaches from X:
            \(steps.joined(separator: "\n"))
            """
    }

    /// What the question asks, as the model understands it.
    public func read(_ question: String, seed: Int64? = nil) async throws(Failure) -> EntityDescription {
        var prompt = LanguageModelPrompt(system: instructions, user: question, maximumTokens: 1024)
        prompt.seed = seed
        let reply: LanguageModelReply
        do throws(LanguageModelError) { reply = try await model.reply(to: prompt) } catch { throw .model(error) }
        guard reply.isWhole else { throw .unreadable(reason: "it is cut off") }
        do throws(JSONError) {
            return try EntityDescription(json: try ModelJSON.object(in: reply.message.content), graph: graph)
        } catch {
            throw .unreadable(reason: "\(error)")
        }
    }
}

/// Finds the JSON object that a model was asked for.
enum ModelJSON {
    /// The object between the first `{` and the last `}`, so that code fences and remarks around it do no harm.
    static func object(in text: String) throws(JSONError) -> JSONValue {
        guard let open = text.firstIndex(of: "{"), let close = text.lastIndex(of: "}"), open < close else {
            throw .unexpected(path: "reply", expected: "a JSON object", found: String(text.prefix(80)))
        }
        return try JSONValue.parse(Array(text[open...close].utf8))
    }
}
