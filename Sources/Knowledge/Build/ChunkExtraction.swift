import Primitives

/// What was read out of one piece of a document.
struct ChunkExtraction: Sendable, Hashable {
    struct NamedEntity: Sendable, Hashable {
        var name: String
        var type: String
        var synonyms: [String]
    }

    struct Fact: Sendable, Hashable {
        /// Positions in `entities`.
        var head: Int
        var relation: String
        var tail: Int
        /// The UTF-8 range of the quotation in the piece.
        var span: Range<Int>
    }

    var entities: [NamedEntity] = []
    var facts: [Fact] = []
    /// What was refused, by reason.
    var refusals: [String: Int] = [:]
    /// Why the piece could not be read to its end; `nil` where it could.
    var problem: String?
    var usage = TokenUsage.none
}

/// The form in the journal.
extension ChunkExtraction {
    var json: JSONValue {
        var object: JSONObject = [
            "entities": .array(
                entities.map { entity in
                    [
                        "name": .string(entity.name), "type": .string(entity.type),
                        "synonyms": .array(entity.synonyms.map { .string($0) }),
                    ]
                }),
            "facts": .array(
                facts.map { fact in
                    [
                        "head": .integer(fact.head), "relation": .string(fact.relation), "tail": .integer(fact.tail),
                        "span": [.integer(fact.span.lowerBound), .integer(fact.span.upperBound)],
                    ]
                }),
            "refused": .object(
                JSONObject(
                    uniqueKeysWithValues: refusals.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })),
            "requests": .integer(usage.requests), "prompt_tokens": .integer(usage.promptTokens),
            "completion_tokens": .integer(usage.completionTokens),
        ]
        if let problem { object["problem"] = .string(problem) }
        return .object(object)
    }

    init(json: JSONValue) throws(JSONError) {
        for entity in try json.array(at: "entities") {
            entities.append(
                NamedEntity(
                    name: try entity.string(at: "name"), type: try entity.string(at: "type"),
                    synonyms: try entity.array(at: "synonyms").compactMap(\.stringValue)))
        }
        for fact in try json.array(at: "facts") {
            let (head, tail) = (try fact.integer(at: "head"), try fact.integer(at: "tail"))
            let span = try fact.array(at: "span").compactMap(\.integerValue)
            guard entities.indices.contains(head), entities.indices.contains(tail), span.count == 2, span[0] >= 0,
                span[0] < span[1]
            else { throw .unexpected(path: "facts", expected: "positions of entities and a span", found: fact.text) }
            facts.append(
                Fact(head: head, relation: try fact.string(at: "relation"), tail: tail, span: span[0]..<span[1]))
        }
        for (reason, count) in try json.object(at: "refused").members { refusals[reason] = count.integerValue ?? 0 }
        usage = TokenUsage(
            requests: try json.integer(at: "requests"), promptTokens: try json.integer(at: "prompt_tokens"),
            completionTokens: try json.integer(at: "completion_tokens"))
        problem = json["problem"]?.stringValue
    }
}
