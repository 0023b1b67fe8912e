import Foundation
import Primitives
import Training

/// Rows as a run of two stages writes them.
enum SampleRun {
    static let rows: [StepMetrics] = {
        var rows = [start]
        for step in 1...4 { rows.append(supervised(step)) }
        for step in 1...5 { rows.append(reinforcement(step)) }
        return rows
    }()

    static var supervisedRows: [StepMetrics] { rows.filter { $0.stage == .supervised } }
    static var reinforcementRows: [StepMetrics] { rows.filter { $0.stage == .reinforcement } }

    private static var start: StepMetrics {
        var row = StepMetrics(stage: .supervised, step: 0)
        evaluate(&row, 0.02, 0.01, 0.06)
        return row
    }

    private static func supervised(_ step: Int) -> StepMetrics {
        var row = StepMetrics(stage: .supervised, step: step)
        row["loss"] = 3.0 / Double(step)
        row["learning_rate"] = 0.001
        row["tokens/total"] = 12_000
        row["time/train"] = 0.4
        row["time/step"] = 0.5
        if step == 4 { evaluate(&row, 0.4, 0.32, 0.48) }
        return row
    }

    private static func reinforcement(_ step: Int) -> StepMetrics {
        var row = StepMetrics(stage: .reinforcement, step: step)
        row["reward/mean"] = 0.5 + 0.1 * Double(step)
        row["reward/std"] = 0.25
        row["reward/min"] = -0.1
        row["reward/max"] = 1.3
        row["accuracy"] = 1.0 / 3
        row["loss"] = nil
        row["tokens/sampled"] = 6400
        row["tokens/trained"] = 6000
        row["time/rollout"] = 2
        row["time/train"] = 1
        row["time/step"] = 3.5
        if step == 5 { evaluate(&row, 0.86, 0.8, 0.91) }
        return row
    }

    private static func evaluate(_ row: inout StepMetrics, _ value: Double, _ low: Double, _ high: Double) {
        row["eval/questions"] = 150
        row["eval/accuracy"] = value
        row["eval/accuracy_low"] = low
        row["eval/accuracy_high"] = high
    }
}
