import Storage

/// Why a knowledge graph was refused.
public enum KnowledgeError: Error, CustomStringConvertible {
    /// Where a value was read: `place` is a file and line, or the position in an array passed to the initialiser.
    public struct Location: Sendable, Hashable, CustomStringConvertible {
        public var place: String
        public var column: String

        public init(place: String, column: String) {
            self.place = place
            self.column = column
        }

        public var description: String { "\(place), column \(column)" }
    }

    case storage(StorageError)
    /// A file is not UTF-8, or its header is not the expected one.
    case malformedFile(path: String, found: String, expected: String)
    /// A part of an input file is not what its format asks for; `place` names file and line, and the element if there is one.
    case malformedInput(place: String, found: String, expected: String)
    case wrongColumnCount(place: String, found: Int, expected: [String])
    /// A field is empty, or is not one of the values the column allows.
    case invalidField(at: Location, value: String, expected: String)
    case duplicate(at: Location, value: String, first: String)
    case unknownEntity(at: Location, id: String)
    case unknownRelation(at: Location, name: String, known: [String])
    case wrongType(at: Location, entity: String, type: String, relation: String, expected: [String])
    case notFunctional(at: Location, relation: String, head: String, tails: [String])
    /// The names along the cycle; the first one is repeated at the end.
    case cycle(at: Location, relation: String, names: [String])
    /// Two entities share a name or synonym, so that an answer could not be told apart.
    case ambiguousName(at: Location, name: String, other: String)
    case invalidCertificate(field: String, value: String, expected: String)
    /// A graph file is not one of ours, of another version, or damaged.
    case damagedFile(path: String, problem: String)
    /// The facts that a graph entails do not fit the bound.
    case tooManyEntailedFacts(limit: Int)
    /// An import or a build gave no entity, so that nothing is written to `path`.
    case nothingToWrite(path: String, records: Int, leftOut: [String])
    /// A question of a dataset cannot be read.
    case invalidQuestion(line: Int, field: String, value: String, expected: String)

    public var description: String {
        switch self {
        case .storage(let error):
            "\(error)"
        case .malformedFile(let path, let found, let expected):
            "\(path): found \(found), expected \(expected). Correct the file; the format is "
                + "described in Recipes/quickstart/knowledge/ATTRIBUTION.md."
        case .malformedInput(let place, let found, let expected):
            "\(place): found \(found), expected \(expected). Correct the file or import another release of it."
        case .wrongColumnCount(let place, let found, let expected):
            "\(place): \(found) columns, expected \(expected.count) separated by single tabs: "
                + "\(expected.joined(separator: ", ")). Leave an empty field between two tabs where there is no value."
        case .invalidField(let location, let value, let expected):
            "\(location): \(quoted(value)), expected \(expected). Correct this field."
        case .duplicate(let location, let value, let first):
            "\(location): \(quoted(value)) was already given at \(first), expected it once. Remove one of the two."
        case .unknownEntity(let location, let id):
            "\(location): \(quoted(id)), expected the id of an entity. Add the entity to entities.tsv or remove the triple."
        case .unknownRelation(let location, let name, let known):
            "\(location): \(quoted(name)), expected one of the relations \(known.joined(separator: ", ")). "
                + "Correct the name or add the relation to relations.tsv."
        case .wrongType(let location, let entity, let type, let relation, let expected):
            "\(location): \(entity) is a \(type), expected \(expected.joined(separator: " or ")) for \(relation). "
                + "Correct the triple, the entity's type, or the relation's domain and range."
        case .notFunctional(let location, let relation, let head, let tails):
            "\(location): \(head) has \(tails.count) values of \(relation) (\(tails.joined(separator: ", "))), "
                + "expected at most one. Remove one triple, or set functional to no in relations.tsv."
        case .cycle(let location, let relation, let names):
            "\(location): the triple closes a cycle, \(names.joined(separator: " —\(relation)→ ")); expected none "
                + "because \(relation) is acyclic. Remove one of these triples."
        case .ambiguousName(let location, let name, let other):
            "\(location): \(quoted(name)) is also a name or synonym of \(other), expected names that differ in more "
                + "than case, because answers are matched by name. Rename one entity, for example with its type in "
                + "parentheses, or drop the synonym."
        case .invalidCertificate(let field, let value, let expected):
            "certificate, field \(field): \(value), expected \(expected). Certify the query again on this graph."
        case .damagedFile(let path, let problem):
            "\(path): \(problem). Write the file again from the graph's three tables."
        case .tooManyEntailedFacts(let limit):
            "the graph entails more than \(limit) facts, the bound given. Raise the bound, or make fewer relations "
                + "transitive or inherited in relations.tsv."
        case .nothingToWrite(let path, let records, let leftOut):
            "\(records) records were read, but no entity came of them, so \(path) is not written. "
                + (leftOut.isEmpty
                    ? "Check that the files are complete." : "Left out: \(leftOut.joined(separator: "; ")).")
        case .invalidQuestion(let line, let field, let value, let expected):
            "line \(line), field \(field): \(value), expected \(expected). Correct the question or name the graph that "
                + "it was made from."
        }
    }

    private func quoted(_ value: String) -> String { "“\(value)”" }
}
