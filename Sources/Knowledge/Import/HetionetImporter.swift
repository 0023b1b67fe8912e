import Primitives

/// Hetionet's `hetionet-v1.0.json`: nodes of 11 kinds and edges of 24.
struct HetionetImporter {
    /// The type and the vocabulary of each kind of node; an identifier that names its vocabulary keeps it.
    private static let kinds: [String: (type: String, vocabulary: String)] = [
        "Anatomy": ("anatomy", "UBERON"), "Biological Process": ("biological_process", "GO"),
        "Cellular Component": ("cellular_component", "GO"), "Compound": ("drug", "DRUGBANK"),
        "Disease": ("disease", "DOID"), "Gene": ("gene", "NCBIGene"),
        "Molecular Function": ("molecular_function", "GO"), "Pathway": ("pathway", "Hetionet"),
        "Pharmacologic Class": ("drug_class", "NDF-RT"), "Side Effect": ("side_effect", "UMLS"),
        "Symptom": ("symptom", "MESH"),
    ]

    /// Source kind, edge kind and target kind; our relation, and whether it is read from target to source.
    private static let edges: [String: (relation: String, isReversed: Bool)] = [
        "Anatomy downregulates Gene": ("downregulated_in", true), "Anatomy expresses Gene": ("expressed_in", true),
        "Anatomy upregulates Gene": ("upregulated_in", true), "Compound binds Gene": ("targets", false),
        "Compound causes Side Effect": ("has_side_effect", false),
        "Compound downregulates Gene": ("drug_downregulates", false),
        "Compound palliates Disease": ("palliates", false),
        "Compound resembles Compound": ("resembles_drug", false), "Compound treats Disease": ("indicated_for", false),
        "Compound upregulates Gene": ("drug_upregulates", false), "Disease associates Gene": ("associated_gene", false),
        "Disease downregulates Gene": ("gene_downregulated_in_disease", true),
        "Disease localizes Anatomy": ("located_in", false), "Disease presents Symptom": ("has_symptom", false),
        "Disease resembles Disease": ("resembles_disease", false),
        "Disease upregulates Gene": ("gene_upregulated_in_disease", true),
        "Gene covaries Gene": ("covaries_with", false),
        "Gene interacts Gene": ("interacts_with", false),
        "Gene participates Biological Process": ("participates_in", false),
        "Gene participates Cellular Component": ("participates_in", false),
        "Gene participates Molecular Function": ("participates_in", false),
        "Gene participates Pathway": ("participates_in", false), "Gene regulates Gene": ("regulates", false),
        "Pharmacologic Class includes Compound": ("pharmacologic_class", true),
    ]

    func read(_ path: String, into draft: inout GraphDraft) throws(KnowledgeError) {
        let reader = try JSONElementReader(path: path, members: ["nodes", "edges"])
        while let element = try reader.next() {
            draft.countRecord()
            let place = "\(path), line \(element.line), \(element.member)[\(element.index)]"
            do throws(JSONError) {
                if element.member == "nodes" {
                    try readNode(element.value, place, into: &draft)
                } else {
                    try readEdge(element.value, place, into: &draft)
                }
            } catch {
                throw .malformedInput(place: place, found: "\(error)", expected: "the layout of Hetionet 1.0")
            }
        }
    }

    private func readNode(_ node: JSONValue, _ place: String, into draft: inout GraphDraft) throws(JSONError) {
        let kind = try node.string(at: "kind")
        guard let (type, _) = Self.kinds[kind] else {
            return draft.report.omit("nodes of a kind that is not known", "\(place): \(kind)")
        }
        guard let identifier = node["identifier"], let id = Self.id(kind, identifier) else {
            throw .unexpected(
                path: "identifier", expected: "a number or a string", found: node["identifier"]?.kind ?? "missing")
        }
        draft.add(Entity(id: id, name: try node.string(at: "name"), type: type))
    }

    private func readEdge(_ edge: JSONValue, _ place: String, into draft: inout GraphDraft) throws(JSONError) {
        let (source, target) = (try end(edge, "source_id"), try end(edge, "target_id"))
        let direction = try edge.string(at: "direction")
        let name = "\(source.kind) \(try edge.string(at: "kind")) \(target.kind)"
        guard let (relation, isReversed) = Self.edges[name] else {
            return draft.report.omit("edges of a kind that is not known", "\(place): \(name)")
        }
        guard let from = draft.index(id: source.id), let to = draft.index(id: target.id) else {
            let missing = draft.index(id: source.id) == nil ? source.id : target.id
            return draft.report.omit("edges of a node that the file does not hold", "\(place): \(missing)")
        }
        let isBackward = direction == "backward"
        let data = edge["data"]
        let evidence = Evidence(
            source: Self.source(data), licence: data?["license"]?.stringValue ?? "see Hetionet's sources")
        let (head, tail) = isReversed != isBackward ? (to, from) : (from, to)
        draft.add(head, draft.catalogued(relation), tail, evidence: evidence)
    }

    private func end(_ edge: JSONValue, _ member: String) throws(JSONError) -> (kind: String, id: String) {
        let parts = try edge.array(at: member)
        guard parts.count == 2, let kind = parts[0].stringValue, let id = Self.id(kind, parts[1]) else {
            throw .unexpected(
                path: member, expected: "a kind of node and an identifier", found: JSONValue.array(parts).text)
        }
        return (kind, id)
    }

    private static func id(_ kind: String, _ identifier: JSONValue) -> String? {
        guard let text = identifier.stringValue ?? identifier.integerValue.map(String.init) else { return nil }
        return text.contains(":") ? text : "\(kinds[kind]?.vocabulary ?? kind):\(text)"
    }

    /// An edge has one source or a list of them.
    private static func source(_ data: JSONValue?) -> String {
        let sources =
            data?["source"]?.stringValue.map { [$0] }
            ?? data?["sources"]?.arrayValue?.compactMap(\.stringValue) ?? []
        return TidyText.tidy(sources.isEmpty ? "Hetionet 1.0" : "Hetionet 1.0: \(sources.joined(separator: ", "))")
    }
}
