import Knowledge
import Primitives
import Rewards

/// A worded question on its way to a dataset, whose description may be a chain, a conjunction or any tree of constraints.
public struct QuestionDraft: Sendable, Hashable {
    public var id: String
    public var description: EntityDescription
    public var answer: EntityIndex
    public var text: String
    public var gold: Gold
    public var specialty: String?

    public init(
        id: String, description: EntityDescription, answer: EntityIndex, text: String, gold: Gold,
        specialty: String? = nil
    ) {
        self.id = id
        self.description = description
        self.answer = answer
        self.text = text
        self.gold = gold
        self.specialty = specialty
    }

    /// The draft of a certified question, with its wording.
    public init(_ question: Question) {
        self.init(
            id: question.id, description: EntityDescription(question.certificate.query),
            answer: question.certificate.answer, text: question.text, gold: question.gold,
            specialty: question.specialty)
    }

    /// Words a description whose only answer is `answer`.
    public init(
        id: String, description: EntityDescription, answer: EntityIndex, graph: KnowledgeGraph,
        specialty: String? = nil,
        random: inout CounterRandom
    ) {
        let entity = graph.entity(answer)
        self.init(
            id: id, description: description, answer: answer,
            text: EnglishWording(graph: graph).question(for: description, random: &random),
            gold: Gold(type: .entity, value: entity.name, aliases: entity.synonyms), specialty: specialty)
    }

    public func json(in graph: KnowledgeGraph) -> JSONValue {
        [
            "id": .string(id), "question": .string(text), "gold": gold.json,
            "description": description.json(in: graph), "answer": .string(graph.entity(answer).id),
            "specialty": specialty.map { .string($0) } ?? .null,
        ]
    }

    /// Reads what `json(in:)` writes and executes the description.
    public init(json: JSONValue, graph: KnowledgeGraph) throws(JSONError) {
        let id = try json.string(at: "answer")
        guard let answer = graph.index(id: id) else {
            throw .unexpected(path: "answer", expected: "an id of the graph", found: "`\(id)`")
        }
        let description = try EntityDescription(json: .object(try json.object(at: "description")), graph: graph)
        guard description.denotation(in: graph) == [answer] else {
            throw .unexpected(path: "description", expected: "a description that only \(id) fits", found: "another one")
        }
        self.init(
            id: try json.string(at: "id"), description: description, answer: answer,
            text: try json.string(at: "question"), gold: try Gold(json: .object(try json.object(at: "gold"))),
            specialty: json["specialty"]?.stringValue)
    }
}
