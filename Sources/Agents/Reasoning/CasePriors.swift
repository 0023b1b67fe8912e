import Foundation
import Knowledge

/// P(disease | context) before any finding.
///
/// With a table, weights are prevalences: the applicable row's, or a stated one for diseases without a row. Without a
/// table every candidate weighs the same, a rare one less. Weights are scaled to sum to what is left by something else.
struct CasePriors: Sendable {
    private let parameters: ReasoningParameters
    /// The weights of candidates without an applicable row.
    private let weights: [Double]
    /// Rows by candidate, in the order of the table.
    private let rows: [Int32: [PriorTable.Row]]
    private let isXLinkedRecessive: [Bool]
    private let rareCount: Int
    /// Rows that name no candidate.
    let unmatched: [String]

    init(
        graph: KnowledgeGraph, candidates: [EntityIndex], candidateNumber: [EntityIndex: Int32], kinds: [FindingLinks],
        table: PriorTable, parameters: ReasoningParameters
    ) {
        self.parameters = parameters
        var rows: [Int32: [PriorTable.Row]] = [:]
        var unmatched: [String] = []
        for row in table.rows {
            if let number = graph.index(naming: row.disease).flatMap({ candidateNumber[$0] }) {
                rows[number, default: []].append(row)
            } else {
                unmatched.append("prevalence of “\(row.disease)”")
            }
        }
        self.rows = rows
        self.unmatched = unmatched
        let isRare = candidates.map { candidate in
            let entity = graph.entity(candidate)
            return ([entity.id] + entity.crossReferences).contains { reference in
                parameters.rareVocabularies.contains { reference.hasPrefix($0 + ":") }
            }
        }
        rareCount = isRare.count { $0 }
        let common = rows.isEmpty ? 1 : parameters.unlistedPrevalence
        weights = isRare.map { $0 ? common * parameters.rareWeight : common }
        var isXLinkedRecessive = [Bool](repeating: false, count: candidates.count)
        if let links = kinds.first(where: { $0.kind == "inheritance" }) {
            for value in links.findings {
                let words = FindingNames.words(graph.name(of: value))
                guard words.contains("linked"), words.contains("recessive") else { continue }
                for link in links[value] { isXLinkedRecessive[Int(link.candidate)] = true }
            }
        }
        self.isXLinkedRecessive = isXLinkedRecessive
    }

    /// The priors of the candidates, which sum to 1 less that of something else.
    func priors(for patient: ClinicalCase) -> [Double] {
        var weights = weights
        for (candidate, rows) in rows {
            var best: PriorTable.Row?
            for row in rows where row.holds(for: patient) && row.conditionCount > best?.conditionCount ?? -1 {
                best = row
            }
            if let best {
                weights[Int(candidate)] = max(best.per100000, ReasoningParameters.certaintyBound)
            }
        }
        if patient.sex == .female {
            for index in weights.indices where isXLinkedRecessive[index] {
                weights[index] *= parameters.femaleXLinkedRecessive
            }
        }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total * (1 - parameters.elsePrior) }
    }

    func statement(for patient: ClinicalCase) -> String {
        let count = weights.count
        var text: String
        if rows.isEmpty {
            text = "Priors: equal for the \(count) diseases described"
            if rareCount > 0 { text += ", the \(rareCount) rare ones \(parameters.rareWeight) times as much" }
        } else {
            let used = rows.values.count { $0.contains { $0.holds(for: patient) } }
            text =
                "Priors: prevalences of the table for \(used) diseases, \(parameters.unlistedPrevalence) per 100,000 "
                + "for the others of \(count)"
            if rareCount > 0 { text += " (rare ones \(parameters.rareWeight) times as much)" }
        }
        if patient.sex == .female {
            text += ", X-linked recessive ones \(parameters.femaleXLinkedRecessive) times as much in a female patient"
        }
        return text + "; \(parameters.elsePrior) for a disease not described."
    }
}
