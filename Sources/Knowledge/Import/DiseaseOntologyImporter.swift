/// The reports of the Human Disease Ontology: `HumanDO.tsv` (diseases and their parents), `allXREFinDO.tsv`
/// (cross-references) and `DO-subClassOf-anonymous.tsv` (axioms of the form `'has symptom' some fever`), in any order.
///
/// An axiom is taken when it is one property and one named filler; those with `and`, `or` or a nested property are left
/// out, and so are properties for which there is no relation.
struct DiseaseOntologyImporter {
    private static let evidence = Evidence(source: "Disease Ontology", licence: "CC0-1.0")
    private static let axiomEvidence = Evidence(source: "Disease Ontology axioms", licence: "CC0-1.0")

    /// The relation and the type of the filler for each property.
    private static let properties: [String: (relation: String, type: String)] = [
        "has allergic trigger": ("allergic_trigger", "allergen"), "has disease driver": ("driven_by", "agent"),
        "disease has location": ("located_in", "anatomy"), "existence starts during": ("onset", "onset"),
        "has symptom": ("has_symptom", "symptom"), "transmitted by": ("transmitted_by", "transmission"),
        "disease has feature": ("has_feature", "disease"),
        "has major susceptibility factor": ("susceptibility_factor", "gene_or_locus"),
        "has phenotype": ("has_phenotype", "phenotype"), "derives from": ("derives_from", "cell_or_tissue"),
    ]

    private enum Kind: Int { case diseases, references, axioms }

    func read(_ paths: [String], into draft: inout GraphDraft) throws(KnowledgeError) {
        var tables: [(kind: Kind, table: DelimitedReader)] = []
        for path in paths {
            let table = try DelimitedReader(path: path, format: .quotedTabs)
            if table.header.contains("subClassOf") {
                try table.select(["id", "label", "subClassOf"])
                tables.append((.diseases, table))
            } else if table.header.contains("xref") {
                try table.select(["id", "label", "xref"])
                tables.append((.references, table))
            } else if table.header.contains("SubClass Of [ANON]") {
                try table.select(["ID", "LABEL", "SubClass Of [ANON]"])
                tables.append((.axioms, table))
            } else {
                throw .malformedInput(
                    place: "\(path), line 1", found: table.headerText,
                    expected:
                        "a column subClassOf, xref or SubClass Of [ANON], as in the reports of the Disease Ontology")
            }
        }
        for (kind, table) in tables.sorted(by: { $0.kind.rawValue < $1.kind.rawValue }) {
            switch kind {
            case .diseases: try readDiseases(table, into: &draft)
            case .references: try readReferences(table, into: &draft)
            case .axioms: try readAxioms(table, into: &draft)
            }
        }
    }

    private func disease(
        _ table: DelimitedReader, _ row: DelimitedReader.Row, into draft: inout GraphDraft
    ) throws(KnowledgeError) -> EntityIndex {
        let (id, name) = (try table.required(row, 0), try table.required(row, 1))
        guard id.hasPrefix("DOID:"), id.utf8.count > 5, id.utf8.dropFirst(5).allSatisfy({ (48...57).contains($0) })
        else { throw .invalidField(at: table.location(row, 0), value: id, expected: "DOID: and a number") }
        return draft.index(id: id) ?? draft.add(Entity(id: id, name: name, type: "disease"))
    }

    private func readDiseases(_ table: DelimitedReader, into draft: inout GraphDraft) throws(KnowledgeError) {
        var labels: [String: EntityIndex] = [:]
        var parents: [(child: EntityIndex, parent: String, line: Int)] = []
        while let row = try table.next() {
            draft.countRecord()
            let index = try disease(table, row, into: &draft)
            labels[row[1]] = index
            parents.append((index, row[2], row.line))
        }
        let relation = draft.catalogued("is_a")
        // The root has no parent.
        for (child, parent, line) in parents where !parent.isEmpty {
            guard let tail = labels[parent] else {
                draft.report.omit(
                    "parents that are no disease of the file", "\(table.path), line \(line): “\(parent)”")
                continue
            }
            draft.add(child, relation, tail, evidence: Self.evidence)
        }
    }

    private func readReferences(_ table: DelimitedReader, into draft: inout GraphDraft) throws(KnowledgeError) {
        while let row = try table.next() {
            draft.countRecord()
            let index = try disease(table, row, into: &draft)
            var entity = draft.entities[Int(index)]
            let reference = try table.required(row, 2)
            guard reference.contains(":") else {
                throw .invalidField(
                    at: table.location(row, 2), value: reference, expected: "a vocabulary, a colon and a number")
            }
            entity.synonyms = []
            entity.crossReferences = [CrossReference.canonical(reference)]
            draft.add(entity)
        }
    }

    // MARK: Axioms

    private func readAxioms(_ table: DelimitedReader, into draft: inout GraphDraft) throws(KnowledgeError) {
        while let row = try table.next() {
            let head = try disease(table, row, into: &draft)
            for axiom in split(row[2]) {
                draft.countRecord()
                let place = "\(table.path), line \(row.line): \(axiom)"
                guard let (property, filler) = parse(axiom) else {
                    draft.report.omit("axioms that combine several classes", place)
                    continue
                }
                guard let (relation, type) = meaning(of: property, filler) else {
                    draft.report.omit("axioms with “\(property)” that no relation stands for", place)
                    continue
                }
                draft.add(
                    head, draft.catalogued(relation), draft.entity(named: filler, type: type),
                    evidence: Self.axiomEvidence)
            }
        }
    }

    /// The axioms of a field; a bar inside quotes does not separate.
    private func split(_ field: String) -> [Substring] {
        var axioms: [Substring] = []
        var start = field.startIndex
        var isQuoted = false
        for index in field.indices {
            if field[index] == "'" {
                // A mark around a name stands before or behind all its letters; the others are apostrophes.
                if isQuoted {
                    let after = field.index(after: index)
                    isQuoted = after < field.endIndex && (field[after].isLetter || field[after].isNumber)
                } else {
                    isQuoted = index == start || " (".contains(field[field.index(before: index)])
                }
            } else if field[index] == "|", !isQuoted {
                axioms.append(field[start..<index])
                start = field.index(after: index)
            }
        }
        return (axioms + [field[start...]]).filter { !$0.isEmpty }
    }

    /// Property and filler of `'has symptom' some fever`; `nil` for anything that is more than that.
    private func parse(_ axiom: Substring) -> (property: String, filler: String)? {
        guard let mark = axiom.firstRange(of: " some ") else { return nil }
        guard let property = name(axiom[..<mark.lowerBound]), let filler = name(axiom[mark.upperBound...]) else {
            return nil
        }
        return (property, filler)
    }

    /// A name in apostrophes, or a single word.
    private func name(_ text: Substring) -> String? {
        guard text.hasPrefix("'") else { return text.isEmpty || text.contains(" ") ? nil : String(text) }
        let inner = text.dropFirst().dropLast()
        guard text.hasSuffix("'"), !inner.isEmpty, !inner.contains("' "), !inner.contains(" '") else { return nil }
        return String(inner)
    }

    private func meaning(of property: String, _ filler: String) -> (relation: String, type: String)? {
        guard property == "has material basis in" else { return Self.properties[property] }
        if filler.hasSuffix(" inheritance") { return ("inheritance", "inheritance") }
        // Taxa have a capital, also a doubtful "[Haemophilus]"; cells, variants and chemicals, the other bases, have none
        // but for "T cell".
        let word = filler.prefix { $0 != " " }.drop { $0 == "[" }
        return word.count > 1 && word.first?.isUppercase == true ? ("caused_by_organism", "organism") : nil
    }
}
