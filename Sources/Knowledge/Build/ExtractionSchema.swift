import Primitives

/// Which entities and relations are read out of texts, how a model is asked for them, and how its answer is read.
public struct ExtractionSchema: Sendable, Hashable {
    public let relations: [Relation]
    /// The types that the relations connect, sorted.
    public let types: [String]
    private let byName: [String: Relation]

    /// The relations of the catalogue that texts about diseases and drugs state.
    public static let clinical = ExtractionSchema(
        relations: [
            "is_a", "has_symptom", "has_phenotype", "located_in", "caused_by_organism", "transmitted_by", "inheritance",
            "onset", "caused_by_variant_in", "associated_gene", "indicated_for", "contraindicated_in", "targets",
            "has_side_effect", "pharmacologic_class", "mechanism_of_action",
        ].compactMap { name in
            RelationCatalogue.relation(name).map { relation in
                guard name == "is_a" else { return relation }
                // Of the ontologies' many types, texts are asked for diseases only.
                var relation = relation
                (relation.domain, relation.range) = (["disease"], ["disease"])
                return relation
            }
        })

    public init(relations: [Relation]) {
        self.relations = relations.sorted { $0.name < $1.name }
        types = Set(relations.flatMap { $0.domain + $0.range }).sorted()
        byName = Dictionary(relations.map { ($0.name, $0) }) { first, _ in first }
    }

    func relation(_ name: String) -> Relation? { byName[name] }

    // MARK: Asking

    /// The conversation that asks for everything in a text.
    func request(for text: String, title: String) -> [Message] {
        let relationLines = relations.map { relation in
            let sentence = relation.forward.sentence(subject: "HEAD", objects: ["TAIL"])
            return "- \(relation.name): \(relation.domain.joined(separator: " or ")) → "
                + "\(relation.range.joined(separator: " or ")). \(sentence)"
        }
        let system = """
            You read medical texts and write down the facts that they state, as JSON and nothing else:
            {"entities": [{"name": …, "type": …, "synonyms": […]}], \
            "facts": [{"head": …, "relation": …, "tail": …, "quote": …}]}

            Types of entities: \(types.joined(separator: ", ")).
            Relations, each from head to tail:
            \(relationLines.joined(separator: "\n"))

            Rules:
            - State only what the text states, nothing that you know otherwise and nothing that it denies.
            - Name an entity as the text names it, in its most complete form; list the other names that the text uses for \
            it as synonyms. Keep numbers and letters of types and stages.
            - Head and tail are names of entities in your list.
            - A quote is copied from the text letter by letter, the shortest passage that states the fact, and holds the \
            name of head or tail.
            - Where there is nothing to state, both lists are empty.
            """
        let heading = title.isEmpty ? "" : "Title: \(title)\n\n"
        return [
            Message(role: .system, content: system), Message(role: .user, content: "\(heading)Text:\n\(text)"),
        ]
    }

    static let gleaning = """
        Read the text again. Which entities and facts did you miss? Answer in the same JSON with the missing ones only; \
        both lists are empty if nothing is missing. A fact may use entities that you named before.
        """

    static func repair(_ problem: String) -> String {
        "This answer cannot be used: \(problem) Answer again with the JSON object alone."
    }

    /// The JSON schema of an answer.
    var json: JSONValue {
        func object(_ properties: JSONObject) -> JSONValue {
            [
                "type": "object", "properties": .object(properties),
                "required": .array(properties.keys.map { .string($0) }), "additionalProperties": false,
            ]
        }
        let text: JSONValue = ["type": "string"]
        func oneOf(_ names: [String]) -> JSONValue { ["type": "string", "enum": .array(names.map { .string($0) })] }
        let entity = object(["name": text, "type": oneOf(types), "synonyms": ["type": "array", "items": text]])
        let fact = object(["head": text, "relation": oneOf(relations.map(\.name)), "tail": text, "quote": text])
        return object([
            "entities": ["type": "array", "items": entity], "facts": ["type": "array", "items": fact],
        ])
    }

    // MARK: Reading

    /// What a model wrote, before it is checked against the text.
    struct Answer: Sendable, Hashable {
        struct NamedEntity: Sendable, Hashable { var name: String, type: String, synonyms: [String] }
        struct StatedFact: Sendable, Hashable { var head: String, relation: String, tail: String, quote: String }

        var entities: [NamedEntity]
        var facts: [StatedFact]
    }

    /// Reads an answer, also one between the marks of a code block.
    /// - Throws: what is wrong with its form, in a sentence for the model.
    static func read(_ text: String) throws(JSONError) -> Answer {
        guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end else {
            throw .unexpected(path: "", expected: "an object", found: "no object")
        }
        let value = try JSONValue.parse(String(text[start...end]))
        var answer = Answer(entities: [], facts: [])
        for (index, entity) in try value.array(at: "entities").enumerated() {
            do throws(JSONError) {
                let synonyms = entity["synonyms"].map { $0.arrayValue?.compactMap(\.stringValue) ?? [] } ?? []
                answer.entities.append(
                    .init(
                        name: TidyText.tidy(try entity.string(at: "name")), type: try entity.string(at: "type"),
                        synonyms: synonyms.map(TidyText.tidy)))
            } catch { throw error.within("entities[\(index)]") }
        }
        for (index, fact) in try value.array(at: "facts").enumerated() {
            do throws(JSONError) {
                answer.facts.append(
                    .init(
                        head: TidyText.tidy(try fact.string(at: "head")), relation: try fact.string(at: "relation"),
                        tail: TidyText.tidy(try fact.string(at: "tail")), quote: try fact.string(at: "quote")))
            } catch { throw error.within("facts[\(index)]") }
        }
        return answer
    }
}
