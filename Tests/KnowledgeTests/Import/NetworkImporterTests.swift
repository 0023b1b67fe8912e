import Testing

@testable import Knowledge

@Suite struct NetworkImporterTests {
    private func draft(_ format: ImportFormat, _ text: String, name: String) throws -> GraphDraft {
        let file = try TemporaryFile(text, name: name)
        var draft = GraphDraft()
        try format.read([file.path], into: &draft)
        return draft
    }

    private func facts(_ draft: GraphDraft) -> [String] {
        draft.facts.map { fact in
            [
                draft.entities[Int(fact.head)].id, draft.relations[Int(fact.relation)].name,
                draft.entities[Int(fact.tail)].id,
            ].joined(separator: " ")
        }
    }

    // MARK: Orphadata

    private static let nomenclature = """
        <?xml version="1.0" encoding="UTF-8"?>
        <JDBOR date="2026"><DisorderList count="2"><Disorder id="2"><OrphaCode>58</OrphaCode>
          <ExpertLink lang="en">http://x?a=1&amp;b=2</ExpertLink><Name lang="en">Alexander disease</Name>
          <SynonymList count="1"><Synonym lang="en">AxD</Synonym></SynonymList>
          <ExternalReferenceList count="3">
            <ExternalReference id="3"><Source>OMIM</Source><Reference>203450</Reference>
              <DisorderMappingRelation id="1"><Name lang="en">E (Exact mapping: equivalent)</Name></DisorderMappingRelation>
            </ExternalReference>
            <ExternalReference id="4"><Source>ICD-10</Source><Reference>E75.2</Reference>
              <DisorderMappingRelation id="2"><Name lang="en">NTBT (narrower)</Name></DisorderMappingRelation>
            </ExternalReference>
          </ExternalReferenceList></Disorder>
        <Disorder id="5"><OrphaCode>59</OrphaCode><Name lang="en">OBSOLETE: x</Name></Disorder>
        </DisorderList></JDBOR>
        """

    @Test func readsNamesAndExactReferencesOfDisorders() throws {
        let draft = try draft(.orphadata, Self.nomenclature, name: "en_product1.xml")
        #expect(
            draft.entities == [
                Entity(
                    id: "ORDO:58", name: "Alexander disease", type: "disease", synonyms: ["AxD"],
                    crossReferences: ["MIM:203450"])
            ])
        #expect(draft.report.count("disorders that are obsolete") == 1)
        #expect(draft.report.count("cross-references that are broader or narrower") == 1)
    }

    @Test func readsPhenotypesOfDisorders() throws {
        func association(_ id: String, _ name: String, _ frequency: String) -> String {
            "<HPODisorderAssociation><HPO id='1'><HPOId>\(id)</HPOId><HPOTerm>\(name)</HPOTerm></HPO>"
                + "<HPOFrequency><Name lang='en'>\(frequency)</Name></HPOFrequency></HPODisorderAssociation>"
        }
        let text =
            "<JDBOR><HPODisorderSetStatusList><HPODisorderSetStatus><Disorder id='2'><OrphaCode>58</OrphaCode>"
            + "<Name>Alexander disease</Name><HPODisorderAssociationList>"
            + association("HP:0000256", "Macrocephaly", "Very frequent (99-80%)")
            + association("HP:0001250", "Seizure", "Excluded (0%)")
            + "</HPODisorderAssociationList></Disorder></HPODisorderSetStatus></HPODisorderSetStatusList></JDBOR>"
        let draft = try draft(.orphadata, text, name: "en_product4.xml")
        #expect(facts(draft) == ["ORDO:58 has_phenotype HP:0000256", "ORDO:58 lacks_phenotype HP:0001250"])
    }

    @Test func readsGenesOfDisordersWithTheirArticles() throws {
        func association(_ symbol: String, _ kind: String, _ status: String) -> String {
            """
            <DisorderGeneAssociation><SourceOfValidation>22587682[PMID]_1[PMID]</SourceOfValidation>
            <Gene id="1"><Name lang="en">name of \(symbol)</Name><Symbol>\(symbol)</Symbol>
            <ExternalReferenceList><ExternalReference><Source>HGNC</Source><Reference>\(symbol.utf8.count)</Reference>
            </ExternalReference></ExternalReferenceList>
            <LocusList><Locus><GeneLocus>15q26.1</GeneLocus></Locus></LocusList></Gene>
            <DisorderGeneAssociationType><Name>\(kind)</Name></DisorderGeneAssociationType>
            <DisorderGeneAssociationStatus><Name>\(status)</Name></DisorderGeneAssociationStatus></DisorderGeneAssociation>
            """
        }
        let text =
            "<JDBOR><DisorderList><Disorder><OrphaCode>1</OrphaCode><Name>x</Name><DisorderGeneAssociationList>"
            + association("KIF7", "Disease-causing germline mutation(s) (loss of function) in", "Assessed")
            + association("AB", "Candidate gene tested in", "Assessed")
            + association("ABC", "Major susceptibility factor in", "Not yet assessed")
            + "</DisorderGeneAssociationList></Disorder></DisorderList></JDBOR>"
        let draft = try draft(.orphadata, text, name: "en_product6.xml")
        #expect(facts(draft) == ["ORDO:1 caused_by_variant_in HGNC:4", "HGNC:4 located_at cytoband:15q26-1"])
        #expect(draft.evidence(of: draft.facts[0]).document == "PMID:22587682")
        #expect(draft.report.count("links to genes that are no findings: Candidate gene tested in") == 1)
        #expect(draft.report.count("links to genes that are not assessed") == 1)
    }

    @Test(arguments: [
        ("<J>\n<Disorder><Name>x</Name></Disorder></J>", "line 2: found a Disorder without OrphaCode"),
        ("<J>\n\n<Disorder><OrphaCode>x1</OrphaCode></Disorder></J>", "line 3, element OrphaCode: found “x1”"),
        ("<J><Disorder><OrphaCode>1</OrphaCode></Disorder></J>", "ORPHA:1: found no Name"),
        ("<J><Disorder><OrphaCode>1</OrphaCode>", "line 1: found the end of the file, expected </Disorder>"),
    ])
    func errorsInOrphadataNameLineAndElement(_ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try draft(.orphadata, text, name: "p.xml") }
        #expect("\(error)".contains(expected), "\(error)")
    }

    // MARK: Hetionet

    private static let hetionet = """
        {"metanode_kinds": ["Gene", "Disease"], "kind_to_abbrev": {"a]": "\\"{"},
         "nodes": [
          {"kind": "Gene", "identifier": 9021, "name": "SOCS3", "data": {"source": "Entrez Gene"}},
          {"kind": "Disease", "identifier": "DOID:14330", "name": "Parkinson's disease", "data": {}},
          {"kind": "Compound", "identifier": "DB00014", "name": "Goserelin", "data": {}},
          {"kind": "Pharmacologic Class", "identifier": "N0000175654", "name": "Agonists", "data": {}},
          {"kind": "Planet", "identifier": 1, "name": "Mars", "data": {}}],
         "edges": [
          {"source_id": ["Disease", "DOID:14330"], "target_id": ["Gene", 9021], "kind": "upregulates", "direction": "both",
           "data": {"source": "STARGEO", "license": "CC0 1.0"}},
          {"source_id": ["Pharmacologic Class", "N0000175654"], "target_id": ["Compound", "DB00014"], "kind": "includes",
           "direction": "both", "data": {"sources": ["FDA via DrugCentral"]}},
          {"source_id": ["Gene", 9021], "target_id": ["Gene", 1], "kind": "regulates", "direction": "forward", "data": {}},
          {"source_id": ["Gene", 9021], "target_id": ["Disease", "DOID:14330"], "kind": "likes", "direction": "both"}]}
        """

    @Test func readsNodesAndEdgesOfHetionet() throws {
        let draft = try draft(.hetionet, Self.hetionet, name: "hetionet.json")
        #expect(draft.entities.map(\.id) == ["NCBIGene:9021", "DOID:14330", "DRUGBANK:DB00014", "NDF-RT:N0000175654"])
        #expect(
            facts(draft) == [
                "NCBIGene:9021 gene_upregulated_in_disease DOID:14330",
                "DRUGBANK:DB00014 pharmacologic_class NDF-RT:N0000175654",
            ])
        #expect(
            draft.evidence(of: draft.facts[0]) == Evidence(source: "Hetionet 1.0: STARGEO", licence: "CC0 1.0"))
        #expect(draft.report.count("nodes of a kind that is not known") == 1)
        #expect(draft.report.count("edges of a node that the file does not hold") == 1)
        #expect(draft.report.count("edges of a kind that is not known") == 1)
    }

    @Test(arguments: [
        (
            "{\"nodes\": [\n{\"kind\": \"Gene\", \"identifier\": 1}], \"edges\": []}",
            "line 2, nodes[0]: found JSON member `name`"
        ),
        ("{\"nodes\": [], \"edges\": [{\"source_id\": 1}]}", "edges[0]: found JSON member `source_id`"),
        ("{\"nodes\": []}", "found no member “edges”"),
        ("{\"nodes\": [\n{\"kind\"", "line 2: found the end of the file"),
        ("[1]", "line 1: found “[”"), ("{\"nodes\": {}, \"edges\": []}", "found no array for “nodes”"),
        ("{\"nodes\": [{\"a\" 1}], \"edges\": []}", "nodes[0]: found invalid JSON"),
    ])
    func errorsInHetionetNameLineAndMember(_ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try draft(.hetionet, text, name: "h.json") }
        #expect("\(error)".contains(expected), "\(error)")
    }

    // MARK: PrimeKG

    private static let header =
        "relation,display_relation,x_index,x_id,x_type,x_name,x_source,y_index,y_id,y_type,y_name,y_source\n"

    @Test func takesEveryEdgeOfPrimeKGOnce() throws {
        let text =
            Self.header + """
                protein_protein,ppi,0,9796,gene/protein,PHYHIP,NCBI,1,56992,gene/protein,KIF15,NCBI
                protein_protein,ppi,1,56992,gene/protein,KIF15,NCBI,0,9796,gene/protein,PHYHIP,NCBI
                drug_protein,target,2,DB00014,drug,"Goserelin, x",DrugBank,0,9796,gene/protein,PHYHIP,NCBI
                drug_protein,target,0,9796,gene/protein,PHYHIP,NCBI,2,DB00014,drug,"Goserelin, x",DrugBank
                disease_disease,parent-child,3,13924_12592,disease,osteogenesis imperfecta,MONDO_grouped,4,5015,disease,d,MONDO
                drug_protein,dance,2,DB00014,drug,"Goserelin, x",DrugBank,0,9796,gene/protein,PHYHIP,NCBI

                """
        let draft = try draft(.primeKG, text, name: "kg.csv")
        #expect(
            facts(draft) == [
                "NCBIGene:9796 interacts_with NCBIGene:56992", "NCBIGene:56992 interacts_with NCBIGene:9796",
                "DRUGBANK:DB00014 targets NCBIGene:9796", "MONDO_group:0013924 related_disease MONDO:0005015",
            ])
        #expect(draft.report.count("edges of a relation that is not known") == 1)
        // Relations among entities of one type hold in both directions, whichever the file has.
        let graph = try GraphMerger().merge(draft).graph
        #expect(graph.triples.count == 5)
    }

    @Test func errorsInPrimeKGNameLineAndColumn() throws {
        let text = Self.header + "protein_protein,ppi,0,1,star,A,NCBI,1,2,gene/protein,B,NCBI\n"
        let error = try #require(throws: KnowledgeError.self) { try draft(.primeKG, text, name: "kg.csv") }
        #expect("\(error)".contains("line 2, column x_type: “star”"), "\(error)")
    }
}
