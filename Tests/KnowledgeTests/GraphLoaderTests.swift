import Foundation
import Knowledge
import Testing

@Suite struct GraphLoaderTests {
    @Test func readsEveryField() throws {
        let directory = try GraphDirectory()
        let graph = try KnowledgeGraph.load(directory: directory.path)
        let alpha = try #require(graph.index(id: "d:a"))
        #expect(
            graph.entity(alpha)
                == Entity(
                    id: "d:a", name: "Alpha", type: "disease", synonyms: ["first", "1st"], specialty: "Neurology",
                    crossReferences: ["M:1"]))
        #expect(graph.entity(1).specialty == nil)
        let isA = try #require(graph.relations.first { $0.name == "is_a" })
        #expect(isA.isTransitive && isA.isAcyclic && !isA.isFunctional && isA.inverseName == "has_subtype")
        #expect(isA.inverse == RelationPhrases(sentence: "{subject} has {object}.", phrase: "kind of {x}"))
        #expect(graph.triples.count == 3 && graph.triples[0].licence == "CC0-1.0")
    }

    @Test func savingAndLoadingKeepsTheGraph() throws {
        let directory = try GraphDirectory()
        let graph = try KnowledgeGraph.load(directory: directory.path)
        try graph.save(directory: directory.path + "/copy")
        let copy = try KnowledgeGraph.load(directory: directory.path + "/copy")
        #expect(copy.entities == graph.entities && copy.relations == graph.relations && copy.triples == graph.triples)
        #expect(copy.digest == graph.digest)
    }

    @Test func orderOfLinesDoesNotMatter() throws {
        let reversed = { (text: String) -> String in
            let lines = text.split(separator: "\n")
            return ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n")
        }
        let straight = try GraphDirectory()
        let turned = try GraphDirectory(
            relations: reversed(GraphDirectory.relations), entities: reversed(GraphDirectory.entities),
            triples: reversed(GraphDirectory.triples))
        let one = try KnowledgeGraph.load(directory: straight.path)
        let other = try KnowledgeGraph.load(directory: turned.path)
        #expect(one.digest == other.digest && one.entities == other.entities && one.triples == other.triples)
    }

    struct BadInput: Sendable, CustomTestStringConvertible {
        var file: String
        var text: String
        var expected: [String]
        var testDescription: String { expected.joined(separator: " … ") }

        init(_ file: String, adding lines: String, expecting expected: [String]) {
            let original =
                file == "triples.tsv" ? GraphDirectory.triples : GraphDirectory.entities
            self.init(file, text: original + lines + "\n", expecting: expected)
        }

        init(_ file: String, text: String, expecting expected: [String]) {
            self.file = file
            self.text = text
            self.expected = expected
        }
    }

    static let badTriples = [
        BadInput(
            "triples.tsv", adding: "d:x\tis_a\td:b\ts\tl",
            expecting: ["triples.tsv, line 5, column head", "“d:x”", "id of an entity", "Add the entity"]),
        BadInput(
            "triples.tsv", adding: "d:a\tis_a\td:y\ts\tl", expecting: ["triples.tsv, line 5, column tail", "“d:y”"]),
        BadInput(
            "triples.tsv", adding: "d:a\tisa\td:c\ts\tl",
            expecting: ["triples.tsv, line 5, column relation", "“isa”", "caused_by, is_a, main_gene"]),
        BadInput(
            "triples.tsv", adding: "d:a\tis_a\td:b\tother\tl",
            expecting: ["triples.tsv, line 5", "“d:a is_a d:b”", "triples.tsv, line 3", "Remove one"]),
        BadInput(
            "triples.tsv", adding: "d:a\tcaused_by\td:c\ts\tl",
            expecting: ["line 5, column tail", "d:c (Gamma) is a disease", "expected gene for caused_by"]),
        BadInput(
            "triples.tsv", adding: "g:1\tcaused_by\tg:2\ts\tl",
            expecting: ["triples.tsv, line 5, column head", "g:1 (GEN1) is a gene", "expected disease"]),
        BadInput(
            "triples.tsv", adding: "d:c\tis_a\td:a\ts\tl",
            expecting: ["triples.tsv, line", "Alpha —is_a→ Beta —is_a→ Gamma —is_a→ Alpha", "acyclic"]),
        BadInput("triples.tsv", adding: "d:c\tis_a\td:c\ts\tl", expecting: ["line 5", "Gamma —is_a→ Gamma"]),
        BadInput(
            "triples.tsv", adding: "d:a\tmain_gene\tg:1\ts\tl\nd:a\tmain_gene\tg:2\ts\tl",
            expecting: ["triples.tsv, line 6, column tail", "Alpha has 2 values of main_gene (GEN1, GEN2)"]),
        BadInput(
            "triples.tsv", adding: "d:a\tis_a\td:c\ts",
            expecting: ["triples.tsv, line 5: 4 columns, expected 5", "head, relation, tail, source, licence"]),
        BadInput("triples.tsv", adding: "", expecting: ["triples.tsv, line 5: 1 column"]),
        BadInput(
            "triples.tsv", adding: "d:a\tis_a\td:c\ts\t",
            expecting: ["triples.tsv, line 5, column licence", "“”", "not empty"]),
        BadInput(
            "triples.tsv", text: "head\ttail\n",
            expecting: ["triples.tsv", "“head | tail”", "“head | relation | tail | source | licence”"]),
        BadInput("triples.tsv", text: "", expecting: ["triples.tsv", "“head | relation | tail | source | licence”"]),
        BadInput(
            "triples.tsv", text: GraphDirectory.triples.replacingOccurrences(of: "\n", with: "\r\n"),
            expecting: ["triples.tsv", "carriage return in line 1", "line feed alone"]),
    ]

    static let badEntities = [
        BadInput(
            "entities.tsv", adding: "d:a\tOther\tdisease\t\t\t",
            expecting: ["entities.tsv, line 7, column id", "“d:a”", "entities.tsv, line 2"]),
        BadInput(
            "entities.tsv", adding: "d:d\t\tdisease\t\t\t",
            expecting: ["entities.tsv, line 7, column name", "not empty"]),
        BadInput(
            "entities.tsv", adding: "d:d\tDelta \tdisease\t\t\t",
            expecting: ["entities.tsv, line 7, column name", "“Delta ”", "spaces at its ends"]),
        BadInput(
            "entities.tsv", adding: "d:d\tDelta\tdisease\t\ta||b\t",
            expecting: ["entities.tsv, line 7, column synonyms", "not empty"]),
        BadInput(
            "entities.tsv", adding: "g:3\tALPHA\tgene\t\t\t",
            expecting: ["entities.tsv, line 7, column name", "“ALPHA”", "d:a (Alpha, a disease)", "Rename"]),
        BadInput(
            "entities.tsv", adding: "g:3\tGEN3\tgene\t\tbeta\t",
            expecting: ["entities.tsv, line 7, column synonyms", "“beta”", "d:b"]),
    ]

    static let badRelations = [
        BadInput(
            "relations.tsv",
            text: GraphDirectory.relations.replacingOccurrences(of: "yes\tno\tyes", with: "yes\tno\ttrue"),
            expecting: ["relations.tsv, line 3, column acyclic", "“true”", "yes or no"]),
        BadInput(
            "relations.tsv", text: GraphDirectory.relations.replacingOccurrences(of: "gene of {x}", with: "gene of X"),
            expecting: ["relations.tsv, line 2, column phrase", "“gene of X”", "{x} exactly once"]),
        BadInput(
            "relations.tsv", text: GraphDirectory.relations.replacingOccurrences(of: "has_subtype", with: "caused_by"),
            expecting: ["relations.tsv, line 3, column inverse_name", "“caused_by”", "line 2, column name"]),
        BadInput(
            "relations.tsv", text: GraphDirectory.relations.replacingOccurrences(of: "has_subtype", with: "^is_a"),
            expecting: ["relations.tsv, line 3, column inverse_name", "“^is_a”", "without ^"]),
    ]

    @Test(arguments: badTriples + badEntities + badRelations)
    func namesFileLineValueAndRemedy(_ input: BadInput) throws {
        let directory = try GraphDirectory()
        try directory.write(input.text, to: input.file)
        let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(directory: directory.path) }
        for part in input.expected { #expect("\(error)".contains(part), "\(error)") }
    }

    @Test func refusesBytesThatAreNotText() throws {
        let directory = try GraphDirectory()
        try Data([0x69, 0x64, 0xFF]).write(to: URL(fileURLWithPath: directory.path + "/entities.tsv"))
        let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(directory: directory.path) }
        #expect("\(error)".contains("entities.tsv") && "\(error)".contains("not UTF-8"))
    }

    @Test func namesAMissingFile() throws {
        let directory = try GraphDirectory()
        try FileManager.default.removeItem(atPath: directory.path + "/triples.tsv")
        let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(directory: directory.path) }
        #expect("\(error)".contains("triples.tsv"))
    }
}
