import Backends
import Foundation
import Recipes
import Reporting
import Training

/// Runs training and, if it was interrupted or lost its backend or rollout fleet, says how to go on.
struct ResumeHint {
    let runDirectory: String

    func watch(_ training: () async throws -> TrainingRun.Result) async throws -> TrainingRun.Result {
        do {
            return try await training()
        } catch let error as TrainingError {
            if case .interrupted = error { show() }
            throw error
        } catch let error as BackendError {
            if error.isCuredByRestoring || error.isCuredByPayment { showWhereARunIs() }
            throw error
        } catch let error as FleetError {
            showWhereARunIs()
            throw error
        }
    }

    private func showWhereARunIs() {
        if FileManager.default.fileExists(atPath: RunLayout(root: runDirectory).recipe) { show() }
    }

    private func show() {
        Terminal.writeToStandardError("continue with:  \(CommandLine.arguments[0]) resume \(runDirectory)\n")
    }
}

extension BackendError {
    /// Whether the run can go on once somebody has paid or raised a limit.
    fileprivate var isCuredByPayment: Bool {
        switch self {
        case .paymentRequired, .spendLimitReached: true
        default: false
        }
    }
}
