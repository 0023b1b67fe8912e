/// The schema of the relations that the importers make: types, laws and wording.
public enum RelationCatalogue {
    /// All of them, by name.
    public static let relations: [Relation] = (clinical + genetic + pharmacological + molecular).sorted {
        $0.name < $1.name
    }

    private static let byName = Dictionary(uniqueKeysWithValues: relations.map { ($0.name, $0) })

    /// Relations that hold in both directions as soon as they hold in one; a graph stores both.
    static let symmetric: Set = [
        "resembles_disease", "resembles_drug", "interacts_with", "covaries_with", "interacts_with_drug",
        "related_disease", "related_phenotype", "related_anatomy", "related_pathway", "related_biological_process",
        "related_molecular_function", "related_cellular_component", "related_exposure",
    ]

    public static func relation(_ name: String) -> Relation? { byName[name] }

    /// A relation that the catalogue does not have, worded from its name: `binds_to` becomes "binds to".
    public static func placeholder(_ name: String, domain: [String], range: [String]) -> Relation {
        let words = name.split(whereSeparator: { $0 == "_" || $0 == "-" || $0 == " " }).joined(separator: " ")
        return Relation(
            name: name, inverseName: "inverse_of_\(name)", domain: domain, range: range,
            forward: RelationPhrases(
                sentence: "{subject} has the relation “\(words)” to {object}.", phrase: "what {x} has as “\(words)”"),
            inverse: RelationPhrases(
                sentence: "{subject} is what {object} has as “\(words)”.", phrase: "what has {x} as “\(words)”"))
    }

    // MARK: Notation

    /// - Parameters:
    ///   - laws: `t` transitive, `f` functional, `a` acyclic, `i` inherited from parent categories.
    ///   - wording: sentence, inverse sentence, phrase, inverse phrase.
    static func define(
        _ name: String, _ inverse: String, _ domain: String, _ range: String, laws: String = "",
        _ wording: (String, String, String, String)
    ) -> Relation {
        Relation(
            name: name, inverseName: inverse, domain: domain.split(separator: "|").map(String.init),
            range: range.split(separator: "|").map(String.init), isTransitive: laws.contains("t"),
            isFunctional: laws.contains("f"), isAcyclic: laws.contains("a"),
            inheritedAlong: laws.contains("i") ? "is_a" : nil,
            forward: RelationPhrases(sentence: wording.0, phrase: wording.2),
            inverse: RelationPhrases(sentence: wording.1, phrase: wording.3))
    }

    /// A relation that ``symmetric`` names, between entities of one type.
    static func between(_ name: String, _ type: String, _ sentence: String, _ phrase: String) -> Relation {
        define(
            name, "\(name)_inverse", type, type, (sentence, sentence, phrase, phrase))
    }
}
