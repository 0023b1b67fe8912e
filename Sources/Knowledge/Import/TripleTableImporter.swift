/// A table of facts with the columns `head`, `head_type`, `relation`, `tail`, `tail_type` and, where they are there,
/// `source`, `licence`, `head_id`, `tail_id`, and `specialty` (of a head that is a disease).
///
/// A relation that the catalogue does not have connects whatever types the table connects with it.
struct TripleTableImporter {
    /// What facts without a source are attributed to.
    var source: String?
    /// The terms of facts without a licence whose source is not known here.
    var licence: String?

    /// The licences of the sources that the open medical tables of this project name.
    private static let knownLicences: [String: String] = [
        "DO": "CC0-1.0", "DO-axiom": "CC0-1.0", "DO-def+Entrez": "CC0-1.0 + NCBI public domain",
        "Entrez": "NCBI public domain", "DrugCentral": "CC-BY-4.0 (DrugCentral)",
        "DrugCentral/FDA": "CC-BY-4.0 (DrugCentral)",
    ]

    func read(_ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        let table = try DelimitedReader(
            path: path, format: .tabs, columns: ["head", "head_type", "relation", "tail", "tail_type"],
            optional: ["source", "licence", "head_id", "tail_id", "specialty"])
        while let row = try table.next() {
            draft.countRecord()
            let (headType, relation, tailType) = (
                try table.required(row, 1), try table.required(row, 2), try table.required(row, 4)
            )
            let head = try entity(table, row, name: 0, id: 7, type: headType, into: &draft)
            let tail = try entity(table, row, name: 3, id: 8, type: tailType, into: &draft)
            guard !relation.contains(where: { $0 == " " || $0 == "^" }) else {
                throw .invalidField(
                    at: table.location(row, 2), value: relation, expected: "a relation's name without spaces and ^")
            }
            if headType == "disease", !row[9].isEmpty { draft.setSpecialty(row[9], of: head) }
            let index =
                draft.catalogue.relation(relation) == nil
                ? draft.relation(relation, from: headType, to: tailType) : draft.catalogued(relation)
            let source = row[5].isEmpty ? source ?? path : row[5]
            let licence = row[6].isEmpty ? Self.knownLicences[source] ?? licence ?? "not stated" : row[6]
            draft.add(head, index, tail, evidence: Evidence(source: source, licence: licence))
        }
    }

    private func entity(
        _ table: DelimitedReader, _ row: DelimitedReader.Row, name: Int, id: Int, type: String,
        into draft: inout GraphDraft
    ) throws(KnowledgeError) -> EntityIndex {
        let name = try table.required(row, name)
        return row[id].isEmpty
            ? draft.entity(named: name, type: type)
            : draft.add(Entity(id: CrossReference.canonical(row[id]), name: name, type: type))
    }
}
