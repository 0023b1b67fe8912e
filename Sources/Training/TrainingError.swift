import Primitives
import Storage

/// Why a run could not be made, opened or continued.
public enum TrainingError: Error, CustomStringConvertible {
    /// The settings contradict themselves or the data.
    case invalidConfiguration(String)
    case runExists(path: String)
    case noRun(path: String, missing: String)
    /// Another process works in the run directory.
    case runInUse(path: String)
    /// The recipe is not the one that the run was started with. `differences` are lines of both, marked `-` and `+`.
    case recipeChanged(path: String, stored: String, given: String, differences: [String])
    /// An input (graph, tokenizer, …) is not the one that the run was started with.
    case inputChanged(path: String, name: String, stored: String, given: String)
    /// The backend behaves differently from how it did when the run was started.
    case backendChanged(path: String, differences: [String])
    /// Manifests exist, but none can be trusted.
    case noValidManifest(path: String, reasons: [String])
    /// A file of the run does not hold what it should.
    case unreadable(path: String, problem: String)
    /// The backend could not restore the trainer's state.
    case stateNotRestored(reference: String, manifest: String, cause: String)
    /// The data cursor of the manifest is not the one that the recipe gives, so going on would repeat or skip examples.
    case cursorMismatch(manifest: String, stored: DataCursor, computed: DataCursor)
    /// A later stage was asked to start before an earlier one was complete, or after a later one has begun.
    case stageOrder(stage: StageName, manifest: String)
    /// A number that must be finite is not.
    case diverged(stage: StageName, step: Int, quantity: String)
    /// The trainer's answer does not fit the request.
    case unusableTrainerResult(stage: StageName, step: Int, problem: String)
    /// More episodes than the recipe bears could not be played to their end.
    case tooManyFailures(stage: StageName, step: Int, failed: Int, count: Int, reason: String)
    /// The stop signal was honoured. `manifest` is the newest one (`nil` where nothing was complete yet).
    case interrupted(manifest: String?, stage: StageName, step: Int)
    case storage(StorageError)

    public var description: String {
        switch self {
        case .invalidConfiguration(let problem): problem
        case .runExists(let path):
            "the run directory \(path) exists already; resume that run, give the new one another name, or remove the "
                + "directory"
        case .noRun(let path, let missing): "\(path) holds no run: \(missing) is missing; check the path"
        case .runInUse(let path):
            "another process is working in \(path); wait for it to end or stop it before resuming the run"
        case .recipeChanged(let path, let stored, let given, let differences):
            "the recipe has changed since the run in \(path) was started (SHA-256 \(stored), now \(given)); resume with "
                + "the stored recipe.yaml or start a new run. Lines that differ:"
                + differences.map { "\n  " + $0 }.joined()
        case .inputChanged(let path, let name, let stored, let given):
            "the input `\(name)` of the run in \(path) has SHA-256 \(given), but the run was started with \(stored); "
                + "restore the original or start a new run"
        case .backendChanged(let path, let differences):
            "the backend is not the one that the run in \(path) was started on, so that the same recipe would no longer mean "
                + "the same training: \(differences.joined(separator: "; ")). Resume on the original backend, or start a new "
                + "run; a fact that was measured wrongly can be set in the recipe's backend.profile"
        case .noValidManifest(let path, let reasons):
            "no manifest in \(path) can be trusted, so the run cannot be resumed:"
                + reasons.map { "\n  " + $0 }.joined()
        case .unreadable(let path, let problem): "cannot use \(path): \(problem)"
        case .stateNotRestored(let reference, let manifest, let cause):
            "the backend could not load the trainer state \(reference) that manifest \(manifest) names: \(cause)"
        case .cursorMismatch(let manifest, let stored, let computed):
            "manifest \(manifest) stands at example \(stored.consumed) (epoch \(stored.epoch), next \(stored.next)), but "
                + "the recipe's data gives \(computed.consumed) (epoch \(computed.epoch), next \(computed.next)); going on "
                + "would repeat or skip examples. Check that the data set is the one the run was started with"
        case .stageOrder(let stage, let manifest):
            "stage `\(stage.rawValue)` cannot start from manifest \(manifest), which lies in another stage that is not "
                + "complete; resume that stage first"
        case .diverged(let stage, let step, let quantity):
            "\(quantity) of stage `\(stage.rawValue)` is not a finite number at step \(step); the run stopped before "
                + "recording it. Lower the learning rate or clip gradients, and start a new run"
        case .unusableTrainerResult(let stage, let step, let problem):
            "the trainer answered step \(step) of stage `\(stage.rawValue)` with \(problem); check the backend"
        case .tooManyFailures(let stage, let step, let failed, let count, let reason):
            "stage \(stage.rawValue), step \(step): \(failed) of \(count) episodes failed, the first because \(reason); "
                + "repair that and resume the run, or raise rl.failures.maximum_share"
        case .interrupted(let manifest, let stage, let step):
            "interrupted after step \(step) of stage `\(stage.rawValue)`"
                + (manifest.map { "; manifest \($0) holds everything needed to resume" }
                    ?? "; no step was complete, so a resume starts from the beginning")
        case .storage(let error): error.description
        }
    }
}

/// Runs file work and wraps its error.
func storing<Value>(_ work: () throws(StorageError) -> Value) throws(TrainingError) -> Value {
    do { return try work() } catch { throw .storage(error) }
}
