import Foundation
import Primitives
import Storage

/// The directory of one run, and the only writer in it.
///
/// Each file is either immutable once written (temporary name, fsync, rename) or append-only. A manifest names the exact
/// length and hash of the append-only ones, so whatever was written after the newest manifest can be cut off and done
/// again. The actor runs on a queue of its own: its file work does not block the cooperative threads.
public actor RunDirectory {
    /// What a stage knows when it asks for a manifest.
    struct Draft: Sendable {
        var stage: StageName
        var step: Int
        var isStageComplete: Bool
        var policyVersion: Int
        var policyIdentity: String
        var trainerState: String
        var cursor: DataCursor
    }

    /// A manifest that is not written yet: the files are as they were at its step, whatever comes after it.
    struct SealedDraft: Sendable {
        var draft: Draft
        fileprivate var logs: [CheckpointManifest.File]
    }

    public nonisolated let layout: RunLayout
    public nonisolated let description: RunDescription
    /// The number of this launch, from 1.
    public private(set) var attempt = 0
    /// What recovery found that a user should know, for example manifests that were passed over.
    public private(set) var notices: [String] = []

    /// The manifests that lead to the present, oldest first.
    var chain: [ManifestStore.Entry] = []
    /// The open write-ahead logs, by the step that their groups were sampled for.
    var groupLogs: [Int: GroupLog] = [:]
    private var claim: DirectoryClaim?
    private var metricsLog: TrackedLog?
    private var outcomesLog: TrackedLog?
    /// The rollouts written since the newest manifest, by step.
    private var rolloutFiles: [Int: CheckpointManifest.File] = [:]
    private var eventLog: AppendLog?
    /// The manifest whose trainer state still has to be loaded in this launch.
    private var unrestored: CheckpointManifest?
    /// Called with the path before each change on the disk. Tests throw here to stand in for a crash or a full disk.
    let beforeChange: @Sendable (String) throws(StorageError) -> Void
    private nonisolated let executor = QueueExecutor(label: "medresearcher.run-directory")

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    public nonisolated var path: String { layout.root }

    private init(
        path: String, description: RunDescription,
        beforeChange: @escaping @Sendable (String) throws(StorageError) -> Void
    ) {
        layout = RunLayout(root: path)
        self.description = description
        self.beforeChange = beforeChange
    }

    // MARK: Opening and closing

    /// Makes a new run; refuses a directory that exists.
    public static func create(at path: String, description: RunDescription) async throws(TrainingError) -> RunDirectory
    {
        try await create(at: path, description: description) { _ throws(StorageError) in }
    }

    static func create(
        at path: String, description: RunDescription,
        beforeChange: @escaping @Sendable (String) throws(StorageError) -> Void
    ) async throws(TrainingError) -> RunDirectory {
        let run = RunDirectory(path: path, description: description, beforeChange: beforeChange)
        try await run.create()
        return run
    }

    /// Opens a run to continue it: verifies recipe and inputs, goes back to the newest manifest that can be trusted, and
    /// cuts off everything after it.
    ///
    /// - Parameters:
    ///   - description: its recipe must be the stored one; the verb `resume` reads it with ``storedRecipe(at:)``.
    ///   - stateProblem: asked for a trainer state's reference, says why it cannot be loaded, or `nil` where it can.
    public static func open(
        at path: String, description: RunDescription,
        stateProblem: @escaping @Sendable (String) -> String? = { _ in nil }
    ) async throws(TrainingError) -> RunDirectory {
        try await open(at: path, description: description, stateProblem: stateProblem) { _ throws(StorageError) in }
    }

    static func open(
        at path: String, description: RunDescription, stateProblem: @escaping @Sendable (String) -> String?,
        beforeChange: @escaping @Sendable (String) throws(StorageError) -> Void
    ) async throws(TrainingError) -> RunDirectory {
        let run = RunDirectory(path: path, description: description, beforeChange: beforeChange)
        try await run.recover(stateProblem: stateProblem)
        return run
    }

    /// The resolved recipe that a run was started with.
    public static func storedRecipe(at path: String) throws(TrainingError) -> String {
        let file = RunLayout(root: path).recipe
        guard FileStore.exists(file) else { throw .noRun(path: path, missing: "recipe.yaml") }
        return String(decoding: try storing { () throws(StorageError) in try FileStore.read(file) }, as: UTF8.self)
    }

    /// The newest manifest of a run that may be in use, or `nil` before the first; for looking at, not for resuming.
    public static func latestManifest(at path: String) throws(TrainingError) -> CheckpointManifest? {
        let layout = RunLayout(root: path)
        guard FileStore.exists(layout.recipe) else { throw .noRun(path: path, missing: "recipe.yaml") }
        guard FileStore.exists(layout.manifests) else { return nil }
        return try ManifestStore(layout: layout).entries.first?.manifest
    }

    /// Ends the claim to the directory. Nothing may be written afterwards.
    public func close() {
        closeLogs()
        claim = nil
    }

    private func create() throws(TrainingError) {
        guard !FileStore.exists(path) else { throw .runExists(path: path) }
        try createDirectories()
        try takeClaim()
        try write(Array(description.recipe.utf8), to: layout.recipe)
        try write(JSONLines.encode([description.lock]), to: layout.lock)
        try openLogs()
    }

    private func recover(stateProblem: (String) -> String?) throws(TrainingError) {
        let recipe = try Self.storedRecipe(at: path)
        try takeClaim()
        try verifyInputs(storedRecipe: recipe)
        try createDirectories()
        let rejected = try selectManifest(stateProblem: stateProblem)
        try moveAside(rejected)
        try cutBack()
        unrestored = latest
        try openLogs()
        for notice in notices { try log(notice) }
    }

    /// Ends this attempt, goes back to the newest manifest that can be trusted, as ``open(at:description:stateProblem:)`` does,
    /// and begins the next attempt in the same process.
    /// - Parameter reason: why the attempt ends, for its log.
    /// - Returns: the manifest that was restored; `nil` where the run starts from its beginning again.
    public func restart(
        because reason: String, stateProblem: @Sendable (String) -> String? = { _ in nil }
    ) throws(TrainingError) -> CheckpointManifest? {
        guard claim != nil else { throw .unreadable(path: path, problem: "the run is closed") }
        try log("attempt \(attempt) ends: \(reason)")
        closeLogs()
        (chain, notices) = ([], [])
        let rejected = try selectManifest(stateProblem: stateProblem)
        try moveAside(rejected)
        try cutBack()
        unrestored = latest
        try openLogs()
        for notice in notices { try log(notice) }
        try log("attempt \(attempt) restores \(latest.map { "manifest \($0.fileName)" } ?? "the beginning of the run")")
        return latest
    }

    private func closeLogs() {
        for log in groupLogs.values { log.close() }
        metricsLog?.close()
        outcomesLog?.close()
        eventLog?.close()
        (groupLogs, rolloutFiles) = ([:], [:])
        (metricsLog, outcomesLog, eventLog) = (nil, nil, nil)
    }

    private func createDirectories() throws(TrainingError) {
        for directory in [path] + layout.directories where !FileStore.exists(directory) {
            try change(directory) { () throws(StorageError) in try FileStore.createDirectory(directory) }
        }
    }

    private func takeClaim() throws(TrainingError) {
        guard let claim = try DirectoryClaim(file: layout.inUse) else { throw .runInUse(path: path) }
        self.claim = claim
    }

    private func openLogs() throws(TrainingError) {
        attempt = 1
        while FileStore.exists(layout.log(attempt: attempt)) { attempt += 1 }
        metricsLog = try change(layout.metrics) { () throws(StorageError) in
            try TrackedLog(name: RunLayout.metricsName, path: layout.metrics)
        }
        outcomesLog = try change(layout.outcomes) { () throws(StorageError) in
            try TrackedLog(name: RunLayout.outcomesName, path: layout.outcomes)
        }
        let log = layout.log(attempt: attempt)
        eventLog = try change(log) { () throws(StorageError) in try AppendLog(path: log) }
    }

    func note(_ notice: String) { notices.append(notice) }

    // MARK: Where the run stands

    /// The newest manifest; `nil` before the first.
    public var latest: CheckpointManifest? { chain.last?.manifest }

    /// Whether the last of the given stages is complete, so that a resume has nothing to do.
    public func isComplete(stages: [StageName]) -> Bool {
        guard let latest, let last = stages.max() else { return stages.isEmpty }
        return latest.stage == last && latest.isStageComplete
    }

    /// The trainer states that this run's manifests name. After a crash the backend may hold others of this run, which
    /// nothing will ever load.
    public var namedStates: [String] { chain.map(\.manifest.trainerState) }

    /// The trainer state that a stage starts from; `nil` where no stage came before it.
    func trainerState(before stage: StageName) -> String? {
        chain.last { $0.manifest.stage < stage }?.manifest.trainerState
    }

    /// Hands out the manifest whose state has to be loaded before this launch trains, once.
    func takeUnrestored() -> CheckpointManifest? {
        defer { unrestored = nil }
        return unrestored
    }

    // MARK: Recording

    func append(_ row: StepMetrics) throws(TrainingError) { try append(row.json, to: metricsLog) }

    func append(_ outcome: StepOutcome) throws(TrainingError) { try append(outcome.json, to: outcomesLog) }

    private func append(_ row: JSONValue, to log: TrackedLog?) throws(TrainingError) {
        guard let log else { throw .unreadable(path: path, problem: "the run is closed") }
        let line = JSONLines.encode([row])
        try change(path + "/" + log.name) { () throws(StorageError) in try log.append(line) }
    }

    /// What came of the steps up to the newest manifest, in order.
    func outcomes() throws(TrainingError) -> [StepOutcome] {
        let rows = try storing { () throws(StorageError) in try JSONLines.read(layout.outcomes) }
        var outcomes: [StepOutcome] = []
        for (index, row) in rows.enumerated() {
            do { outcomes.append(try StepOutcome(json: row)) } catch {
                throw .unreadable(path: layout.outcomes, problem: "line \(index + 1): \(error)")
            }
        }
        return outcomes
    }

    /// Adds a line with the time to this launch's log.
    public func log(_ text: String) throws(TrainingError) {
        guard let eventLog else { return }
        let line = Array((Date().ISO8601Format() + " " + text + "\n").utf8)
        try storing { () throws(StorageError) in try eventLog.append(line) }
    }

    func writeRollouts(_ rows: [RolloutRow], step: Int) throws(TrainingError) {
        let path = layout.rollouts(step: step)
        try change(path) { () throws(StorageError) in try JSONLines.write(rows.map(\.json), toZstandard: path) }
        rolloutFiles[step] = try storing { () throws(StorageError) in
            CheckpointManifest.File(
                path: RunLayout.rolloutsName(step: step), length: try FileStore.size(path),
                sha256: try SHA256.hex(file: path))
        }
    }

    /// The groups that were trained in a step for the first time.
    func rollouts(step: Int) throws(TrainingError) -> [RolloutGroup] {
        let path = layout.rollouts(step: step)
        let rows = try storing { () throws(StorageError) in try JSONLines.read(path) }
        do { return try RolloutRow.groups(rows) } catch {
            throw .unreadable(path: path, problem: "\(error)")
        }
    }

    func writeEvaluation(_ report: JSONValue, episodes: [JSONValue], stage: StageName, step: Int) throws(TrainingError)
    {
        let path = layout.evaluationEpisodes(stage: stage, step: step)
        try change(path) { () throws(StorageError) in try JSONLines.write(episodes, toZstandard: path) }
        try write(JSONLines.encode([report]), to: layout.evaluation(stage: stage, step: step))
    }

    /// Takes down what a manifest of the present step will say of the append-only files, for ``commit(_:pending:keepLast:)``.
    func seal(_ draft: Draft) throws(TrainingError) -> SealedDraft {
        guard let metricsLog, let outcomesLog else {
            throw .unreadable(path: layout.metrics, problem: "the run is closed")
        }
        var logs: [CheckpointManifest.File] = []
        for log in [metricsLog, outcomesLog] {
            logs.append(try change(layout.root + "/" + log.name) { () throws(StorageError) in try log.sealed() })
        }
        return SealedDraft(draft: draft, logs: logs)
    }

    /// Writes a manifest, points `latest.json` to it and removes the groups that are no longer needed.
    ///
    /// - Parameter pending: the steps of which groups are pending (``CheckpointManifest/PendingGroups``).
    /// - Returns: the manifest and the trainer state that `keepLast` no longer covers. States of complete stages are kept.
    func commit(
        _ sealed: SealedDraft, pending: [Int] = [], keepLast: Int?
    ) throws(TrainingError) -> (CheckpointManifest, obsoleteState: String?) {
        let draft = sealed.draft
        var pendingGroups: [CheckpointManifest.PendingGroups] = []
        for step in pending { pendingGroups.append(try pendingFile(stage: draft.stage, step: step)) }
        let rollouts = draft.stage == .reinforcement ? rolloutFiles.keys.filter { $0 <= draft.step }.sorted() : []
        let manifest = CheckpointManifest(
            run: description.name, sequence: chain.count + 1, stage: draft.stage, step: draft.step,
            isStageComplete: draft.isStageComplete, policyVersion: draft.policyVersion,
            policyIdentity: draft.policyIdentity,
            parent: chain.last.map { CheckpointManifest.Parent(file: $0.file, sha256: $0.sha256) },
            recipeSHA256: description.recipeSHA256, trainerState: draft.trainerState, cursor: draft.cursor,
            files: sealed.logs + rollouts.compactMap { rolloutFiles[$0] }, pending: pendingGroups,
            attempt: attempt, toolVersion: description.toolVersion, time: Date().ISO8601Format())
        let bytes = JSONLines.encode([manifest.json])
        try write(bytes, to: layout.manifests + "/" + manifest.fileName)
        chain.append(ManifestStore.Entry(manifest: manifest, sha256: SHA256.hex(bytes)))
        forgetFiles()
        for step in rollouts { rolloutFiles[step] = nil }
        try writeLatest()
        try removeUnneededGroups()
        let finite = chain.filter { !$0.manifest.isStageComplete }
        guard let keepLast, !manifest.isStageComplete, finite.count > keepLast else { return (manifest, nil) }
        return (manifest, finite[finite.count - 1 - keepLast].manifest.trainerState)
    }

    /// Of the ancestors only the two newest are asked for their files; a long run would gather many.
    private func forgetFiles() {
        guard chain.count > 2 else { return }
        chain[chain.count - 3].manifest.files = []
        chain[chain.count - 3].manifest.pending = []
    }

    func writeLatest() throws(TrainingError) {
        guard let newest = chain.last else { return }
        let pointer: JSONValue = .object(["file": .string(newest.file), "sha256": .string(newest.sha256)])
        try write(JSONLines.encode([pointer]), to: layout.latest)
    }

    // MARK: Changing the disk

    func write(_ bytes: [UInt8], to path: String) throws(TrainingError) {
        try change(path) { () throws(StorageError) in try FileStore.writeAtomically(bytes, to: path) }
    }

    func remove(_ path: String) throws(TrainingError) {
        try change(path) { () throws(StorageError) in try FileStore.remove(path) }
    }

    func change<Value>(_ path: String, _ work: () throws(StorageError) -> Value) throws(TrainingError) -> Value {
        try storing { () throws(StorageError) in
            try beforeChange(path)
            return try work()
        }
    }
}
