import Knowledge

/// Makes a name less exact: a cytoband becomes an arm, a numbered form its family, a species its genus.
///
/// What a blurred name fits is decided by the graph: all entities of the type whose names blur to the same label.
public struct NameBlur: Sendable {
    private var membersOfLabel: [String: [EntityIndex]] = [:]
    private var labelOfEntity: [EntityIndex: String] = [:]

    public init(graph: KnowledgeGraph) {
        for (index, entity) in graph.entities.enumerated() {
            guard let label = Self.label(of: entity) else { continue }
            labelOfEntity[EntityIndex(index)] = label
            membersOfLabel[label, default: []].append(EntityIndex(index))
        }
    }

    /// The blurred name, or `nil` where it would fit this entity only or no rule applies.
    public func blurred(_ entity: EntityIndex) -> EntityDescription? {
        guard let label = labelOfEntity[entity], let members = membersOfLabel[label], members.count > 1 else {
            return nil
        }
        return .blurred(label: label, members: members)
    }

    static func label(of entity: Entity) -> String? {
        switch entity.type {
        case "cytoband": return arm(of: entity.name)
        case "organism", "transmission":
            let words = entity.name.split(separator: " ")
            guard words.count >= 2, let first = words[0].first, first.isUppercase, words[0].allSatisfy(\.isLetter),
                words[1].allSatisfy({ $0.isLowercase }), words[1] != "complex", words[1] != "virus"
            else { return nil }
            return "a species of \(words[0])"
        case "disease":
            var words = entity.name.split(separator: " ")
            guard words.count >= 3, let last = words.last, last.first?.isNumber == true, last.count <= 4,
                last.allSatisfy({ $0.isNumber || $0.isLetter })
            else { return nil }
            words.removeLast()
            if words.last == "type" { words.removeLast() }
            return "one of the numbered forms of \(words.joined(separator: " "))"
        default: return nil
        }
    }

    /// `10p12.1` lies on the short arm of chromosome 10.
    private static func arm(of cytoband: String) -> String? {
        let chromosome = cytoband.prefix { $0.isNumber || $0 == "X" || $0 == "Y" }
        guard !chromosome.isEmpty, chromosome.count < cytoband.count, !cytoband.contains("|") else { return nil }
        switch cytoband[chromosome.endIndex] {
        case "p": return "a band on the short arm of chromosome \(chromosome)"
        case "q": return "a band on the long arm of chromosome \(chromosome)"
        default: return nil
        }
    }
}
