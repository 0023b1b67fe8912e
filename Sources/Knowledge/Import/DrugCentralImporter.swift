/// Tables derived from DrugCentral: `targets.tsv`, `indications.tsv`, `drug-to-class.tsv` with `classes.tsv`, in any
/// order.
///
/// Of the indications, `DM` (disease-modifying) and unclassified ones become `indicated_for`, `SYM` (symptomatic)
/// `palliates`; `NOT` is left out. Genes are known by number only: import a table of genes with them to name them.
struct DrugCentralImporter {
    private static let evidence = Evidence(source: "DrugCentral", licence: "CC-BY-4.0 (DrugCentral)")

    /// The relation and the type of the class for each kind of class.
    private static let classKinds: [String: (relation: String, type: String)] = [
        "FDA Established Pharmacologic Class": ("pharmacologic_class", "drug_class"),
        "Mechanism of Action": ("mechanism_of_action", "mechanism"),
        "Physiologic Effect": ("physiologic_effect", "physiologic_effect"),
        "Chemical/Ingredient": ("chemical_class", "chemical_class"),
        "Pharmacological Action": ("pharmacological_action", "pharmacological_action"),
        "Application": ("application", "application"),
    ]

    private struct DrugClass { var relation: String, type: String, id: String, name: String }

    private enum Kind: Int { case classes, drugClasses, targets, indications }

    func read(_ paths: [String], into draft: inout GraphDraft) throws(KnowledgeError) {
        var tables: [(kind: Kind, table: DelimitedReader)] = []
        for path in paths {
            let table = try DelimitedReader(path: path, format: .tabs)
            if table.header.contains("GeneID") {
                try table.select(["GeneID", "drugbank_id", "drugbank_name"])
                tables.append((.targets, table))
            } else if table.header.contains("doid_id") {
                try table.select(["doid_id", "drugbank_id", "disease", "drug", "category"])
                tables.append((.indications, table))
            } else if table.header.contains("class_type") {
                try table.select(["class_id", "class_name", "class_source", "class_type"])
                tables.append((.classes, table))
            } else if table.header.contains("class_id") {
                try table.select(["drugbank_id", "drugbank_name", "class_id", "class_name"])
                tables.append((.drugClasses, table))
            } else {
                throw .malformedInput(
                    place: "\(path), line 1", found: table.headerText,
                    expected: "a column GeneID, doid_id, class_type or class_id")
            }
        }
        var classes: [String: DrugClass] = [:]
        for (kind, table) in tables.sorted(by: { $0.kind.rawValue < $1.kind.rawValue }) {
            switch kind {
            case .classes: try readClasses(table, &classes, &draft)
            case .drugClasses: try readDrugClasses(table, classes, &draft)
            case .targets: try readTargets(table, &draft)
            case .indications: try readIndications(table, &draft)
            }
        }
    }

    private func drug(
        _ table: DelimitedReader, _ row: DelimitedReader.Row, id: Int, name: Int, _ draft: inout GraphDraft
    ) throws(KnowledgeError) -> EntityIndex {
        let (number, name) = (try table.required(row, id), try table.required(row, name))
        guard number.hasPrefix("DB"), number.utf8.dropFirst(2).allSatisfy({ (48...57).contains($0) }) else {
            throw .invalidField(at: table.location(row, id), value: number, expected: "DB and a number")
        }
        return draft.add(Entity(id: "DRUGBANK:\(number)", name: name, type: "drug"))
    }

    private func readClasses(
        _ table: DelimitedReader, _ classes: inout [String: DrugClass], _ draft: inout GraphDraft
    ) throws(KnowledgeError) {
        while let row = try table.next() {
            draft.countRecord()
            let (id, kind) = (try table.required(row, 0), row[3])
            guard let (relation, type) = Self.classKinds[kind] else {
                draft.report.omit("drug classes of an unknown kind", "\(table.path), line \(row.line): “\(kind)”")
                continue
            }
            let reference = id.contains(":") ? id : "\(row[2]):\(id)"
            classes[id] = DrugClass(
                relation: relation, type: type, id: CrossReference.canonical(reference),
                name: try table.required(row, 1))
        }
    }

    private func readDrugClasses(
        _ table: DelimitedReader, _ classes: [String: DrugClass], _ draft: inout GraphDraft
    ) throws(KnowledgeError) {
        while let row = try table.next() {
            draft.countRecord()
            let drug = try drug(table, row, id: 0, name: 1, &draft)
            guard let drugClass = classes[row[2]] else {
                draft.report.omit(
                    "classes of drugs that no table of classes describes",
                    "\(table.path), line \(row.line): \(row[2]) (\(row[3]))")
                continue
            }
            let tail = draft.add(Entity(id: drugClass.id, name: drugClass.name, type: drugClass.type))
            draft.add(drug, draft.catalogued(drugClass.relation), tail, evidence: Self.evidence)
        }
    }

    private func readTargets(_ table: DelimitedReader, _ draft: inout GraphDraft) throws(KnowledgeError) {
        let relation = draft.catalogued("targets")
        while let row = try table.next() {
            draft.countRecord()
            let number = try table.required(row, 0)
            guard number.utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw .invalidField(at: table.location(row, 0), value: number, expected: "a number of NCBI Gene")
            }
            let drug = try drug(table, row, id: 1, name: 2, &draft)
            let gene = draft.add(Entity(id: "NCBIGene:\(number)", name: "", type: "gene"))
            draft.add(drug, relation, gene, evidence: Self.evidence)
        }
    }

    private func readIndications(_ table: DelimitedReader, _ draft: inout GraphDraft) throws(KnowledgeError) {
        while let row = try table.next() {
            draft.countRecord()
            let drug = try drug(table, row, id: 1, name: 3, &draft)
            let disease = draft.add(
                Entity(id: try table.required(row, 0), name: try table.required(row, 2), type: "disease"))
            let relation: String
            switch row[4] {
            case "DM", "": relation = "indicated_for"
            case "SYM": relation = "palliates"
            case "NOT":
                draft.report.omit(
                    "indications that the source refutes", "\(table.path), line \(row.line): \(row[3]) for \(row[2])")
                continue
            default:
                throw .invalidField(
                    at: table.location(row, 4), value: row[4], expected: "DM, SYM, NOT or nothing")
            }
            draft.add(drug, draft.catalogued(relation), disease, evidence: Self.evidence)
        }
    }
}
