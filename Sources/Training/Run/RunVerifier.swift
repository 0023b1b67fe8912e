import Foundation
import Primitives
import Storage

/// One look at a run directory (see ``RunVerification``).
struct RunVerifier {
    let layout: RunLayout
    let stateProblem: ((String) -> String?)?
    let store: ManifestStore
    let recipeSHA256: String
    var result: RunVerification
    /// The manifests that are checked, oldest first.
    var chain: [ManifestStore.Entry] = []

    init(path: String, stateProblem: ((String) -> String?)?) throws(TrainingError) {
        layout = RunLayout(root: path)
        self.stateProblem = stateProblem
        recipeSHA256 = SHA256.hex(Array(try RunDirectory.storedRecipe(at: path).utf8))
        store = try ManifestStore(layout: layout)
        result = RunVerification(path: path)
    }

    func verification() throws(TrainingError) -> RunVerification {
        var verifier = self
        verifier.checkInputs()
        verifier.checkChain()
        verifier.checkFiles()
        verifier.checkStates()
        let outcomes = verifier.checkRows()
        verifier.checkRollouts(against: outcomes)
        verifier.checkLatest()
        try verifier.findLeftovers()
        return verifier.result
    }

    /// Adds a problem of a manifest.
    mutating func complain(_ index: Int, _ problem: String) { result.manifests[index].problems.append(problem) }

    private mutating func checkInputs() {
        guard FileStore.exists(layout.lock) else {
            result.leftovers.append("lock.json is not written yet")
            return
        }
        do {
            let lock = try JSONValue.parse(FileStore.read(layout.lock))
            let locked = try lock.string(at: "recipe_sha256")
            if locked != recipeSHA256 {
                result.problems.append(
                    "recipe.yaml has SHA-256 \(recipeSHA256), but lock.json says \(locked); restore the recipe that the "
                        + "run was started with")
            }
        } catch {
            result.problems.append("lock.json cannot be read: \(error)")
        }
    }

    // MARK: Manifests

    private mutating func checkChain() {
        for (file, reason) in store.unreadable { result.problems.append("manifests/\(file) is no manifest: \(reason)") }
        guard let newest = store.entries.first else { return }
        var broken: ManifestProblem?
        switch store.chain(of: newest) {
        case .success(let ancestors): chain = ancestors
        case .failure(let problem):
            // The chain is broken somewhere; what there is of it is looked at all the same.
            broken = problem
            chain = store.entries.reversed()
        }
        let known = Set(chain.map(\.file))
        for entry in store.entries.reversed() where !known.contains(entry.file) {
            result.problems.append("manifests/\(entry.file) is no ancestor of the newest manifest, \(newest.file)")
        }
        for (index, entry) in chain.enumerated() {
            let manifest = entry.manifest
            let files = manifest.files + (index == chain.count - 1 ? manifest.pending.map(\.file) : [])
            result.manifests.append(
                RunVerification.Manifest(
                    file: entry.file, stage: manifest.stage, step: manifest.step,
                    isStageComplete: manifest.isStageComplete, files: files.count,
                    bytes: files.reduce(0) { $0 &+ $1.length }))
            if manifest.recipeSHA256 != recipeSHA256 {
                complain(index, "it was written under another recipe (SHA-256 \(manifest.recipeSHA256))")
            }
            if index > 0 { checkSuccession(index) }
        }
        if let broken { complain(chain.count - 1, broken.description) }
    }

    /// A manifest continues its parent.
    private mutating func checkSuccession(_ index: Int) {
        let (parent, child) = (chain[index - 1].manifest, chain[index].manifest)
        if child.run != parent.run { complain(index, "it is of the run `\(child.run)`, its parent of `\(parent.run)`") }
        if (child.stage, child.step) <= (parent.stage, parent.step) {
            complain(index, "it does not come after its parent, \(parent.fileName)")
        }
        if child.stage != parent.stage, !parent.isStageComplete {
            complain(index, "it begins the stage \(child.stage.rawValue), but its parent does not end the one before")
        }
        if child.stage == parent.stage {
            if parent.isStageComplete { complain(index, "it goes on with a stage that its parent has completed") }
            if child.policyVersion < parent.policyVersion {
                complain(index, "its policy version \(child.policyVersion) is older than its parent's")
            }
            if child.cursor.consumed < parent.cursor.consumed {
                complain(index, "its data cursor lies before its parent's")
            }
        }
        if child.attempt < parent.attempt { complain(index, "an earlier attempt than its parent's wrote it") }
    }

    private mutating func checkStates() {
        guard let stateProblem else { return }
        for (index, entry) in chain.enumerated() {
            let problem = stateProblem(entry.manifest.trainerState)
            result.manifests[index].hasState = problem == nil
            // States of complete stages and the newest one are always kept.
            if let problem, entry.manifest.isStageComplete || index == chain.count - 1 {
                complain(index, "its trainer state cannot be loaded: \(problem)")
            }
        }
    }

    private mutating func checkLatest() {
        guard let newest = chain.last else { return }
        guard FileStore.exists(layout.latest) else {
            result.leftovers.append("latest.json is not written yet")
            return
        }
        do {
            let pointer = try JSONValue.parse(FileStore.read(layout.latest))
            let (file, hash) = (try pointer.string(at: "file"), try pointer.string(at: "sha256"))
            if file == newest.file, hash == newest.sha256 { return }
            if chain.contains(where: { $0.file == file && $0.sha256 == hash }) {
                result.leftovers.append("latest.json still points to \(file)")
            } else {
                result.problems.append("latest.json points to \(file), which is not there as it was")
            }
        } catch {
            result.problems.append("latest.json cannot be read: \(error)")
        }
    }

    // MARK: Files

    /// Files that grow; all others are written once.
    static let appendOnly: Set<String> = [RunLayout.metricsName, RunLayout.outcomesName]

    private mutating func checkFiles() {
        var claims: [String: [(index: Int, file: CheckpointManifest.File)]] = [:]
        for (index, entry) in chain.enumerated() {
            for file in entry.manifest.files { claims[file.path, default: []].append((index, file)) }
            // Logs of pending groups are kept for the two newest manifests of a stage; a resume needs those of the newest.
            guard index == chain.count - 1 || index == chain.count - 2 && !chain[index + 1].manifest.isStageComplete
            else { continue }
            for pending in entry.manifest.pending {
                let problem = problems(with: [pending.file], growing: true)[0]
                guard let problem else { continue }
                if index == chain.count - 1 {
                    complain(index, problem)
                } else {
                    result.leftovers.append("the run cannot go back to \(entry.file) any more: \(problem)")
                }
            }
        }
        for (path, claims) in claims.sorted(by: { $0.key < $1.key }) {
            let found = problems(with: claims.map(\.file), growing: Self.appendOnly.contains(path))
            for (claim, problem) in zip(claims, found) { if let problem { complain(claim.index, problem) } }
        }
    }

    /// What is wrong with a file, for each of the claims about it.
    private func problems(with claims: [CheckpointManifest.File], growing: Bool) -> [String?] {
        let name = claims[0].path
        let path = layout.root + "/" + name
        guard FileStore.exists(path) else { return claims.map { _ in "\(name) is missing" } }
        do {
            let size = try FileStore.size(path)
            let digests = try SHA256.hex(file: path, prefixes: claims.map(\.length))
            return zip(claims, digests).map { claim, digest in
                if size < claim.length { return "\(name) holds \(size) bytes, but \(claim.length) were written" }
                if !growing, size > claim.length { return "\(name) holds \(size - claim.length) bytes too many" }
                return digest == claim.sha256 ? nil : "the first \(claim.length) bytes of \(name) have changed"
            }
        } catch {
            return claims.map { _ in error.description }
        }
    }

    // MARK: Leftovers

    private mutating func findLeftovers() throws(TrainingError) {
        let newest = chain.last?.manifest
        for name in [RunLayout.metricsName, RunLayout.outcomesName] {
            let path = layout.root + "/" + name
            guard FileStore.exists(path), let size = try? FileStore.size(path) else { continue }
            let vouched = newest?.files.first { $0.path == name }?.length ?? 0
            if size > vouched {
                result.leftovers.append("\(size - vouched) bytes of \(name) after the newest manifest")
            }
        }
        let trained = newest.map { $0.stage == .reinforcement ? $0.step : 0 } ?? 0
        let pending = Set(newest?.pending.map(\.file.path) ?? [])
        let named = Set(chain.flatMap { $0.manifest.files.map(\.path) })
        for file in try list(layout.rollouts) {
            let step = file.split(separator: ".").first.flatMap { Int($0) } ?? 0
            if step > trained {
                result.leftovers.append("rollouts/\(file), of a step after the newest manifest")
            } else if named.contains(RunLayout.outcomesName), !named.contains("rollouts/\(file)") {
                result.problems.append("rollouts/\(file) is there, but no manifest names it")
            }
        }
        for file in try list(layout.groups) where !pending.contains("groups/\(file)") {
            result.leftovers.append("groups/\(file), finished groups of a step that is not trained yet")
        }
        let rejected = try list(layout.rejectedManifests).count
        if rejected > 0 { result.leftovers.append("\(rejected) manifests that an earlier resume passed over") }
        for directory in [layout.root] + layout.directories {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for name in names.sorted() where name.hasPrefix(".") && name.contains(".partial-") {
                result.leftovers.append("\(directory)/\(name), a file whose writing was interrupted")
            }
        }
    }

    private func list(_ directory: String) throws(TrainingError) -> [String] {
        guard FileStore.exists(directory) else { return [] }
        return try storing { () throws(StorageError) in try FileStore.list(directory) }
    }
}
