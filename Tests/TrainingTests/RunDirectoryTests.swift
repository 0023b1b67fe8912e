import Backends
import Foundation
import Primitives
import Storage
import Testing

@testable import Training

@Suite struct RunDirectoryTests {
    private let directory: TemporaryDirectory
    private let run: SmallRun

    init() throws {
        directory = try TemporaryDirectory()
        run = SmallRun(path: directory.path + "/run")
    }

    private func rewrite(_ file: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try FileStore.read(run.path + "/" + file)
        change(&bytes)
        try FileStore.writeAtomically(bytes, to: run.path + "/" + file)
    }

    @Test func anExistingDirectoryIsRefused() async throws {
        try await run.launch()
        await #expect {
            _ = try await RunDirectory.create(at: run.path, description: run.description)
        } throws: { error in
            guard case TrainingError.runExists(let path) = error else { return false }
            return path == run.path && "\(error)".contains("resume")
        }
    }

    @Test func aMissingRunIsNamed() async {
        await #expect {
            _ = try await RunDirectory.open(at: directory.path + "/none", description: run.description)
        } throws: { error in
            if case TrainingError.noRun = error { "\(error)".contains("recipe.yaml") } else { false }
        }
    }

    @Test func aSecondProcessIsKeptOut() async throws {
        let first = try await run.directory()
        await #expect {
            _ = try await run.directory()
        } throws: { error in
            if case TrainingError.runInUse = error { true } else { false }
        }
        await first.close()
        await (try run.directory()).close()
    }

    @Test func recipeAndInputsAreLocked() async throws {
        try await run.launch()
        let lock = try JSONValue.parse(FileStore.read(run.path + "/lock.json"))
        #expect(lock["recipe_sha256"]?.stringValue == SHA256.hex(Array(run.recipe.utf8)))
        #expect(try RunDirectory.storedRecipe(at: run.path) == run.recipe)
    }

    @Test func aChangedRecipeIsRefusedWithItsLines() async throws {
        try await run.launch()
        var changed = run
        changed.recipe = "name: small\nseed: 8\n"
        await #expect {
            _ = try await changed.directory()
        } throws: { error in
            guard case TrainingError.recipeChanged(_, _, _, let differences) = error else { return false }
            return differences == ["- 2: seed: 7", "+ 2: seed: 8"] && "\(error)".contains("+ 2: seed: 8")
        }
    }

    @Test func aChangedInputIsRefused() async throws {
        try await run.launch()
        let description = RunDescription(
            name: "small", recipe: run.recipe, inputs: [.init(name: "graph", sha256: "def")], toolVersion: "1.0")
        await #expect {
            _ = try await RunDirectory.open(at: run.path, description: description)
        } throws: { error in
            guard case TrainingError.inputChanged(_, let name, let stored, let given) = error else { return false }
            return (name, stored, given) == ("graph", "abc", "def")
        }
    }

    @Test func anotherToolVersionIsNoticed() async throws {
        try await run.launch()
        var description = run.description
        description.toolVersion = "1.1"
        let opened = try await RunDirectory.open(at: run.path, description: description)
        #expect(await opened.notices.contains { $0.contains("1.0") && $0.contains("1.1") })
        await opened.close()
    }

    @Test func aFinishedRunHasNothingToDo() async throws {
        try await run.launch()
        let before = try run.snapshot()
        let opened = try await run.directory()
        #expect(await opened.isComplete(stages: [.supervised, .reinforcement]))
        await opened.close()
        let again = try await run.launch()
        #expect(again.outcomes.allSatisfy { $0.wasAlreadyComplete })
        #expect(try run.snapshot() == before)
    }

    @Test func anUnfinishedRunIsNotComplete() async throws {
        _ = try? await run.launch(FaultInjector(.crash(at: 60)))
        let opened = try await run.directory()
        #expect(await !opened.isComplete(stages: [.supervised, .reinforcement]))
        await opened.close()
    }

    @Test func everyLaunchHasItsLog() async throws {
        _ = try? await run.launch(FaultInjector(.crash(at: 60)))
        try await run.launch()
        #expect(try FileStore.list(run.path + "/logs").sorted() == ["attempt-1.log", "attempt-2.log"])
    }

    // MARK: Manifests

    @Test func manifestsFormAChainThatLatestPointsTo() async throws {
        try await run.launch()
        let store = try ManifestStore(layout: RunLayout(root: run.path))
        #expect(
            store.entries.map(\.file) == ["000004.rl.json", "000002.rl.json", "000003.sft.json", "000002.sft.json"])
        let chain = try store.chain(of: store.entries[0]).get()
        #expect(chain.map(\.manifest.sequence) == [1, 2, 3, 4])
        let latest = try JSONValue.parse(FileStore.read(run.path + "/latest.json"))
        #expect(latest["file"]?.stringValue == "000004.rl.json")
        #expect(latest["sha256"]?.stringValue == store.entries[0].sha256)
    }

    @Test func aRunInUseCanBeLookedAt() async throws {
        try await run.launch()
        let opened = try await run.directory()
        #expect(try RunDirectory.latestManifest(at: run.path)?.fileName == "000004.rl.json")
        #expect(await opened.namedStates.last == "fake://rl-000004-a1")
        await opened.close()
        #expect(throws: TrainingError.self) { try RunDirectory.latestManifest(at: run.path + "/none") }
    }

    @Test func manifestsReadBack() async throws {
        try await run.launch()
        for entry in try ManifestStore(layout: RunLayout(root: run.path)).entries {
            #expect(try CheckpointManifest(json: entry.manifest.json) == entry.manifest)
        }
    }

    @Test(arguments: ["manifest", "metrics", "state"]) func aBrokenNewestManifestFallsBack(what: String) async throws {
        let expected = try await {
            let directory = try TemporaryDirectory()
            let whole = SmallRun(path: directory.path + "/run")
            try await whole.launch()
            return try whole.snapshot()
        }()
        try await run.launch()
        switch what {
        case "manifest": try rewrite("manifests/000004.rl.json") { $0.removeLast(20) }
        case "metrics": try rewrite("metrics.jsonl") { $0.removeLast(5) }
        default:
            let newest = try ManifestStore(layout: RunLayout(root: run.path)).entries[0].manifest
            run.backend.states.withLock { $0[newest.trainerState] = nil }
        }
        let opened = try await run.directory()
        #expect(await opened.latest?.fileName == "000002.rl.json")
        #expect(await opened.notices.contains { $0.contains("000004.rl.json") && $0.contains("passed over") })
        await opened.close()
        try await run.launch()
        #expect(try run.snapshot() == expected)
        #expect(try FileStore.list(run.path + "/manifests/rejected") == ["000004.rl.json.1"])
    }

    /// What no other file would notice: the number would go on into the metrics.
    @Test func aChangedNumberInTheNewestManifestIsNoticed() async throws {
        try await run.launch()
        try rewrite("manifests/000004.rl.json") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = Array(
                text.replacingOccurrences(of: #""policy_version":"#, with: #""policy_version":1"#).utf8)
        }
        let opened = try await run.directory()
        #expect(await opened.latest?.fileName == "000002.rl.json")
        #expect(await opened.notices.contains { $0.contains("latest.json names it with another SHA-256") })
        await opened.close()
    }

    @Test func aForgedAncestorBreaksTheChain() async throws {
        try await run.launch()
        try rewrite("manifests/000002.sft.json") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = Array(text.replacingOccurrences(of: #""attempt":1"#, with: #""attempt":9"#).utf8)
        }
        let opened = try await run.directory()
        #expect(await opened.latest?.fileName == "000002.sft.json")
        #expect(await opened.notices.contains { $0.contains("another SHA-256") })
        await opened.close()
    }

    @Test func aRunWithoutAnyValidManifestIsNotStartedAgain() async throws {
        try await run.launch()
        for file in try FileStore.list(run.path + "/manifests") where file.hasSuffix(".json") {
            try rewrite("manifests/" + file) { $0.removeLast(20) }
        }
        await #expect {
            _ = try await run.directory()
        } throws: { error in
            guard case TrainingError.noValidManifest(_, let reasons) = error else { return false }
            return reasons.count == 4
        }
        #expect(try run.rows().count > 0)
    }

    @Test func onlyTheLastStatesAreKeptBesidesThoseOfCompleteStages() async throws {
        var keeping = run
        keeping.keepLast = 1
        try await keeping.launch()
        let deleted = keeping.backend.deleted.withLock { $0 }
        #expect(deleted.isEmpty == false)
        let kept = keeping.backend.states.withLock { $0.keys.sorted() }
        #expect(kept == ["fake://rl-000002-a1", "fake://rl-000004-a1", "fake://sft-000003-a1"])
    }

    /// A data set of another size gives another cursor, and going on would repeat or skip examples.
    @Test func anotherDataSetIsRefused() async throws {
        for point in 10..<60 where !FileStore.exists(run.path + "/manifests/000002.sft.json") {
            try? FileManager.default.removeItem(atPath: run.path)
            run.backend.states.withLock { $0 = [:] }
            _ = try? await run.launch(FaultInjector(.crash(at: point)))
        }
        let opened = try await run.directory()
        let stage = try SFTStage(
            configuration: SFTConfiguration(
                steps: 3, schedule: LearningRateSchedule(peak: 1, totalSteps: 3),
                optimizer: AdamParameters(learningRate: 1)),
            source: ShuffledExamples(examples: SmallRun.examples, batchSize: 1, seed: 7))
        await #expect {
            _ = try await stage.run(
                in: StageContext(
                    run: opened, trainer: FakeTrainer(backend: run.backend, faults: FaultInjector()),
                    checkpoints: CheckpointPolicy(every: 1)))
        } throws: { error in
            guard case TrainingError.cursorMismatch(_, let stored, let computed) = error else { return false }
            return stored.consumed == 4 && computed.consumed == 2
        }
        await opened.close()
    }

    // MARK: A full disk

    @Test(arguments: ["manifests/000004.rl.json", "metrics.jsonl", "rollouts/000004.jsonl.zst"])
    func aFullDiskIsNamedAndLosesNothing(file: String) async throws {
        let full = run.path + "/" + file
        let opened = try await RunDirectory.create(at: run.path, description: run.description) {
            path throws(StorageError) in
            if path == full, FileManager.default.fileExists(atPath: run.path + "/manifests/000002.rl.json") {
                throw .system(path: path, operation: "write", code: ENOSPC)
            }
        }
        await #expect {
            try await run.launch(FaultInjector(), in: opened)
        } throws: { error in
            guard case TrainingError.storage(let cause) = error else { return false }
            return cause.isDiskFull && "\(error)".contains(file) && "\(error)".contains("disk is full")
        }
        await opened.close()
        let again = try await run.directory()
        #expect(await again.latest?.fileName == "000002.rl.json")
        #expect(await again.notices.isEmpty)
        await again.close()
        try await run.launch()
        #expect(try run.snapshot().manifests.count == 4)
    }
}
