import Foundation
import Knowledge
import Storage

/// The 35,000-triple graph of the shared development data, worded by the relations of the shipped one and, where it has
/// more, by phrases of our own.
enum LargeGraph {
    static let path = "/work/shared/data/kg/full_kg_open.tsv.zst"
    static var isThere: Bool { FileManager.default.fileExists(atPath: path) }

    static func load() throws -> KnowledgeGraph {
        let text = String(decoding: try Zstandard.decompress(try FileStore.read(path)), as: UTF8.self)
        let rows = text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
        var relations = try ShippedGraph.load().relations
        func widen(_ name: String, _ head: String, _ tail: String) -> RelationIndex {
            if let index = relations.firstIndex(where: { $0.name == name }) {
                if !relations[index].domain.contains(head) { relations[index].domain.append(head) }
                if !relations[index].range.contains(tail) { relations[index].range.append(tail) }
                relations[index].isFunctional = false
                relations[index].isAcyclic = false
                return RelationIndex(index)
            }
            relations.append(
                Relation(
                    name: name, inverseName: "inverse_" + name, domain: [head], range: [tail],
                    forward: RelationPhrases(
                        sentence: "{subject} \(name) {object}.", phrase: "the \(tail) of {x}"),
                    inverse: RelationPhrases(
                        sentence: "{subject} is the \(name) of {object}.", phrase: "the \(head) of {x}")))
            return RelationIndex(relations.count - 1)
        }
        var entities: [Entity] = []
        var index: [String: EntityIndex] = [:]
        var owners: [String: String] = [:]
        func entity(_ name: String, _ type: String) -> EntityIndex {
            let id = "\(type):\(name)"
            if let known = index[id] { return known }
            let isTaken = owners.updateValue(id, forKey: name.lowercased()) != nil
            index[id] = EntityIndex(entities.count)
            entities.append(Entity(id: id, name: isTaken ? "\(name) (\(type))" : name, type: type))
            return EntityIndex(entities.count - 1)
        }
        var triples: [Triple] = []
        var seen: Set<[Int32]> = []
        for row in rows where row.count == 6 {
            let relation = widen(row[2], row[1], row[4])
            let (head, tail) = (entity(row[0], row[1]), entity(row[3].replacing("|", with: "/"), row[4]))
            guard head != tail, seen.insert([head, relation, tail]).inserted else { continue }
            triples.append(Triple(head: head, relation: relation, tail: tail, source: row[5], licence: "see source"))
        }
        return try KnowledgeGraph(relations: relations, entities: entities, triples: triples)
    }
}
