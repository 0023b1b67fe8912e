import Testing

@testable import Knowledge

@Suite struct OntologyImporterTests {
    private func draft(_ format: ImportFormat, _ texts: [String]) throws -> GraphDraft {
        var draft = GraphDraft()
        let files = try texts.map { try TemporaryFile($0) }
        try withExtendedLifetime(files) { try format.read(files.map(\.path), into: &draft) }
        return draft
    }

    private func facts(_ draft: GraphDraft) -> Set<String> {
        Set(
            draft.facts.map { fact in
                [
                    draft.entities[Int(fact.head)].id, draft.relations[Int(fact.relation)].name,
                    draft.entities[Int(fact.tail)].id,
                ].joined(separator: " ")
            })
    }

    private static let terms = """
        format-version: 1.2

        [Term]
        id: DOID:1
        name: first \\"disease\\"
        synonym: "1st \\"one\\"" EXACT OMO:0003012 [MESH:x]
        synonym: "wide" BROAD []
        xref: UMLS_CUI:C1 {source="x"}
        alt_id: DOID:9
        is_a: DOID:2 ! second
        is_a: DOID:7 {source="y"} ! seventh
        is_a: DOID:8
        relationship: part_of UBERON:5 ! liver

        [Term]
        id: DOID:2
        name: second

        [Term]
        id: DOID:3
        name: gone
        is_obsolete: true

        [Typedef]
        id: part_of
        name: no term
        """

    @Test(arguments: [
        (ImportFormat.obo, "", "no [Term]"), (.obo, "head\ttail\na\tb\n", "no [Term]"),
        (.orphadata, "<html><body/></html>", "no element Disorder"),
    ])
    func aFileOfAnotherKindIsRefused(_ format: ImportFormat, _ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try draft(format, [text]) }
        #expect("\(error)".contains("found \(expected)"), "\(error)")
    }

    @Test func theRootOfTheDiseasesHasNoParentToLeaveOut() throws {
        let draft = try draft(
            .diseaseOntology,
            ["id\tlabel\tsubClassOf\nDOID:4\tdisease\t\nDOID:5\tgout\tdisease\nDOID:6\tflu\tillness\n"])
        #expect(draft.report.omitted == 1 && facts(draft) == ["DOID:5 is_a DOID:4"])
    }

    @Test func readsTermsOfAnOntology() throws {
        let draft = try draft(.obo, [Self.terms])
        let first = try #require(draft.index(id: "DOID:1"))
        #expect(
            draft.entities[Int(first)]
                == Entity(
                    id: "DOID:1", name: "first \"disease\"", type: "disease", synonyms: ["1st \"one\""],
                    crossReferences: ["UMLS:C1", "DOID:9"]))
        #expect(
            facts(draft) == ["DOID:1 is_a DOID:2", "DOID:1 is_a DOID:7", "DOID:1 part_of UBERON:5"])
        #expect(draft.index(id: "DOID:7").map { draft.entities[Int($0)].name } == "seventh")
        #expect(draft.index(id: "UBERON:5").map { draft.entities[Int($0)].type } == "anatomy")
        #expect(draft.index(id: "part_of") == nil)
    }

    @Test func reportsWhatAnOntologyLosesWithItsLine() throws {
        let report = try draft(.obo, [Self.terms]).report
        #expect(report.records == 3)
        #expect(report.count("terms that are obsolete") == 1)
        #expect(report.count("synonyms that are not exact") == 1)
        let lost = try #require(report.omissions.first { $0.reason.hasPrefix("links to terms") })
        #expect(lost.count == 1)
        #expect(lost.examples[0].hasSuffix("line 12: DOID:8"))
    }

    @Test(arguments: [
        ("[Term]\nid: X:1\nname\n", "line 3: found “name”"),
        ("[Term]\nname: x\n\n[Term]\n", "line 1: found a term without id"),
        ("[Term]\nid: X:1\nsynonym: bare EXACT []\n", "line 3, tag synonym"),
        ("[Term]\nid: X:1\nrelationship: part_of\n", "line 3, tag relationship"),
    ])
    func errorsInAnOntologyNameTheLine(_ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try draft(.obo, [text]) }
        #expect("\(error)".contains(expected), "\(error)")
    }

    private static let diseases = """
        id\tlabel\tsubClassOf
        "DOID:1"\t"one disease"\t"two"
        "DOID:2"\t"two"\t"disease"
        """
    private static let axioms = """
        ID\tLABEL\tSubClass Of [ANON]
        DOID:1\tone disease\t'has symptom' some fever|'has allergic trigger' some N,N'-diphenylthiourea|'has symptom' some 'sore throat'
        DOID:2\ttwo\t'has material basis in' some 'X-linked inheritance'|'has material basis in' some '[Haemophilus] ducreyi'|'has material basis in' some 'T cell'
        DOID:3\tthree\t'disease has location' some (kidney and ('part of' some body))
        """

    @Test func readsTheReportsOfTheDiseaseOntologyInAnyOrder() throws {
        let references =
            "id\tlabel\txref\n\"DOID:2\"\t\"two\"\t\"SNOMEDCT_US_2025_09_01:5\"\n\"DOID:2\"\t\"two\"\t\"MIM:7\"\n"
        let draft = try draft(.diseaseOntology, [Self.axioms, references, Self.diseases])
        #expect(
            facts(draft) == [
                "DOID:1 is_a DOID:2", "DOID:1 has_symptom symptom:fever", "DOID:1 has_symptom symptom:sore-throat",
                "DOID:1 allergic_trigger allergen:n-n-diphenylthiourea",
                "DOID:2 inheritance inheritance:x-linked-inheritance",
                "DOID:2 caused_by_organism organism:haemophilus-ducreyi",
            ])
        let second = try #require(draft.index(id: "DOID:2"))
        #expect(draft.entities[Int(second)].crossReferences == ["SNOMEDCT_US:5", "MIM:7"])
        #expect(draft.report.count("parents that are no disease of the file") == 1)
        #expect(draft.report.count("axioms that combine several classes") == 1)
        #expect(draft.report.count("axioms with “has material basis in” that no relation stands for") == 1)
    }

    @Test(arguments: [
        ("id\tlabel\tsubClassOf\nDOID:x\tone\ttwo\n", "line 2, column id: “DOID:x”"),
        ("id\tlabel\txref\nDOID:1\tone\tnone\n", "line 2, column xref: “none”"),
        ("id\tlabel\tparent\n", "line 1: found the columns id, label, parent"),
        ("id\tlabel\tsubClassOf\nDOID:1\t\ttwo\n", "line 2, column label"),
    ])
    func errorsInTheReportsNameLineAndColumn(_ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try draft(.diseaseOntology, [text]) }
        #expect("\(error)".contains(expected), "\(error)")
    }

    @Test func readsDrugsWithTheirClassesTargetsAndIndications() throws {
        let draft = try draft(
            .drugCentral,
            [
                "drugbank_id\tdrugbank_name\tclass_id\tclass_name\nDB1\tone\tN1\tblocker\nDB1\tone\tN9\tlost\n",
                "class_id\tclass_name\tclass_source\tclass_type\turl\nN1\tblocker\tFDA\tMechanism of Action\tu\n",
                "GeneID\tdrugbank_id\tdrugbank_name\n18\tDB1\tone\n",
                "doid_id\tdrugbank_id\tdisease\tdrug\tcategory\nDOID:1\tDB1\tpain\tone\tSYM\nDOID:1\tDB2\tpain\ttwo\tNOT\n"
                    + "DOID:1\tDB3\tpain\tthree\t\n",
            ])
        #expect(
            facts(draft) == [
                "DRUGBANK:DB1 mechanism_of_action FDA:N1", "DRUGBANK:DB1 targets NCBIGene:18",
                "DRUGBANK:DB1 palliates DOID:1", "DRUGBANK:DB3 indicated_for DOID:1",
            ])
        #expect(draft.report.count("indications that the source refutes") == 1)
        #expect(draft.report.count("classes of drugs that no table of classes describes") == 1)
    }

    @Test func namesTheGenesThatAnotherTableKnows() throws {
        var draft = try draft(.drugCentral, ["GeneID\tdrugbank_id\tdrugbank_name\n18\tDB1\tone\n"])
        let genes = try TemporaryFile(
            "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\n"
                + "9606\t18\tABAT\t-\tGABAT|NPD009\tMIM:137150|HGNC:HGNC:23\t16\t16p13.2\n10090\t19\tAbat\t-\t-\t-\t1\t-\n"
        )
        try ImportFormat.ncbiGene.read([genes.path], into: &draft)
        let graph = try GraphMerger().merge(draft).graph
        let gene = graph.entity(try #require(graph.index(id: "NCBIGene:18")))
        #expect(gene.name == "ABAT")
        #expect(gene.synonyms == ["GABAT", "NPD009"])
        #expect(gene.crossReferences == ["MIM:137150", "HGNC:23"])
        #expect(graph.triples.count == 3)
        #expect(draft.report.count("genes of other species") == 1)
    }
}
