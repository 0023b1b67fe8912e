import Primitives
import Storage
import Synchronization
import Testing

@testable import Knowledge

@Suite struct GraphMergerTests {
    private static let evidence = Evidence(source: "test", licence: "CC0-1.0")

    private func draft(_ entities: [Entity], facts: [(String, String, String)] = []) -> GraphDraft {
        var draft = GraphDraft()
        for entity in entities { draft.add(entity) }
        for (head, relation, tail) in facts {
            guard let head = draft.index(id: head), let tail = draft.index(id: tail) else { continue }
            draft.add(head, draft.catalogued(relation), tail, evidence: Self.evidence)
        }
        return draft
    }

    private func disease(
        _ id: String, _ name: String, synonyms: [String] = [], references: [String] = [], specialty: String? = nil
    ) -> Entity {
        Entity(
            id: id, name: name, type: "disease", synonyms: synonyms, specialty: specialty, crossReferences: references)
    }

    // MARK: Entities

    @Test func mergesByNameSynonymAndReferenceAcrossVocabularies() throws {
        let outcome = try GraphMerger().merge(
            draft([
                disease("ORDO:1", "Steinert disease", synonyms: ["DM I"], references: ["MIM:160900"]),
                disease("DOID:1", "myotonic dystrophy type 1", synonyms: ["DM1 disease", "Steinert's Disease"]),
                disease("disease:myotonic-dystrophy", "Myotonic Dystrophy, Type I"),
                disease("MESH:5", "dystrophia myotonica", references: ["MIM:160900"]),
            ]))
        #expect(outcome.graph.entities.count == 1)
        let entity = outcome.graph.entity(0)
        #expect(entity.id == "DOID:1")
        #expect(entity.name == "myotonic dystrophy type 1")
        #expect(Set(entity.crossReferences) == ["ORDO:1", "MESH:5", "MIM:160900"])
        #expect(entity.synonyms.contains("dystrophia myotonica"))
        #expect(outcome.mergedEntities == 3)
    }

    @Test(arguments: [
        ("Charcot-Marie-Tooth disease type 2A", "Charcot-Marie-Tooth disease type 2B"),
        ("hemophilia A", "hemophilia B"), ("spastic paraplegia", "spastic paraplegia 4"),
        ("mucopolysaccharidosis type II", "mucopolysaccharidosis type III"), ("thalassemia alpha", "β-thalassemia"),
    ])
    func numbersAndLettersKeepApartWhatAReferenceWouldMerge(_ left: String, _ right: String) throws {
        let outcome = try GraphMerger().merge(
            draft([disease("A:1", left, references: ["UMLS:C1"]), disease("B:1", right, references: ["UMLS:C1"])]))
        #expect(outcome.graph.entities.count == 2)
        let conflict = try #require(outcome.conflicts.first)
        #expect(conflict.kind == .designator)
        #expect(conflict.subject == "the cross-reference UMLS:C1")
    }

    @Test func aThirdNameDoesNotBridgeWhatIsKeptApart() throws {
        let outcome = try GraphMerger().merge(
            draft([
                disease("A:1", "neuropathy 2A", synonyms: ["Roussy disease"]),
                disease("B:1", "neuropathy 2B", synonyms: ["Roussy disease"]), disease("C:1", "Roussy disease"),
            ]))
        #expect(outcome.graph.entities.count == 2)
        #expect(outcome.conflicts.contains { $0.kind == .designator })
    }

    @Test func aVocabularyTellsItsOwnThingsApart() throws {
        let outcome = try GraphMerger().merge(
            draft([disease("DOID:1", "alpha disease", synonyms: ["x"]), disease("DOID:2", "beta", synonyms: ["x"])]))
        #expect(outcome.graph.entities.count == 2)
        #expect(outcome.conflicts.contains { $0.kind == .vocabulary })
        // The synonym would be ambiguous, so neither keeps it.
        #expect(outcome.graph.entities.flatMap(\.synonyms) == [])
    }

    @Test func classificationCodesDoNotMerge() throws {
        let outcome = try GraphMerger().merge(
            draft([
                disease("A:1", "scurvy", references: ["ICD10:E5"]),
                disease("B:1", "beriberi", references: ["ICD10:E5"]),
            ]))
        #expect(outcome.graph.entities.count == 2)
    }

    @Test func thingsOfOneNameAndSeveralTypesGetTheirTypeInParentheses() throws {
        let outcome = try GraphMerger().merge(
            draft([
                disease("DOID:1", "fever"), Entity(id: "symptom:fever", name: "Fever", type: "symptom"),
                Entity(id: "NCBIGene:1", name: "MET", type: "gene"), Entity(id: "drug:met", name: "Met", type: "drug"),
            ]))
        #expect(outcome.graph.entities.map(\.name).sorted() == ["Fever (symptom)", "MET", "Met (drug)", "fever"])
        #expect(outcome.conflicts.count { $0.kind == .name } == 2)
    }

    @Test func differingSpecialtiesAreTold() throws {
        let outcome = try GraphMerger().merge(
            draft([disease("DOID:1", "gout", specialty: "A"), disease("B:1", "Gout", specialty: "B")]))
        #expect(outcome.graph.entity(0).specialty == "A")
        #expect(outcome.conflicts.map(\.kind) == [.specialty])
    }

    // MARK: Facts

    @Test func aFactStatedTwiceKeepsBothStatements() throws {
        var draft = draft([disease("DOID:1", "a"), disease("DOID:2", "b")], facts: [("DOID:1", "is_a", "DOID:2")])
        let other = Evidence(source: "other", licence: "CC0-1.0", document: "PMID:1", span: 3..<9)
        for evidence in [other, other] { draft.add(0, 0, 1, evidence: evidence) }
        let outcome = try GraphMerger().merge(draft)
        #expect(outcome.graph.triples.count == 1)
        #expect(outcome.graph.triples[0].evidence == [other, Self.evidence])
        #expect(outcome.repeatedFacts == 1)
    }

    @Test func ofTwoValuesOfAFunctionalRelationTheBetterAttestedStays() throws {
        let gene = Entity(id: "NCBIGene:1", name: "G", type: "gene")
        let bands = ["1p1", "2q2"].map { Entity(id: "cytoband:\($0)", name: $0, type: "cytoband") }
        var draft = draft(
            [gene] + bands,
            facts: [("NCBIGene:1", "located_at", "cytoband:1p1"), ("NCBIGene:1", "located_at", "cytoband:2q2")])
        draft.add(0, 0, 2, evidence: Evidence(source: "second", licence: "CC0-1.0"))
        let outcome = try GraphMerger().merge(draft)
        #expect(outcome.graph.triples.map { outcome.graph.entity($0.tail).name } == ["2q2"])
        let conflict = try #require(outcome.conflicts.first)
        #expect(conflict.kind == .functional)
        #expect(conflict.leftOut.map(\.text) == ["NCBIGene:1 (G) located_at cytoband:1p1 (1p1)"])
        #expect(conflict.leftOut[0].evidence == [Self.evidence])
    }

    @Test func cyclesAreOpenedAndTold() throws {
        let outcome = try GraphMerger().merge(
            draft(
                [disease("DOID:1", "a"), disease("DOID:2", "b"), disease("DOID:3", "c")],
                facts: [("DOID:1", "is_a", "DOID:2"), ("DOID:2", "is_a", "DOID:3"), ("DOID:3", "is_a", "DOID:1")]))
        #expect(outcome.graph.triples.count == 2)
        let conflict = try #require(outcome.conflicts.first)
        #expect(conflict.kind == .cycle)
        #expect(conflict.kept.count == 2)
        #expect(conflict.leftOut.map(\.text) == ["DOID:3 (c) is_a DOID:1 (a)"])
    }

    @Test func factsThatContradictTheSchemaAreTold() throws {
        let outcome = try GraphMerger().merge(
            draft(
                [disease("DOID:1", "a"), Entity(id: "DRUGBANK:DB1", name: "d", type: "drug")],
                facts: [("DOID:1", "targets", "DRUGBANK:DB1"), ("DOID:1", "has_feature", "DOID:1")]))
        #expect(outcome.graph.triples.isEmpty)
        #expect(Set(outcome.conflicts.map(\.kind)) == [.type, .selfReference])
    }

    // MARK: Properties

    /// Small random universes in which names, synonyms, references and vocabularies collide often.
    private func randomEntities(_ seed: Int) -> [Entity] {
        var random = CounterRandom(seed: UInt64(seed), stage: .worlds)
        let names = [
            "ataxia", "Ataxia 1", "ataxia type I", "ataxia 2", "ataxia 2A", "gout", "Gout's", "lupus", "sprue",
        ]
        return (0..<(4 + random.integer(below: 10))).map { number in
            let vocabulary = random.pick(["DOID", "ORDO", "MESH", "disease"])
            return disease(
                "\(vocabulary):\(number)", random.pick(names),
                synonyms: (0..<random.integer(below: 3)).map { _ in random.pick(names + ["x", "y"]) },
                references: (0..<random.integer(below: 2)).map { _ in "MIM:\(random.integer(below: 3))" })
        }
    }

    private func clusters(_ entities: [Entity]) -> Set<Set<String>> {
        let clusters = EntityClusters(entities, settings: GraphMerger.Settings())
        return Set(clusters.groups.map { Set($0.map { entities[$0].id }) })
    }

    @Test(arguments: 0..<60) func clustersDoNotDependOnTheOrderOfEntities(_ seed: Int) {
        var entities = randomEntities(seed)
        let expected = clusters(entities)
        var random = CounterRandom(seed: UInt64(seed), stage: .worlds, step: 1)
        for _ in 0..<3 {
            random.shuffle(&entities)
            #expect(clusters(entities) == expected)
        }
    }

    /// Brute force over pairs: what shares a key must be in one cluster unless a guard forbids it, and nothing else may be.
    @Test(arguments: 0..<60) func clustersAreWhatKeysAndGuardsAllow(_ seed: Int) {
        let entities = randomEntities(seed)
        func keys(_ entity: Entity) -> Set<String> {
            Set(([entity.name] + entity.synonyms).map { "name " + NameKey.key($0) } + entity.crossReferences)
        }
        func areLinked(_ a: Entity, _ b: Entity) -> Bool { !keys(a).isDisjoint(with: keys(b)) }
        func mayJoin(_ a: Entity, _ b: Entity) -> Bool {
            if let vocabulary = a.vocabulary, vocabulary == b.vocabulary { return false }
            let (left, right) = (NameKey.designators(a.name), NameKey.designators(b.name))
            if left == right { return true }
            func base(_ name: String) -> String {
                name.lowercased().replacing("'s", with: "").split(separator: " ").first.map(String.init) ?? ""
            }
            return (left.isEmpty || right.isEmpty) && base(a.name) != base(b.name)
        }
        let groups = EntityClusters(entities, settings: GraphMerger.Settings()).groups
        for (number, group) in groups.enumerated() {
            let members = group.map { entities[$0] }
            for a in members { for b in members where a.id < b.id { #expect(mayJoin(a, b), "\(a.id) \(b.id)") } }
            var reached: Set = [members[0].id]
            for _ in members {
                for a in members where reached.contains(a.id) {
                    for b in members where areLinked(a, b) { reached.insert(b.id) }
                }
            }
            #expect(reached.count == members.count)
            for other in groups[(number + 1)...] {
                let others = other.map { entities[$0] }
                guard members.contains(where: { a in others.contains { areLinked(a, $0) } }) else { continue }
                #expect(members.contains { a in others.contains { !mayJoin(a, $0) } }, "\(members) \(others)")
            }
        }
    }

    @Test(arguments: 0..<20) func theGraphDoesNotDependOnTheOrderOfTheDraft(_ seed: Int) throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .worlds, step: 2)
        var entities = randomEntities(seed)
        var facts = (0..<20).map { _ in (random.pick(entities).id, "is_a", random.pick(entities).id) }
        let expected = try GraphMerger().merge(draft(entities, facts: facts))
        random.shuffle(&entities)
        random.shuffle(&facts)
        let outcome = try GraphMerger().merge(draft(entities, facts: facts))
        #expect(outcome.graph.digest == expected.graph.digest)
        #expect(outcome.conflicts == expected.conflicts)
    }

    @Test func recordsAreReportedNowAndThen() {
        let seen = Mutex<[Int]>([])
        var draft = GraphDraft()
        draft.progress = { count in seen.withLock { $0.append(count) } }
        for _ in 0..<120_000 { draft.countRecord() }
        #expect(seen.withLock { $0 } == [50_000, 100_000])
        #expect(draft.report.records == 120_000)
    }

    @Test func anEmptyGraphReplacesNothing() throws {
        let file = try TemporaryFile("what is there", name: "x.graph")
        var draft = GraphDraft()
        draft.report.omit("terms that are obsolete", "line 1")
        let outcome = try GraphMerger().merge(draft)
        let error = try #require(throws: KnowledgeError.self) {
            try outcome.write(to: file.path, report: draft.report)
        }
        #expect("\(error)".contains("terms that are obsolete") && "\(error)".contains(file.path), "\(error)")
        #expect(file.text == "what is there")
    }

    @Test func writesGraphConflictsAndReport() throws {
        let folder = try TemporaryFile("", name: "x")
        let path = folder.path + ".graph"
        var draft = draft(
            [disease("DOID:1", "a"), disease("DOID:2", "A")], facts: [("DOID:1", "has_feature", "DOID:1")])
        draft.report.omit("test", "line 1")
        let outcome = try GraphMerger().merge(draft)
        try outcome.write(to: path, report: draft.report)
        let (conflicts, report) = GraphMerger.Outcome.companions(of: path)
        defer { for file in [path, conflicts, report] { try? FileStore.remove(file) } }
        #expect(try KnowledgeGraph.load(path: path).digest == outcome.graph.digest)
        #expect(try JSONLines.read(conflicts) == outcome.conflicts.map(\.json))
        let json = try JSONValue.parse(FileStore.read(report))
        #expect(json["left_out"]?.arrayValue?.first?["count"] == 1)
        #expect(json["graph"]?.stringValue == outcome.graph.digest)
    }
}
