/// The table `kg.csv` of PrimeKG, which holds every edge in both directions.
///
/// An edge is taken once, in the direction in which its relation is read; relations among entities of one type keep both.
/// The table has lost which end of a `parent-child` edge is the parent, so these become "related".
struct PrimeKGImporter {
    private static let evidence = Evidence(source: "PrimeKG", licence: "see PrimeKG and its sources")

    private static let types: [String: String] = [
        "gene/protein": "gene", "drug": "drug", "effect/phenotype": "phenotype", "disease": "disease",
        "biological_process": "biological_process", "molecular_function": "molecular_function",
        "cellular_component": "cellular_component", "exposure": "exposure", "pathway": "pathway", "anatomy": "anatomy",
    ]

    /// For each relation of the table ours and the type of its head.
    private static let relations: [String: (relation: String, head: String)] = [
        "protein_protein": ("interacts_with", "gene"), "drug_drug": ("interacts_with_drug", "drug"),
        "contraindication": ("contraindicated_in", "drug"), "indication": ("indicated_for", "drug"),
        "off-label use": ("used_off_label_for", "drug"), "drug_effect": ("has_side_effect", "drug"),
        "phenotype_protein": ("phenotype_of_gene", "phenotype"), "disease_protein": ("associated_gene", "disease"),
        "disease_phenotype_positive": ("has_phenotype", "disease"),
        "disease_phenotype_negative": ("lacks_phenotype", "disease"),
        "disease_disease": ("related_disease", "disease"), "phenotype_phenotype": ("related_phenotype", "phenotype"),
        "bioprocess_bioprocess": ("related_biological_process", "biological_process"),
        "molfunc_molfunc": ("related_molecular_function", "molecular_function"),
        "cellcomp_cellcomp": ("related_cellular_component", "cellular_component"),
        "anatomy_anatomy": ("related_anatomy", "anatomy"), "pathway_pathway": ("related_pathway", "pathway"),
        "exposure_exposure": ("related_exposure", "exposure"), "molfunc_protein": ("participates_in", "gene"),
        "cellcomp_protein": ("participates_in", "gene"), "bioprocess_protein": ("participates_in", "gene"),
        "pathway_protein": ("participates_in", "gene"), "exposure_protein": ("exposure_affects_gene", "exposure"),
        "exposure_disease": ("linked_to_exposure", "disease"),
        "exposure_bioprocess": ("exposure_affects_process", "exposure"),
        "exposure_molfunc": ("exposure_affects_process", "exposure"),
        "exposure_cellcomp": ("exposure_affects_process", "exposure"),
        "anatomy_protein_present": ("expressed_in", "gene"), "anatomy_protein_absent": ("not_expressed_in", "gene"),
    ]

    /// For `drug_protein` the displayed relation tells more.
    private static let drugRelations: [String: String] = [
        "target": "targets", "enzyme": "metabolized_by", "carrier": "carried_by", "transporter": "transported_by",
    ]

    private struct End { var index: EntityIndex, type: String }

    func read(_ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        let table = try DelimitedReader(
            path: path, format: .commas,
            columns: [
                "relation", "display_relation", "x_id", "x_type", "x_name", "x_source", "y_id", "y_type", "y_name",
                "y_source",
            ])
        while let row = try table.next() {
            draft.countRecord()
            let place = "\(path), line \(row.line)"
            let rule: (relation: String, head: String)?
            if row[0] == "drug_protein" {
                rule = Self.drugRelations[row[1]].map { ($0, "drug") }
            } else {
                rule = Self.relations[row[0]]
            }
            guard let rule else {
                draft.report.omit("edges of a relation that is not known", "\(place): \(row[0]), \(row[1])")
                continue
            }
            let x = try end(table, row, 2, into: &draft)
            let y = try end(table, row, 6, into: &draft)
            let isSymmetric = RelationCatalogue.symmetric.contains(rule.relation)
            guard x.type == rule.head || isSymmetric else {
                // The other direction of this edge has its own line.
                if y.type != rule.head {
                    draft.report.omit(
                        "edges between types that the relation does not connect",
                        "\(place): \(row[0]) from \(x.type) to \(y.type)")
                }
                continue
            }
            draft.add(x.index, draft.catalogued(rule.relation), y.index, evidence: Self.evidence)
        }
    }

    private func end(
        _ table: DelimitedReader, _ row: DelimitedReader.Row, _ column: Int, into draft: inout GraphDraft
    ) throws(KnowledgeError) -> End {
        guard let type = Self.types[row[column + 1]] else {
            throw .invalidField(
                at: table.location(row, column + 1), value: row[column + 1],
                expected: "one of \(Self.types.keys.sorted().joined(separator: ", "))")
        }
        let id = Self.id(try table.required(row, column), source: try table.required(row, column + 3))
        if let index = draft.index(id: id) { return End(index: index, type: type) }
        return End(index: draft.add(Entity(id: id, name: try table.required(row, column + 2), type: type)), type: type)
    }

    /// The number of a vocabulary in the vocabulary's own notation. A group of several diseases has a long id, which is
    /// shortened to its first number.
    static func id(_ number: String, source: String) -> String {
        func padded(_ prefix: String, _ number: Substring) -> String {
            "\(prefix):" + String(repeating: "0", count: max(0, 7 - number.count)) + number
        }
        switch source {
        case "NCBI": return "NCBIGene:\(number)"
        case "DrugBank": return "DRUGBANK:\(number)"
        case "MONDO": return padded("MONDO", number[...])
        case "MONDO_grouped": return padded("MONDO_group", number.prefix { $0 != "_" })
        case "HPO": return padded("HP", number[...])
        case "GO", "UBERON": return padded(source, number[...])
        default: return "\(source):\(number)"
        }
    }
}
