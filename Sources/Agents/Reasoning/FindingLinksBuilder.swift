import Knowledge

/// Gathers the links between diseases and findings from a graph and a table of frequencies, with what categories pass on.
///
/// Of several statements about one disease and finding the nearest counts: the disease's own before a category's, and of
/// one disease a row of the table before a fact that excludes before a fact that states.
struct FindingLinksBuilder {
    private struct Statement {
        var finding: EntityIndex
        var frequency: Double?
        var basis: FindingLinks.Basis
        var isInherited: Bool
    }

    private let graph: KnowledgeGraph
    private let parameters: ReasoningParameters
    private let hierarchy: Hierarchy
    /// Rows of the table by disease, in order.
    private var rows: [EntityIndex: [(finding: EntityIndex, row: Int32)]] = [:]
    private let table: FrequencyTable
    /// Rows that name no disease or finding of the graph.
    private(set) var unmatched: [String] = []

    init(graph: KnowledgeGraph, parameters: ReasoningParameters, hierarchy: Hierarchy, table: FrequencyTable) {
        self.graph = graph
        self.parameters = parameters
        self.hierarchy = hierarchy
        self.table = table
        for (index, row) in table.rows.enumerated() {
            if let disease = graph.index(naming: row.disease), let finding = graph.index(naming: row.finding) {
                rows[disease, default: []].append((finding, Int32(index)))
            } else {
                unmatched.append("frequency of “\(row.finding)” in “\(row.disease)”")
            }
        }
    }

    /// The candidates, ascending, and the links of every kind that there are: manifestations first.
    func build() -> (candidates: [EntityIndex], kinds: [FindingLinks]) {
        let manifestations = statements(
            parameters.manifestations, frequency: parameters.edgeFrequency, excludedBy: parameters.exclusions,
            withTable: true)
        var candidates: [EntityIndex] = []
        var gathered: [FindingLinks.Link] = []
        for disease in 0..<EntityIndex(graph.entities.count) {
            let before = gathered.count
            gather(disease, candidate: Int32(candidates.count), from: manifestations, into: &gathered)
            if gathered.count > before { candidates.append(disease) }
        }
        var kinds = [
            FindingLinks(
                kind: "manifestation", isManifestation: true, candidateCount: candidates.count, links: gathered)
        ]
        for name in parameters.contexts {
            let statements = statements([name], frequency: 1, excludedBy: [], withTable: false)
            guard !statements.isEmpty else { continue }
            gathered.removeAll(keepingCapacity: true)
            for (number, disease) in candidates.enumerated() {
                gather(disease, candidate: Int32(number), from: statements, into: &gathered)
            }
            kinds.append(
                FindingLinks(
                    kind: name, isManifestation: false, candidateCount: candidates.count, links: gathered))
        }
        return (candidates, kinds)
    }

    /// What is said of each disease by these relations, and by the table.
    private func statements(
        _ relations: [String], frequency: Double, excludedBy exclusions: [String], withTable: Bool
    ) -> [EntityIndex: [Statement]] {
        var statements: [EntityIndex: [Statement]] = [:]
        if withTable {
            for (disease, entries) in rows {
                statements[disease] = entries.map { entry in
                    let frequency = table.rows[Int(entry.row)].frequency
                    return Statement(
                        finding: entry.finding, frequency: frequency.isExcluded ? nil : frequency.value,
                        basis: .row(entry.row), isInherited: true)
                }
            }
        }
        for (names, isExclusion) in [(exclusions, true), (relations, false)] {
            for relation in names.compactMap({ graph.relationIndex(name: $0) }) {
                let isInherited = graph.relations[Int(relation)].inheritedAlong == parameters.hierarchy
                let step = Step(relation: relation)
                for disease in 0..<EntityIndex(graph.entities.count) {
                    for finding in graph.neighbours(of: disease, by: step) {
                        statements[disease, default: []].append(
                            Statement(
                                finding: finding, frequency: isExclusion ? nil : frequency,
                                basis: .edge(relation), isInherited: isInherited))
                    }
                }
            }
        }
        return statements
    }

    private func gather(
        _ disease: EntityIndex, candidate: Int32, from statements: [EntityIndex: [Statement]],
        into links: inout [FindingLinks.Link]
    ) {
        let start = links.count
        func add(_ holder: EntityIndex, into links: inout [FindingLinks.Link]) {
            for statement in statements[holder] ?? [] where holder == disease || statement.isInherited {
                guard !links[start...].contains(where: { $0.finding == statement.finding }) else { continue }
                links.append(
                    FindingLinks.Link(
                        candidate: candidate, holder: holder, finding: statement.finding,
                        frequency: statement.frequency, basis: statement.basis))
            }
        }
        add(disease, into: &links)
        for ancestor in hierarchy.ancestors(of: disease) { add(ancestor, into: &links) }
    }
}

extension KnowledgeGraph {
    /// The entity with this id, or with this name or synonym whatever the case.
    func index(naming text: String) -> EntityIndex? { index(id: text) ?? index(name: text) }
}
