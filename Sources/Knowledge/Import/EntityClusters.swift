/// Which entities of a draft are the same thing: union-find with guards.
///
/// Entities of one type are joined by name, by synonym, and by cross-reference, in this order. Two clusters are never
/// joined when
/// - one vocabulary has an id for a member of each, because a vocabulary tells its own things apart; or
/// - the numbers and letters in their names differ ("type 2A", "type 2B"; "hepatitis A", "hepatitis B"), or differ only
///   in that one has none ("spastic paraplegia", "spastic paraplegia 4").
///
/// The result depends on the entities alone and not on their order: everything is visited in the order of ids and keys.
struct EntityClusters {
    /// What a name says: its words without numbers and letters of a series, and these.
    private struct Signature: Hashable {
        let base: [String]
        let designators: [String]

        init(_ name: String) {
            (base, designators) = NameKey.series(NameKey.words(name))
        }

        func contradicts(_ other: Signature) -> Bool {
            designators != other.designators
                && (!designators.isEmpty && !other.designators.isEmpty || base == other.base)
        }
    }

    private struct Cluster {
        var members: [Int]
        var signatures: Set<Signature>
        /// The ids that come from vocabularies.
        var vocabularyIDs: [(vocabulary: String, id: String)]
    }

    private let entities: [Entity]
    private let settings: GraphMerger.Settings
    private var parents: [Int]
    private var clusters: [Cluster]
    private(set) var conflicts: [GraphConflict] = []
    private var refused: Set<[Int]> = []

    init(_ entities: [Entity], settings: GraphMerger.Settings) {
        self.entities = entities
        self.settings = settings
        parents = Array(entities.indices)
        clusters = entities.indices.map { index in
            let entity = entities[index]
            return Cluster(
                members: [index], signatures: entity.hasName ? [Signature(entity.name)] : [],
                vocabularyIDs: entity.vocabulary.map { [($0, entity.id)] } ?? [])
        }
        join()
    }

    /// The members of every cluster, ascending by id, in the order of their first ids.
    var groups: [[Int]] {
        let order = entities.indices.sorted { entities[$0].id < entities[$1].id }
        var position: [Int: Int] = [:]
        var groups: [[Int]] = []
        for index in order {
            let root = root(of: index)
            if let known = position[root] {
                groups[known].append(index)
            } else {
                position[root] = groups.count
                groups.append([index])
            }
        }
        return groups
    }

    // MARK: Keys

    private struct Key: Hashable, Comparable {
        let type: String
        let text: String

        static func < (left: Key, right: Key) -> Bool { (left.text, left.type) < (right.text, right.type) }
    }

    private mutating func join() {
        let order = entities.indices.sorted { entities[$0].id < entities[$1].id }
        var byName: [Key: [Int]] = [:]
        var bySynonym: [Key: [Int]] = [:]
        var byReference: [Key: [Int]] = [:]
        for index in order {
            let entity = entities[index]
            let name = entity.hasName ? NameKey.key(entity.name) : ""
            if !name.isEmpty { byName[Key(type: entity.type, text: name), default: []].append(index) }
            for synonym in Set(entity.synonyms.map(NameKey.key)) where !synonym.isEmpty {
                bySynonym[Key(type: entity.type, text: synonym), default: []].append(index)
            }
            let references = Set(entity.crossReferences + (entity.vocabulary == nil ? [] : [entity.id]))
            for reference in references where isUsable(reference) {
                byReference[Key(type: entity.type, text: reference), default: []].append(index)
            }
        }
        for (_, members) in byName.sorted(by: { $0.key < $1.key }) where members.count > 1 {
            join(members, by: "the name “\(entities[members[0]].name)”")
        }
        for (key, members) in bySynonym.sorted(by: { $0.key < $1.key }) {
            let named = (byName[key] ?? []).filter { !members.contains($0) }
            join(named + members, by: "the synonym “\(key.text)”")
        }
        for (key, members) in byReference.sorted(by: { $0.key < $1.key }) where members.count > 1 {
            join(members, by: "the cross-reference \(key.text)")
        }
    }

    private func isUsable(_ reference: String) -> Bool {
        CrossReference.vocabulary(of: reference).map { !settings.ignoredVocabularies.contains($0) } ?? false
    }

    /// Joins what can be joined; every member is tried against every cluster of the members before it.
    private mutating func join(_ members: [Int], by reason: String) {
        guard members.count > 1 else { return }
        var roots: [Int] = []
        for member in members {
            let own = root(of: member)
            if roots.contains(own) { continue }
            var isJoined = false
            for (number, other) in roots.enumerated() where !isJoined {
                guard unite(other, own, by: reason, on: member) else { continue }
                roots[number] = root(of: other)
                isJoined = true
            }
            if !isJoined { roots.append(own) }
        }
    }

    // MARK: Union

    private mutating func unite(_ left: Int, _ right: Int, by reason: String, on member: Int) -> Bool {
        let (first, second) = (clusters[left], clusters[right])
        for mine in first.vocabularyIDs {
            for theirs in second.vocabularyIDs where theirs.vocabulary == mine.vocabulary && theirs.id != mine.id {
                return refuse(.vocabulary, left, right, reason)
            }
        }
        for mine in first.signatures where second.signatures.contains(where: mine.contradicts) {
            return refuse(.designator, left, right, reason)
        }
        // The smaller joins the larger, so that members move a logarithmic number of times.
        let (kept, dropped) = first.members.count >= second.members.count ? (left, right) : (right, left)
        parents[dropped] = kept
        clusters[kept].members += clusters[dropped].members
        clusters[kept].signatures.formUnion(clusters[dropped].signatures)
        clusters[kept].vocabularyIDs += clusters[dropped].vocabularyIDs
        clusters[dropped] = Cluster(members: [], signatures: [], vocabularyIDs: [])
        return true
    }

    private mutating func refuse(_ kind: GraphConflict.Kind, _ left: Int, _ right: Int, _ reason: String) -> Bool {
        let pair = [left, right].map { side in clusters[side].members.min { entities[$0].id < entities[$1].id } ?? side
        }
        // The same two entities often share several names: they are told once.
        if refused.insert(pair.sorted()).inserted {
            conflicts.append(
                GraphConflict(
                    kind, subject: reason, kept: pair.map { .init("\(entities[$0].id) (\(entities[$0].name))") },
                    leftOut: [.init("that they are the same \(entities[pair[0]].type)")]))
        }
        return false
    }

    private func root(of index: Int) -> Int {
        var index = index
        while parents[index] != index { index = parents[index] }
        return index
    }
}

extension Entity {
    /// Whether the source gave a name and not the number alone.
    var hasName: Bool { name != id }

    /// The vocabulary that the id comes from; `nil` for ids that were made from type and name.
    var vocabulary: String? {
        guard let vocabulary = CrossReference.vocabulary(of: id), vocabulary != type else { return nil }
        return vocabulary
    }
}
