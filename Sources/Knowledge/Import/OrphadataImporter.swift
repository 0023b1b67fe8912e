/// The XML products of Orphadata: 1 (nomenclature and cross-references), 4 (phenotypes) and 6 (genes), told apart by
/// what their disorders hold.
struct OrphadataImporter {
    private static let licence = "CC-BY-4.0 (Orphadata)"

    /// The relation for each kind of link between a disorder and a gene; the others are tests, not findings.
    private static let geneRelations: [(prefix: String, relation: String)] = [
        ("Disease-causing germline mutation(s)", "caused_by_variant_in"),
        ("Disease-causing somatic mutation(s)", "caused_by_variant_in"),
        ("Major susceptibility factor", "susceptibility_factor"), ("Part of a fusion gene", "has_fusion_gene"),
        ("Role in the phenotype", "associated_gene"), ("Modifying germline mutation", "modified_by_variant_in"),
    ]

    func read(_ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        let reader = try XMLReader(path: path)
        let before = draft.report.records
        while let event = try reader.next() {
            guard event == .start("Disorder") else { continue }
            try read(try XMLElement(reader), path, into: &draft)
        }
        guard draft.report.records > before else {
            throw .malformedInput(
                place: path, found: "no element Disorder", expected: "one of Orphadata's XML products 1, 4 and 6")
        }
    }

    private func read(_ disorder: XMLElement, _ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        draft.countRecord()
        let place = "\(path), line \(disorder.line)"
        guard let code = disorder.text(at: "OrphaCode") ?? disorder.text(at: "OrphaNumber") else {
            throw .malformedInput(place: place, found: "a Disorder without OrphaCode", expected: "its number")
        }
        guard code.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw .malformedInput(place: "\(place), element OrphaCode", found: "“\(code)”", expected: "a number")
        }
        guard let name = disorder.text(at: "Name") else {
            throw .malformedInput(place: "\(place), ORPHA:\(code)", found: "no Name", expected: "the disorder's name")
        }
        guard !name.uppercased().hasPrefix("OBSOLETE") else {
            return draft.report.omit("disorders that are obsolete", "\(place): ORPHA:\(code) (\(name))")
        }
        let synonyms = disorder.list("SynonymList", of: "Synonym").compactMap { $0.text() }
        let references = disorder.list("ExternalReferenceList", of: "ExternalReference").compactMap { reference in
            self.reference(reference, path, &draft)
        }
        let head = draft.add(
            Entity(id: "ORDO:\(code)", name: name, type: "disease", synonyms: synonyms, crossReferences: references))
        for association in disorder.list("HPODisorderAssociationList", of: "HPODisorderAssociation") {
            try readPhenotype(association, of: head, path, into: &draft)
        }
        for association in disorder.list("DisorderGeneAssociationList", of: "DisorderGeneAssociation") {
            try readGene(association, of: head, path, into: &draft)
        }
    }

    /// A cross-reference, where source and number are given and the mapping is exact or not qualified.
    private func reference(_ element: XMLElement, _ path: String, _ draft: inout GraphDraft) -> String? {
        guard let source = element.text(at: "Source"), let number = element.text(at: "Reference") else { return nil }
        let mapping = element.text(at: "DisorderMappingRelation", "Name")
        let reference = CrossReference.canonical(vocabulary: source, number: number)
        guard mapping.map({ $0.hasPrefix("E (") || $0 == "E" || $0.hasPrefix("Exact") }) ?? true else {
            draft.report.omit(
                "cross-references that are broader or narrower", "\(path), line \(element.line): \(reference)")
            return nil
        }
        return reference
    }

    private func readPhenotype(
        _ association: XMLElement, of head: EntityIndex, _ path: String, into draft: inout GraphDraft
    ) throws(KnowledgeError) {
        draft.countRecord()
        guard let id = association.text(at: "HPO", "HPOId"), id.hasPrefix("HP:"),
            let term = association.text(at: "HPO", "HPOTerm")
        else {
            throw .malformedInput(
                place: "\(path), line \(association.line), element HPO",
                found: "“\(association.text(at: "HPO", "HPOId") ?? "")”",
                expected: "an HPOId such as HP:0001250 and an HPOTerm")
        }
        let tail = draft.add(Entity(id: id, name: term, type: "phenotype"))
        let isExcluded = association.text(at: "HPOFrequency", "Name")?.hasPrefix("Excluded") ?? false
        draft.add(
            head, draft.catalogued(isExcluded ? "lacks_phenotype" : "has_phenotype"), tail,
            evidence: Evidence(
                source: "Orphadata phenotypes", licence: Self.licence + ", HPO terms under the HPO licence"))
    }

    private func readGene(
        _ association: XMLElement, of head: EntityIndex, _ path: String, into draft: inout GraphDraft
    ) throws(KnowledgeError) {
        draft.countRecord()
        let place = "\(path), line \(association.line)"
        guard let element = association["Gene"], let symbol = element.text(at: "Symbol") else {
            throw .malformedInput(
                place: "\(place), element Gene", found: "no Symbol", expected: "the symbol of the gene")
        }
        let kind = association.text(at: "DisorderGeneAssociationType", "Name") ?? ""
        guard let relation = Self.geneRelations.first(where: { kind.hasPrefix($0.prefix) })?.relation else {
            return draft.report.omit("links to genes that are no findings: \(kind)", "\(place): \(symbol)")
        }
        let status = association.text(at: "DisorderGeneAssociationStatus", "Name") ?? "Assessed"
        guard status == "Assessed" else {
            return draft.report.omit("links to genes that are not assessed", "\(place): \(symbol), \(status)")
        }
        let evidence = Evidence(
            source: "Orphadata genes", licence: Self.licence,
            document: association.text(at: "SourceOfValidation").flatMap(article))
        let gene = self.gene(element, symbol, &draft)
        draft.add(head, draft.catalogued(relation), gene, evidence: evidence)
        for locus in element.list("LocusList", of: "Locus") {
            guard let band = locus.text(at: "GeneLocus") else { continue }
            draft.add(
                gene, draft.catalogued("located_at"), draft.entity(named: band, type: "cytoband"),
                evidence: Evidence(source: "Orphadata genes", licence: Self.licence))
        }
    }

    private func gene(_ element: XMLElement, _ symbol: String, _ draft: inout GraphDraft) -> EntityIndex {
        let references = element.list("ExternalReferenceList", of: "ExternalReference").compactMap { reference in
            self.reference(reference, "", &draft)
        }
        let synonyms = [element.text(at: "Name")] + element.list("SynonymList", of: "Synonym").map { $0.text() }
        let id = references.first { $0.hasPrefix("HGNC:") } ?? "gene:\(NameKey.slug(symbol))"
        return draft.add(
            Entity(
                id: id, name: symbol, type: "gene", synonyms: synonyms.compactMap { $0 },
                crossReferences: references.filter { $0 != id }))
    }

    /// The first article of `27018472[PMID]_27018475[PMID]`.
    private func article(_ validation: String) -> String? {
        let number = validation.prefix { $0.isNumber }
        return number.isEmpty || !validation.dropFirst(number.count).hasPrefix("[PMID]") ? nil : "PMID:\(number)"
    }
}
