/// NCBI Gene's table `gene_info`: symbols, synonyms, cross-references, chromosomes and bands of the genes of one species.
struct NCBIGeneImporter {
    private static let evidence = Evidence(source: "NCBI Gene", licence: "NCBI public domain")
    private static let human = "9606"

    func read(_ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        let table = try DelimitedReader(path: path, format: .tabs)
        // Older files have a # at the beginning of the header, with or without a space and a name behind it.
        let species = table.header.contains("#tax_id") ? "#tax_id" : "tax_id"
        try table.select([species, "GeneID", "Symbol", "Synonyms", "dbXrefs", "chromosome", "map_location"])
        while let row = try table.next() {
            draft.countRecord()
            guard row[0] == Self.human else {
                draft.report.omit("genes of other species", "\(path), line \(row.line): \(row[2])")
                continue
            }
            let number = try table.required(row, 1)
            guard number.utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw .invalidField(at: table.location(row, 1), value: number, expected: "a number")
            }
            guard row[2] != "NEWENTRY" else {
                draft.report.omit("genes without a symbol", "\(path), line \(row.line): \(number)")
                continue
            }
            let references = list(row[4]).map { $0.hasPrefix("HGNC:HGNC:") ? String($0.dropFirst(5)) : $0 }
            let gene = draft.add(
                Entity(
                    id: "NCBIGene:\(number)", name: try table.required(row, 2), type: "gene", synonyms: list(row[3]),
                    crossReferences: references.map(CrossReference.canonical)))
            if row[5] != "-", !row[5].contains("|"), row[5] != "Un" {
                let chromosome = draft.entity(named: "chromosome \(row[5])", type: "chromosome")
                draft.add(gene, draft.catalogued("on_chromosome"), chromosome, evidence: Self.evidence)
            }
            if row[6] != "-", !row[6].contains("|") {
                let band = draft.entity(named: row[6], type: "cytoband")
                draft.add(gene, draft.catalogued("located_at"), band, evidence: Self.evidence)
            }
        }
    }

    private func list(_ field: String) -> [String] { field == "-" ? [] : field.split(separator: "|").map(String.init) }
}
