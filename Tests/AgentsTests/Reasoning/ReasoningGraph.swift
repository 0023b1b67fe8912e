import Knowledge
import Primitives

@testable import Agents

/// Small graphs of diseases for tests, made from facts between names.
enum ReasoningGraph {
    static let types = [
        "has_symptom": ("disease", "symptom"), "has_phenotype": ("disease", "phenotype"),
        "lacks_phenotype": ("disease", "phenotype"), "onset": ("disease", "onset"),
        "inheritance": ("disease", "inheritance"), "caused_by_organism": ("disease", "organism"),
    ]

    /// - Parameters:
    ///   - facts: head, relation and tail; names that begin with "P" are phenotypes where the relation leaves it open.
    ///   - references: cross-references by name.
    ///   - isInherited: whether kinds of diseases have what their categories have.
    static func make(
        _ facts: [(String, String, String)], references: [String: [String]] = [:], synonyms: [String: [String]] = [:],
        order: (String, String) -> Bool = { $0 < $1 }
    ) throws -> KnowledgeGraph {
        var typeOf: [String: String] = [:]
        for (head, relation, tail) in facts {
            let types = types[relation] ?? (head.hasPrefix("P") ? ("phenotype", "phenotype") : ("disease", "disease"))
            (typeOf[head], typeOf[tail]) = types
        }
        let names = typeOf.keys.sorted(by: order)
        let index = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, EntityIndex($0)) })
        let relations = RelationCatalogue.relations.filter { types[$0.name] != nil || $0.name == "is_a" }
        let triples = facts.map { head, relation, tail in
            Triple(
                head: index[head] ?? -1, relation: RelationIndex(relations.firstIndex { $0.name == relation } ?? -1),
                tail: index[tail] ?? -1, source: "test", licence: "CC0")
        }
        return try KnowledgeGraph(
            relations: relations,
            entities: names.map {
                Entity(
                    id: "id:\($0)", name: $0, type: typeOf[$0] ?? "", synonyms: synonyms[$0] ?? [],
                    crossReferences: references[$0] ?? [])
            }, triples: triples)
    }

    /// A graph drawn at random, with kinds of diseases and of phenotypes, and exclusions.
    static func random(_ random: inout CounterRandom) -> [(String, String, String)] {
        let (diseases, phenotypes) = (2 + random.integer(below: 7), 2 + random.integer(below: 7))
        var facts: [(String, String, String)] = []
        for disease in 0..<diseases {
            if disease > 0, random.integer(below: 3) == 0 {
                facts.append(("D\(disease)", "is_a", "D\(random.integer(below: disease))"))
            }
            for phenotype in 0..<phenotypes {
                switch random.integer(below: 8) {
                case 0, 1, 2: facts.append(("D\(disease)", "has_phenotype", "P\(phenotype)"))
                case 3: facts.append(("D\(disease)", "lacks_phenotype", "P\(phenotype)"))
                default: break
                }
            }
            if random.integer(below: 2) == 0 {
                facts.append(("D\(disease)", "onset", ["Childhood onset", "Adult onset"][random.integer(below: 2)]))
            }
        }
        for phenotype in 1..<phenotypes where random.integer(below: 2) == 0 {
            facts.append(("P\(phenotype)", "is_a", "P\(random.integer(below: phenotype))"))
        }
        facts.append(("D0", "has_phenotype", "P\(phenotypes)"))
        return facts
    }
}
