import Backends
import Foundation
import Recipes
import Reporting
import Training

/// Runs training and, if it was interrupted or lost its backend, says how to go on.
struct ResumeHint {
    let runDirectory: String

    func watch(_ training: () async throws -> TrainingRun.Result) async throws -> TrainingRun.Result {
        do {
            return try await training()
        } catch let error as TrainingError {
            if case .interrupted = error { show() }
            throw error
        } catch let error as BackendError {
            if error.isCuredByRestoring, FileManager.default.fileExists(atPath: RunLayout(root: runDirectory).recipe) {
                show()
            }
            throw error
        }
    }

    private func show() {
        Terminal.writeToStandardError("continue with:  \(CommandLine.arguments[0]) resume \(runDirectory)\n")
    }
}
