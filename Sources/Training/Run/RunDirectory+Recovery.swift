import Primitives
import Storage

extension RunDirectory {
    /// Refuses a recipe or input that is not the one the run was started with. A run whose creation was cut short before
    /// `lock.json` is completed here.
    func verifyInputs(storedRecipe: String) throws(TrainingError) {
        let stored = SHA256.hex(Array(storedRecipe.utf8))
        guard stored == description.recipeSHA256 else {
            throw .recipeChanged(
                path: path, stored: stored, given: description.recipeSHA256,
                differences: RunDescription.differences(stored: storedRecipe, given: description.recipe))
        }
        guard FileStore.exists(layout.lock) else {
            return try write(JSONLines.encode([description.lock]), to: layout.lock)
        }
        let bytes = try storing { () throws(StorageError) in try FileStore.read(layout.lock) }
        do {
            let lock = try JSONValue.parse(bytes)
            let locked = try lock.string(at: "recipe_sha256")
            guard locked == stored else {
                throw TrainingError.inputChanged(path: path, name: "recipe.yaml", stored: locked, given: stored)
            }
            let inputs = JSONValue.object(try lock.object(at: "inputs"))
            for input in description.inputs {
                let locked = try inputs.string(at: input.name)
                guard locked == input.sha256 else {
                    throw TrainingError.inputChanged(
                        path: path, name: input.name, stored: locked, given: input.sha256)
                }
            }
            let version = try lock.string(at: "tool_version")
            if version != description.toolVersion {
                note(
                    "the run was started with tool version \(version) and continues with \(description.toolVersion)")
            }
        } catch let error as TrainingError {
            throw error
        } catch {
            throw .unreadable(path: layout.lock, problem: "\(error)")
        }
    }

    /// Finds the newest manifest that can be trusted and returns the files of those that were passed over.
    func selectManifest(stateProblem: (String) -> String?) throws(TrainingError) -> [String] {
        let store = try ManifestStore(layout: layout)
        var rejected = store.unreadable
        for entry in store.entries {
            switch store.chain(of: entry) {
            case .failure(let problem): rejected.append((entry.file, problem.description))
            case .success(let ancestors):
                if let problem = store.problem(withFilesOf: entry.manifest, recipeSHA256: description.recipeSHA256) {
                    rejected.append((entry.file, problem.description))
                } else if let problem = stateProblem(entry.manifest.trainerState) {
                    rejected.append((entry.file, "its trainer state cannot be loaded: \(problem)"))
                } else {
                    chain = ancestors
                    for (file, reason) in rejected { note("manifest \(file) was passed over: \(reason)") }
                    if !rejected.isEmpty { note("the run goes back to manifest \(entry.file)") }
                    return rejected.map(\.file)
                }
            }
        }
        guard rejected.isEmpty else {
            throw .noValidManifest(path: layout.manifests, reasons: rejected.map { "\($0.file): \($0.reason)" })
        }
        return []
    }

    /// Moves manifests that were passed over out of the way of the ones that will be written in their place.
    func moveAside(_ files: [String]) throws(TrainingError) {
        for file in files {
            let source = layout.manifests + "/" + file
            let bytes = try storing { () throws(StorageError) in try FileStore.read(source) }
            var number = 1
            func target() -> String { layout.rejectedManifests + "/\(file).\(number)" }
            while FileStore.exists(target()) { number += 1 }
            try write(bytes, to: target())
            try remove(source)
        }
    }

    /// Cuts off or removes everything that lies after the newest manifest.
    func cutBack() throws(TrainingError) {
        for (name, path) in [(RunLayout.metricsName, layout.metrics), (RunLayout.outcomesName, layout.outcomes)]
        where FileStore.exists(path) {
            let length = latest?.files.first { $0.path == name }?.length ?? 0
            try change(path) { () throws(StorageError) in try AppendLog.truncate(path, to: length) }
        }
        let keptRolloutSteps = latest.map { $0.stage == .reinforcement ? $0.step : 0 } ?? 0
        try removeFiles(in: layout.rollouts) { name in
            name.split(separator: ".").first.flatMap { Int($0) }.map { $0 > keptRolloutSteps } ?? false
        }
        try removeFiles(in: layout.evaluations) { name in
            let parts = name.split(separator: ".")
            guard parts.count >= 3, let step = Int(parts[0]), let stage = StageName(rawValue: String(parts[1])) else {
                return false
            }
            guard let latest else { return true }
            return (stage, step) > (latest.stage, latest.step)
        }
        if latest != nil {
            try removeUnneededGroups()
            try writeLatest()
        } else if FileStore.exists(layout.latest) {
            // It would speak of manifests that are about to be written again.
            try remove(layout.latest)
        }
    }

    /// Removes the write-ahead logs that neither of the two newest manifests needs: should the newest be damaged, the one
    /// before it can still be resumed.
    func removeUnneededGroups() throws(TrainingError) {
        guard let latest else { return }
        func firstNeeded(_ manifest: CheckpointManifest) -> (StageName, Int) {
            let next = manifest.pending.map(\.step).min() ?? .max
            return manifest.isStageComplete
                ? (manifest.stage, .max) : (manifest.stage, min(manifest.step + 1, next))
        }
        var needed = firstNeeded(latest)
        if !latest.isStageComplete, chain.count > 1 {
            let earlier = chain[chain.count - 2].manifest
            if earlier.stage == latest.stage {
                let other = firstNeeded(earlier)
                if other < needed { needed = other }
            }
        }
        for step in groupLogs.keys where step < needed.1 { groupLogs.removeValue(forKey: step)?.close() }
        try removeFiles(in: layout.groups) { name in
            let parts = name.split(whereSeparator: { $0 == "-" || $0 == "." })
            guard parts.count == 3, let stage = StageName(rawValue: String(parts[0])), let step = Int(parts[1]) else {
                return false
            }
            return (stage, step) < needed
        }
    }

    private func removeFiles(in directory: String, where isObsolete: (String) -> Bool) throws(TrainingError) {
        let files = try storing { () throws(StorageError) in try FileStore.list(directory) }
        for file in files.sorted() where isObsolete(file) { try remove(directory + "/" + file) }
    }

    // MARK: Write-ahead groups

    /// Opens the write-ahead log of a step and returns the episodes in it that the given policy wrote; of a step whose groups
    /// are pending in the newest manifest all that it had then.
    func openGroups(stage: StageName, step: Int, policyIdentity: String) throws(TrainingError) -> [PlayedEpisode] {
        groupLogs.removeValue(forKey: step)?.close()
        let path = layout.groups(stage: stage, step: step)
        let pending = latest.flatMap { latest in
            latest.stage == stage ? latest.pending.first { $0.step == step }?.file.length : nil
        }
        let header = GroupLog.Header(
            stage: stage, step: step, policyIdentity: policyIdentity, recipeSHA256: description.recipeSHA256)
        let log = try change(path) { () throws(StorageError) in
            try GroupLog(path: path, header: header, pendingLength: pending)
        }
        groupLogs[step] = log
        return log.finished.compactMap { try? PlayedEpisode(json: $0) }
    }

    /// The steps whose groups are pending in the newest manifest.
    func pendingSteps(stage: StageName) -> Set<Int> {
        guard let latest, latest.stage == stage else { return [] }
        return Set(latest.pending.map(\.step))
    }

    func append(_ played: PlayedEpisode, stage: StageName) throws(TrainingError) {
        let path = layout.groups(stage: stage, step: played.step)
        guard let log = groupLogs[played.step] else { throw .unreadable(path: path, problem: "the step is not open") }
        try change(path) { () throws(StorageError) in try log.append(played.json) }
    }

    /// What a manifest says of the groups of a step.
    func pendingFile(stage: StageName, step: Int) throws(TrainingError) -> CheckpointManifest.PendingGroups {
        let path = layout.groups(stage: stage, step: step)
        guard let log = groupLogs[step] else { throw .unreadable(path: path, problem: "the step is not open") }
        return try change(path) { () throws(StorageError) in
            let length = try log.synchronizedLength()
            let file = CheckpointManifest.File(
                path: RunLayout.groupsName(stage: stage, step: step), length: length,
                sha256: try SHA256.hex(file: path, prefix: length))
            return CheckpointManifest.PendingGroups(step: step, file: file)
        }
    }
}
