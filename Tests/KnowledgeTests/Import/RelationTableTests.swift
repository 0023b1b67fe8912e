import Storage
import Testing

@testable import Knowledge

@Suite struct RelationTableTests {
    private static let header = GraphTables.inheritedRelationHeader.joined(separator: "\t")

    /// A line of the table; the wording is that of a relation between `{subject}` and `{object}`.
    private static func line(
        _ name: String, _ inverse: String, _ domain: String, _ range: String, transitive: String = "no",
        functional: String = "no", sentence: String = "{subject} binds {object}.", inherited: String = ""
    ) -> String {
        [
            name, inverse, domain, range, transitive, functional, "no", sentence, "{object} is bound by {subject}.",
            "what {x} binds", "what binds {x}", inherited,
        ].joined(separator: "\t")
    }

    private func table(_ lines: [String]) throws -> RelationTable {
        let file = try TemporaryFile(([Self.header] + lines).joined(separator: "\n") + "\n", name: "relations.tsv")
        return try RelationTable(path: file.path)
    }

    private static let triples = """
        head\thead_type\trelation\ttail\ttail_type\tsource
        aspirin\tdrug\tbinds\tPTGS1\tgene\tmine
        aspirin\tdrug\tbinds\tPTGS2\tgene\tmine
        aspirin\tdrug\ttargets\tPTGS2\tgene\tmine

        """

    @Test func extendsAndOverridesTheCatalogue() throws {
        let table = try table([
            Self.line("binds", "bound_by", "drug", "gene"), Self.line("targets", "hit_by", "drug", "gene|protein"),
        ])
        #expect(table.ownNames == ["binds", "targets"])
        #expect(table.relation("binds")?.forward.phrase == "what {x} binds")
        #expect(table.relation("targets")?.range == ["gene", "protein"])
        #expect(table.relation("has_symptom") == RelationCatalogue.relation("has_symptom"))
        #expect(table.relation("no_such_relation") == nil)
    }

    @Test func importersTakeTypesLawsAndWordingFromIt() throws {
        let table = try table([Self.line("binds", "bound_by", "drug", "gene", functional: "yes")])
        var draft = GraphDraft(relations: table)
        let file = try TemporaryFile(Self.triples)
        try ImportFormat.triples.read([file.path], into: &draft)
        let outcome = try GraphMerger().merge(draft)
        let binds = try #require(outcome.graph.relations.first { $0.name == "binds" })
        #expect(binds == table.relation("binds"))
        // Two tails of a functional relation cannot both stand.
        #expect(outcome.conflicts.map(\.kind) == [.functional])
        #expect(outcome.graph.triples.count == 2)
    }

    @Test func factsBetweenOtherTypesAreConflicts() throws {
        let table = try table([Self.line("binds", "bound_by", "antibody", "gene")])
        var draft = GraphDraft(relations: table)
        let file = try TemporaryFile(Self.triples)
        try ImportFormat.triples.read([file.path], into: &draft)
        let outcome = try GraphMerger().merge(draft)
        #expect(outcome.conflicts.map(\.kind) == [.type, .type])
        #expect(outcome.graph.triples.map { outcome.graph.relations[Int($0.relation)].name } == ["targets"])
    }

    @Test func overridesTheRelationsOfAGraphThatIsAddedTo() throws {
        let file = try TemporaryFile(Self.triples)
        let graph = try KnowledgeGraph.load(path: file.path)
        let table = try table([Self.line("binds", "bound_by", "drug", "gene|protein")])
        var draft = GraphDraft(relations: table)
        draft.add(graph)
        let merged = try GraphMerger().merge(draft).graph
        #expect(merged.relations.first { $0.name == "binds" } == table.relation("binds"))
        #expect(merged.relations.first { $0.name == "targets" }?.range == ["gene"])
    }

    @Test func triplesTablesAreReadWithIt() throws {
        let table = try table([Self.line("binds", "bound_by", "drug", "gene|protein")])
        let file = try TemporaryFile(Self.triples)
        let graph = try KnowledgeGraph.load(path: file.path, relations: table)
        #expect(graph.relations.first { $0.name == "binds" } == table.relation("binds"))
        #expect(try KnowledgeGraph.load(path: file.path).relations.first { $0.name == "binds" }?.range == ["gene"])
    }

    @Test(arguments: [
        (line("binds", "bound_by", "antibody", "gene"), ["line 2", "column head", "antibody"]),
        (line("binds", "bound_by", "drug", "gene", functional: "yes"), ["line 3", "column tail", "at most one"]),
    ])
    func aTriplesTableThatBreaksItsLawsIsRefused(_ line: String, _ expected: [String]) throws {
        let table = try table([line])
        let file = try TemporaryFile(Self.triples)
        let error = try #require(throws: KnowledgeError.self) {
            try KnowledgeGraph.load(path: file.path, relations: table)
        }
        for text in [file.path] + expected { #expect("\(error)".contains(text)) }
    }

    @Test func inheritsAlongTheCataloguesHierarchy() throws {
        let table = try table([Self.line("binds", "bound_by", "disease", "gene", inherited: "is_a")])
        #expect(table.relation("binds")?.inheritedAlong == "is_a")
    }

    @Test func whatInheritsAlongAHierarchyThatIsNoneAnyMoreDoesNotInherit() throws {
        let table = try table([Self.line("is_a", "has_subtype", "disease", "disease", transitive: "no")])
        #expect(RelationCatalogue.relation("has_symptom")?.inheritedAlong == "is_a")
        #expect(table.relation("has_symptom")?.inheritedAlong == nil)
    }

    @Test(arguments: [
        (
            [line("binds", "bound_by", "drug", "gene", transitive: "maybe")],
            ["line 2", "column transitive", "yes or no"]
        ),
        (
            [line("a", "b", "drug", "gene"), line("binds", "is_symptom_of", "drug", "gene")],
            ["line 3", "column inverse_name", "is_symptom_of", "built-in relation has_symptom"]
        ),
        ([line("binds", "bound_by", "drug", "")], ["line 2", "column range"]),
        ([line("binds", "bound_by", "drug", "gene", sentence: "It binds {object}.")], ["line 2", "{subject}"]),
        ([line("binds", "bound_by", "drug", "gene", inherited: "targets")], ["line 2", "column inherited_along"]),
        ([line("x", "y", "drug", "gene"), line("x", "z", "drug", "gene")], ["line 3", "column name"]),
        (["binds\tbound_by\tdrug"], ["line 2", "3 columns", "expected 12"]),
        ([], ["no relation"]),
    ])
    func namesTheLineThatIsWrong(_ lines: [String], _ expected: [String]) throws {
        let error = try #require(throws: KnowledgeError.self) { try table(lines) }
        for text in expected + ["relations.tsv"] { #expect("\(error)".contains(text)) }
    }
}
