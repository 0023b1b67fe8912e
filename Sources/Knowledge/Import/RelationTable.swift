import Storage

/// The relations that importers and triples tables know: ``RelationCatalogue``, overridden and extended by a table of the
/// user's own.
///
/// Invariants: names and inverse names are unique among both; what one's own table says of a relation (laws, types and
/// wording) holds as it stands, so that facts between other types are refused.
public struct RelationTable: Sendable {
    /// The catalogue alone.
    public static let builtIn = RelationTable()

    private var own: [String: Relation] = [:]

    private init() {}

    /// Reads a table with the columns of `relations.tsv`, also compressed (`.zst`, `.gz`).
    /// - Throws: the first line and column that is not what a graph's `relations.tsv` asks for, or that does not go with the
    ///   relations of the catalogue that it leaves as they are.
    public init(path: String) throws(KnowledgeError) {
        var bytes: [UInt8] = []
        do throws(StorageError) {
            let stream = try ByteStream(path: path)
            while let piece = try stream.next() { bytes += piece }
        } catch { throw .storage(error) }
        let relations = try GraphLoader.relations(bytes: bytes, path: path)
        guard !relations.isEmpty else {
            throw .malformedFile(path: path, found: "no relation", expected: "a line for each relation")
        }
        own = Dictionary(relations.map { ($0.name, $0) }) { first, _ in first }
        let builtIn = RelationCatalogue.relations.filter { own[$0.name] == nil }.map { inheritable($0) }
        // The catalogue comes first, so that what clashes with it is named by the line of the table.
        try GraphValidator(relations: builtIn + relations, entities: [], triples: []) { _, row in
            row < builtIn.count
                ? "the built-in relation \(builtIn[row].name)" : "\(path), line \(row - builtIn.count + 2)"
        }.validate()
    }

    /// The names in one's own table, sorted.
    public var ownNames: [String] { own.keys.sorted() }

    /// The relation of that name; `nil` where neither one's own table nor the catalogue has it.
    public func relation(_ name: String) -> Relation? {
        own[name] ?? RelationCatalogue.relation(name).map { inheritable($0) }
    }

    /// Whether one's own table has the relation, so that its laws and types are not to be widened.
    func isOwn(_ name: String) -> Bool { own[name] != nil }

    /// A relation of the catalogue, which is inherited only along what one's own table leaves a hierarchy.
    private func inheritable(_ relation: Relation) -> Relation {
        guard let hierarchy = relation.inheritedAlong.flatMap({ own[$0] }),
            !hierarchy.isTransitive || hierarchy.inheritedAlong != nil
        else { return relation }
        var relation = relation
        relation.inheritedAlong = nil
        return relation
    }
}
