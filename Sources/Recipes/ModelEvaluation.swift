import Backends
import Evaluation
import Foundation
import Primitives
import Storage

/// Asks a recipe's held-out questions of its model, without training it.
public struct ModelEvaluation {
    private let recipe: Recipe

    public init(_ recipe: Recipe) { self.recipe = recipe }

    public func report() async throws -> EvaluationReport {
        try await Workbench.with(recipe) { try await report($0) }
    }

    private func report(_ bench: Workbench) async throws -> EvaluationReport {
        let checkpoints = NSTemporaryDirectory() + "medresearcher-evaluate-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileStore.remove(checkpoints) }
        let connection = try await BackendConnection.open(
            recipe, directories: .init(model: recipe.model.base, checkpoints: checkpoints),
            profile: recipe.backend.kind.profile,
            notice: { _ in })
        do {
            let sampler = try await connection.policyTrainer.publishSampler(policyVersion: 0)
            let report = try await bench.evaluator().evaluate(sampler).report
            await connection.close()
            return report
        } catch {
            await connection.close()
            throw error
        }
    }

    /// The report for people.
    public static func text(_ report: EvaluationReport) -> String {
        func percent(_ proportion: Proportion) -> String {
            String(
                format: "%.3f (%d of %d, 95%% interval %.3f–%.3f)", proportion.value, proportion.successes,
                proportion.count, proportion.interval.lowerBound, proportion.interval.upperBound)
        }
        var lines = ["accuracy      " + percent(report.accuracy), "format valid  " + percent(report.formatValid)]
        if report.failedCount > 0 {
            lines.append("failed        \(report.failedCount) episodes could not be played to their end")
        }
        for slice in report.hops + report.specialties {
            let name = slice.name.padding(toLength: 28, withPad: " ", startingAt: 0)
            lines.append("  \(name) " + percent(slice.accuracy))
        }
        return lines.joined(separator: "\n")
    }
}
