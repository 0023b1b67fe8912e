import Backends
import EmbeddedBackend
import Primitives
import Storage
import Training

/// Trains a run in as many attempts as it takes.
///
/// No training request is ever sent twice to a server that would run it twice. Where one's fate is unknown, or the session is
/// lost, the attempt ends: its model is given up, the run directory goes back to its newest manifest, and the next attempt
/// restores that in a new session. What the lost attempt did after the manifest is done again, exactly as in a resumed run.
struct TrainingAttempts: Sendable {
    let recipe: Recipe
    let run: RunDirectory
    let directories: BackendConnection.Directories
    let profile: ProfileRecord
    let stop: StopSignal
    let reporter: any StageReporter

    /// - Parameter work: what an attempt does with its trainer; stages find out from the run directory where to go on.
    func train(_ work: @Sendable (StageContext) async throws -> Void) async throws {
        try await lockProfile()
        var restartsLeft = recipe.backend.restarts
        var connections = 0
        while true {
            let start = await run.latest?.sequence ?? 0
            do {
                return try await attempt(work, &connections)
            } catch let error as BackendError where error.isCuredByRestoring && connections > 0 && !stop.isRequested {
                if await run.latest?.sequence ?? 0 > start { restartsLeft = recipe.backend.restarts }
                guard restartsLeft > 0 else {
                    if recipe.backend.restarts > 0 {
                        reporter.noticed(
                            "giving up: \(recipe.backend.restarts + 1) attempts in a row ended without a new manifest "
                                + "(backend.restarts: \(recipe.backend.restarts))")
                    }
                    throw error
                }
                restartsLeft -= 1
                try await restart(after: error, restartsLeft: restartsLeft)
            }
        }
    }

    private func attempt(
        _ work: @Sendable (StageContext) async throws -> Void, _ connections: inout Int
    ) async throws {
        let reporter = reporter
        let connection = try await BackendConnection.open(
            recipe, directories: directories, profile: profile.profile, isPatient: connections > 0,
            notice: { reporter.noticed($0) })
        connections += 1
        do {
            try await work(
                StageContext(
                    run: run, trainer: connection.policyTrainer, checkpoints: recipe.checkpointPolicy(run.layout),
                    stop: stop, reporter: reporter,
                    openReference: { try await connection.openReference(reference(stageStart: $0)) }))
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
    }

    /// What `rl.kl.reference` names.
    private func reference(stageStart: String?) throws -> ReferenceKind {
        switch recipe.reinforcement?.objective.reference?.reference {
        case .manifest: try ReferenceManifest.kind(of: recipe)
        case .stageStart: stageStart.map { .state($0) } ?? .base
        case .base, nil: .base
        }
    }

    /// Keeps the profile that the run starts with, and refuses one by which it would not go on as it began.
    private func lockProfile() async throws {
        guard let locked = try await run.lockedBackend() else { return try await run.lockBackend(profile.json) }
        let old: ProfileRecord
        do throws(JSONError) { old = try ProfileRecord(json: locked) } catch {
            throw TrainingError.unreadable(path: run.layout.lock, problem: "backend: \(error)")
        }
        let differences = profile.differences(from: old)
        let grave = differences.filter(\.field.decidesResults)
        guard grave.isEmpty else {
            throw TrainingError.backendChanged(path: run.path, differences: grave.map(\.description))
        }
        for difference in differences { reporter.noticed("the backend has changed: \(difference)") }
    }

    private func restart(after error: BackendError, restartsLeft: Int) async throws {
        let ended = await run.attempt
        let checkpoints = EmbeddedCheckpoints(directory: run.layout.checkpoints)
        let isEmbedded = recipe.backend.kind == .embedded
        let manifest = try await run.restart(because: "\(error)") { isEmbedded ? checkpoints.problem(with: $0) : nil }
        for notice in await run.notices { reporter.noticed(notice) }
        let place =
            manifest.map { "manifest \($0.fileName) (step \($0.step) of stage \($0.stage.rawValue))" }
            ?? "the beginning of the run, because there is no manifest yet"
        reporter.noticed(
            "attempt \(ended) ended: \(error). Attempt \(await run.attempt) goes on from \(place); nothing after it counts. "
                + "\(restartsLeft) more without a new manifest before giving up")
    }
}
