import Evaluation

/// Manifests that wait for rollouts.
///
/// A manifest of step *t* may be written once every group that a policy older than the one after *t* samples is in the
/// write-ahead log: then whoever resumes from it needs no policy but the one that it restores. Training does not wait for
/// that; the trainer's state and the lengths of the files are taken at step *t*, and the manifest follows.
struct ManifestQueue<Environment: RolloutEnvironment> {
    private let session: StageSession
    private let engine: RolloutEngine<Environment>
    /// Whether episodes may need policies that do not exist yet, so that waiting for them could take for ever.
    private let carries: Bool
    private var waiting: [(step: Int, draft: RunDirectory.SealedDraft, pending: [Int])] = []

    init(_ session: StageSession, settling engine: RolloutEngine<Environment>, carries: Bool) {
        self.session = session
        self.engine = engine
        self.carries = carries
    }

    /// Called after each step: takes a draft where one is due, and writes those that need wait no longer.
    mutating func proceed(_ progress: StageProgress) async throws {
        if session.isManifestDue(progress) { try await add(progress) }
        try await commitSettled()
    }

    /// Ends the stage because of the stop signal, with a manifest of the last complete step where that is possible.
    mutating func interrupt(_ progress: StageProgress) async throws -> Never {
        let isSettled = await engine.isSettled(beforePolicyAfter: progress.step)
        if progress.step > 0, waiting.last?.step != progress.step, !carries || isSettled,
            !(await session.isCovered(progress))
        {
            try await add(progress)
        }
        if !carries, let last = waiting.last { try await engine.settle(beforePolicyAfter: last.step) }
        try await commitSettled()
        for state in waiting.map(\.draft.draft.trainerState) {
            try? await session.context.checkpoints.deleteState(state)
        }
        try await session.leave(progress)
    }

    private mutating func add(_ progress: StageProgress) async throws {
        let draft = try await session.seal(progress)
        waiting.append((progress.step, draft, await engine.pendingSteps(after: progress.step)))
    }

    private mutating func commitSettled() async throws {
        while let first = waiting.first, await engine.isSettled(beforePolicyAfter: first.step) {
            try await session.commit(first.draft, pending: first.pending)
            waiting.removeFirst()
        }
    }
}
