import Training

/// The closing table of a run: what each stage reached.
public struct StageTable: Sendable {
    public var encoding: TextEncoding

    public init(encoding: TextEncoding = .detect()) { self.encoding = encoding }

    private static let header = [
        "stage", "steps", "held-out", "95% interval", "reward", "time", "sampled tok/s", "trained tok/s",
    ]

    /// The table with its line feeds, 80 characters wide at most; empty where nothing was recorded.
    public func text(_ rows: [StepMetrics]) -> String { text(summaries: StageSummary.summaries(of: rows)) }

    public func text(summaries: [StageSummary]) -> String {
        if summaries.isEmpty { return "" }
        let none = encoding == .unicode ? "–" : "-"
        let body = summaries.map { summary in
            var interval: String?
            if let low = summary.heldOut?.low, let high = summary.heldOut?.high {
                interval = "\(NumberText.fixed(low, 2)) to \(NumberText.fixed(high, 2))"
            }
            return [
                summary.name, summary.steps > 0 ? String(summary.steps) : none,
                summary.heldOut.map { NumberText.fixed($0.accuracy, 3) } ?? none, interval ?? none,
                summary.reward.map { NumberText.fixed($0, 3) } ?? none,
                summary.seconds.map(NumberText.clock(seconds:)) ?? none,
                summary.sampledTokensPerSecond.map(NumberText.grouped) ?? none,
                summary.trainedTokensPerSecond.map(NumberText.grouped) ?? none,
            ]
        }
        let table = [Self.header] + body
        let widths = Self.header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        var lines = table.map { line(of: $0, widths) }
        let rule: Character = encoding == .unicode ? "─" : "-"
        lines.insert(widths.map { String(repeating: rule, count: $0) }.joined(separator: "  "), at: 1)
        let counts = Set(summaries.compactMap { $0.heldOut?.questionCount }).sorted()
        if !counts.isEmpty {
            let questions = counts.map(String.init).joined(separator: " or ")
            lines.append("held-out: share of \(questions) questions answered exactly, never trained on")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The first column begins, all others end at a common edge.
    private func line(of fields: [String], _ widths: [Int]) -> String {
        zip(fields, widths).enumerated().map { column, cell in
            let space = String(repeating: " ", count: cell.1 - cell.0.count)
            return column == 0 ? cell.0 + space : space + cell.0
        }.joined(separator: "  ")
    }
}
