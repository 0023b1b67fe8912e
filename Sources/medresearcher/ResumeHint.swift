import Recipes
import Reporting
import Training

/// Runs training and, if it was interrupted, says how to go on.
struct ResumeHint {
    let runDirectory: String

    func watch(_ training: () async throws -> TrainingRun.Result) async throws -> TrainingRun.Result {
        do {
            return try await training()
        } catch let error as TrainingError {
            if case .interrupted = error {
                let program = CommandLine.arguments[0]
                Terminal.writeToStandardError("continue with:  \(program) resume \(runDirectory)\n")
            }
            throw error
        }
    }
}
