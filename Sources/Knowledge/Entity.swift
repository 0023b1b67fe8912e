/// The position of an entity in `KnowledgeGraph.entities`; meaningful for one graph value only. Files use ids instead.
public typealias EntityIndex = Int32

/// A thing that facts are about: a disease, a gene, a drug, …
public struct Entity: Sendable, Hashable {
    /// Stable and unique, for example `DOID:0110221` or `cytoband:10p12`.
    public var id: String
    /// What documents and answers call the entity; unique in its graph, whatever the case.
    public var name: String
    /// One of the types that the relations' domains and ranges name.
    public var type: String
    /// Other names that are as good as `name` in an answer. Like names, they belong to one entity only.
    public var synonyms: [String]
    /// The medical field, where the source assigns one.
    public var specialty: String?
    /// The same entity in other vocabularies, for example `MESH:D053840`.
    public var crossReferences: [String]
    /// The share of a corpus' words that are mentions of the entity, from 0 to 1, where it was counted.
    public var frequency: Double?

    public init(
        id: String, name: String, type: String, synonyms: [String] = [], specialty: String? = nil,
        crossReferences: [String] = [], frequency: Double? = nil
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.synonyms = synonyms
        self.specialty = specialty
        self.crossReferences = crossReferences
        self.frequency = frequency
    }
}
