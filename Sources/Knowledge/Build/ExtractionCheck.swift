/// Keeps of a model's answers what the schema allows and the text states, and counts the rest by reason.
struct ExtractionCheck {
    /// Why something was refused.
    enum Refusal: String, CaseIterable, Sendable {
        case unknownType = "entities of a type that the schema does not have"
        case entityNotInText = "entities whose name is not in the text"
        case unknownRelation = "facts of a relation that the schema does not have"
        case unknownEntity = "facts about an entity that was not named or was refused"
        case wrongTypes = "facts between types that the relation does not connect"
        case quoteNotInText = "facts whose quotation is not in the text"
        case quoteWithoutEntity = "facts whose quotation names neither head nor tail"
        case selfReference = "facts that connect an entity with itself"
    }

    private let schema: ExtractionSchema
    private let quotes: QuoteFinder
    /// The words of the text between spaces, to find names in whatever their case and punctuation.
    private let words: String
    private(set) var result = ChunkExtraction()
    private var positions: [String: Int] = [:]
    private var known: Set<ChunkExtraction.Fact> = []

    init(_ schema: ExtractionSchema, text: String) {
        self.schema = schema
        quotes = QuoteFinder(text)
        words = Self.spaced(text)
    }

    private static func spaced(_ text: String) -> String { " \(NameKey.key(text)) " }

    private static func names(_ name: String, in words: String) -> Bool {
        let key = NameKey.key(name)
        return !key.isEmpty && words.contains(" \(key) ")
    }

    /// Takes over an answer.
    /// - Returns: the number of entities and facts that are new.
    mutating func add(_ answer: ExtractionSchema.Answer) -> Int {
        let before = result.entities.count + result.facts.count
        for entity in answer.entities { add(entity) }
        for fact in answer.facts { add(fact) }
        return result.entities.count + result.facts.count - before
    }

    private mutating func refuse(_ reason: Refusal) { result.refusals[reason.rawValue, default: 0] += 1 }

    private mutating func add(_ entity: ExtractionSchema.Answer.NamedEntity) {
        guard schema.types.contains(entity.type) else { return refuse(.unknownType) }
        guard Self.names(entity.name, in: words) else { return refuse(.entityNotInText) }
        let synonyms = entity.synonyms.filter { $0 != entity.name && Self.names($0, in: words) }
        if let known = positions[NameKey.key(entity.name)] {
            let new = synonyms.filter { !result.entities[known].synonyms.contains($0) }
            result.entities[known].synonyms += new
        } else {
            result.entities.append(.init(name: entity.name, type: entity.type, synonyms: synonyms))
        }
        let position = positions[NameKey.key(entity.name)] ?? result.entities.count - 1
        for name in [entity.name] + synonyms where positions[NameKey.key(name)] == nil {
            positions[NameKey.key(name)] = position
        }
    }

    private mutating func add(_ fact: ExtractionSchema.Answer.StatedFact) {
        guard let relation = schema.relation(fact.relation) else { return refuse(.unknownRelation) }
        guard let head = positions[NameKey.key(fact.head)], let tail = positions[NameKey.key(fact.tail)] else {
            return refuse(.unknownEntity)
        }
        guard head != tail else { return refuse(.selfReference) }
        guard relation.domain.contains(result.entities[head].type), relation.range.contains(result.entities[tail].type)
        else { return refuse(.wrongTypes) }
        guard let span = quotes.find(fact.quote) else { return refuse(.quoteNotInText) }
        let quoted = Self.spaced(fact.quote)
        let names = [head, tail].flatMap { [result.entities[$0].name] + result.entities[$0].synonyms }
        guard names.contains(where: { Self.names($0, in: quoted) }) else { return refuse(.quoteWithoutEntity) }
        let new = ChunkExtraction.Fact(head: head, relation: relation.name, tail: tail, span: span)
        if known.insert(new).inserted { result.facts.append(new) }
    }
}
