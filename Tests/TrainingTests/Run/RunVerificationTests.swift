import Foundation
import Primitives
import Storage
import Testing

@testable import Training

@Suite struct RunVerificationTests {
    private let directory: TemporaryDirectory
    private var run: SmallRun

    init() throws {
        directory = try TemporaryDirectory()
        run = SmallRun(path: directory.path + "/run")
        run.configure = { $0.overlap.maximumStaleness = 2 }
    }

    private func verification() throws -> RunVerification {
        try RunVerification.check(run.path) { [backend = run.backend] reference in
            backend.states.withLock { $0[reference] == nil } ? "it is gone" : nil
        }
    }

    private func rewrite(_ file: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try FileStore.read(run.path + "/" + file)
        change(&bytes)
        try FileStore.writeAtomically(bytes, to: run.path + "/" + file)
    }

    /// Gives every manifest the hashes that its files and its parent have now, as a forger would.
    private func sign() throws {
        try FileStore.remove(run.path + "/latest.json")
        let store = try ManifestStore(layout: RunLayout(root: run.path))
        var parent: CheckpointManifest.Parent?
        for entry in store.entries.reversed() {
            var manifest = entry.manifest
            manifest.parent = parent
            for index in manifest.files.indices {
                let path = run.path + "/" + manifest.files[index].path
                manifest.files[index].sha256 = try SHA256.hex(file: path, prefix: manifest.files[index].length)
            }
            let bytes = JSONLines.encode([manifest.json])
            try FileStore.writeAtomically(bytes, to: run.path + "/manifests/" + entry.file)
            parent = CheckpointManifest.Parent(file: entry.file, sha256: SHA256.hex(bytes))
        }
        if let parent {
            let pointer: JSONValue = ["file": .string(parent.file), "sha256": .string(parent.sha256)]
            try FileStore.writeAtomically(JSONLines.encode([pointer]), to: run.path + "/latest.json")
        }
    }

    /// Ends a launch at the first of some points after which there is a manifest of the second stage with pending groups.
    private func interrupt() async throws {
        for point in stride(from: 60, to: 400, by: 3) {
            try? FileManager.default.removeItem(atPath: run.path)
            run.backend.states.withLock { $0 = [:] }
            _ = try? await run.launch(FaultInjector(.crash(at: point)))
            let latest = try? RunDirectory.latestManifest(at: run.path)
            if latest?.stage == .reinforcement, latest?.pending.isEmpty == false { return }
        }
        Issue.record("no launch ended with pending groups")
    }

    @Test func aWholeRunVerifies() async throws {
        try await run.launch()
        let found = try verification()
        #expect(found.isSound, "\(found.lines)")
        #expect(
            found.manifests.map(\.file) == ["000002.sft.json", "000003.sft.json", "000002.rl.json", "000004.rl.json"])
        #expect(found.manifests.map(\.files) == [2, 2, 4, 4], "two logs, and the rollouts of two steps")
        #expect(found.leftovers == [])
        #expect(found.lines.count == 5)
        #expect(found.json["sound"] == true)
    }

    @Test func aRunInUseCanBeLookedAt() async throws {
        try await run.launch()
        let before = try run.snapshot()
        let opened = try await run.directory()
        #expect(try verification().isSound)
        await opened.close()
        #expect(try run.snapshot() == before)
    }

    @Test func whatComesAfterTheNewestManifestIsLeftOver() async throws {
        try await interrupt()
        try Data("{\"torn".utf8).write(to: URL(fileURLWithPath: run.path + "/.metrics.jsonl.partial-1-2"))
        try FileStore.writeAtomically([1], to: run.path + "/rollouts/000004.jsonl.zst")
        let found = try verification()
        #expect(found.isSound, "\(found.lines)")
        #expect(found.leftovers.contains { $0.contains("rollouts/000004.jsonl.zst") }, "\(found.leftovers)")
        #expect(found.leftovers.contains { $0.contains(".partial-1-2") }, "\(found.leftovers)")
    }

    @Test func aRunWithoutAManifestHasNothingToVerify() async throws {
        _ = try? await run.launch(FaultInjector(.crash(at: 12)))
        let found = try verification()
        #expect(found.isSound && found.manifests.isEmpty)
        #expect(found.lines.last?.contains("no manifest yet") == true)
    }

    @Test func whatIsNoRunIsAnError() {
        #expect(throws: TrainingError.self) { try RunVerification.check(directory.path + "/none") }
    }

    // MARK: Damage

    struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The manifest that must be named, or `nil` for a problem of the run.
        var manifest: String?
        var reason: String
        var file: String
        /// `nil` deletes the file.
        var change: (@Sendable (inout [UInt8]) -> Void)?

        init(
            _ name: String, _ file: String, blames manifest: String?, _ reason: String,
            _ change: (@Sendable (inout [UInt8]) -> Void)? = nil
        ) {
            (testDescription, self.file, self.manifest, self.reason, self.change) = (
                name, file, manifest, reason, change
            )
        }
    }

    static let damages = [
        Damage("a changed rollout", "rollouts/000001.jsonl.zst", blames: "000002.rl.json", "have changed") {
            $0[$0.count / 2] ^= 1
        },
        Damage("a deleted rollout", "rollouts/000003.jsonl.zst", blames: "000004.rl.json", "is missing"),
        Damage("a rollout that grew", "rollouts/000002.jsonl.zst", blames: "000002.rl.json", "1 bytes too many") {
            $0.append(0)
        },
        Damage("a shortened rollout", "rollouts/000002.jsonl.zst", blames: "000002.rl.json", "were written") {
            $0.removeLast()
        },
        Damage("lost metrics", "metrics.jsonl", blames: "000004.rl.json", "were written") { $0.removeLast(3) },
        Damage("changed metrics", "metrics.jsonl", blames: "000002.sft.json", "have changed") { $0[20] ^= 1 },
        Damage("a changed outcome", "outcomes.jsonl", blames: "000002.rl.json", "have changed") { $0[20] ^= 1 },
        Damage("no outcomes", "outcomes.jsonl", blames: "000004.rl.json", "is missing"),
        Damage("a forged ancestor", "manifests/000003.sft.json", blames: "000004.rl.json", "another SHA-256") {
            $0 = Array(
                String(decoding: $0, as: UTF8.self).replacingOccurrences(of: "\"attempt\":1", with: "\"attempt\":9")
                    .utf8)
        },
        Damage("a deleted ancestor", "manifests/000002.rl.json", blames: "000004.rl.json", "missing or unreadable"),
        Damage("a torn manifest", "manifests/000004.rl.json", blames: nil, "000004.rl.json is no manifest") {
            $0.removeLast(20)
        },
        Damage("another recipe", "recipe.yaml", blames: "000002.sft.json", "under another recipe") {
            $0.append(UInt8(ascii: "\n"))
        },
        Damage("another lock", "lock.json", blames: nil, "lock.json cannot be read") { $0.removeFirst() },
        Damage("a pointer to nowhere", "latest.json", blames: nil, "which is not there as it was") {
            $0 = Array("{\"file\":\"000009.rl.json\",\"sha256\":\"00\"}\n".utf8)
        },
    ]

    @Test(arguments: damages) func damageIsNamed(damage: Damage) async throws {
        try await run.launch()
        if let change = damage.change {
            try rewrite(damage.file, change)
        } else {
            try FileStore.remove(run.path + "/" + damage.file)
        }
        let found = try verification()
        #expect(!found.isSound)
        let blamed =
            damage.manifest.map { file in found.manifests.first { $0.file == file }?.problems ?? [] }
            ?? found.problems
        #expect(blamed.contains { $0.contains(damage.reason) }, "\(found.lines)")
        #expect(found.lines.last?.contains("does not verify") == true)
    }

    @Test func aLostStateIsNamedWhereAResumeMayNeedIt() async throws {
        var keeping = run
        keeping.keepLast = 1
        try await keeping.launch()
        let sound = try verification()
        #expect(sound.isSound, "\(sound.lines)")
        #expect(sound.manifests.map(\.hasState) == [false, true, true, true])
        run.backend.states.withLock { $0["fake://sft-000003-a1"] = nil }
        #expect(try verification().manifests[1].problems == ["its trainer state cannot be loaded: it is gone"])
    }

    @Test func pendingGroupsBelongToTheNewestManifest() async throws {
        try await interrupt()
        let latest = try #require(try RunDirectory.latestManifest(at: run.path))
        let pending = try #require(latest.pending.first?.file.path)
        try FileStore.remove(run.path + "/" + pending)
        let found = try verification()
        #expect(found.manifests.last?.problems == ["\(pending) is missing"])
    }

    // MARK: Forgeries whose hashes fit

    @Test func outcomesThatAreNotThoseOfTheRolloutsAreNoticed() async throws {
        try await run.launch()
        try rewrite("outcomes.jsonl") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = Array(text.replacingOccurrences(of: "\"place\":1", with: "\"place\":7").utf8)
        }
        try sign()
        let found = try verification()
        #expect(
            found.manifests.last?.problems.contains { $0.contains("is not what outcomes.jsonl says of it") } == true,
            "\(found.lines)")
    }

    @Test func rowsOfAStepThatWasLeftOutAreNoticed() async throws {
        try await run.launch()
        try rewrite("metrics.jsonl") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = Array(
                text.replacingOccurrences(of: "\"stage\":\"rl\",\"step\":3", with: "\"stage\":\"rl\",\"step\":8").utf8)
        }
        try sign()
        let found = try verification()
        #expect(found.problems.contains { $0.contains("rl 8, which does not follow rl 2") }, "\(found.lines)")
    }

    @Test func aManifestThatDoesNotNameItsRolloutsIsNoticed() async throws {
        try await run.launch()
        try rewrite("manifests/000004.rl.json") { bytes in
            guard var manifest = try? CheckpointManifest(json: JSONValue.parse(bytes)) else { return }
            manifest.files.removeAll { $0.path.contains("000003") }
            bytes = JSONLines.encode([manifest.json])
        }
        try sign()
        let found = try verification()
        #expect(found.manifests.last?.problems == ["it names no rollouts of step 3"], "\(found.lines)")
        #expect(found.problems == ["rollouts/000003.jsonl.zst is there, but no manifest names it"])
    }

    /// Times say when something happened and decide nothing.
    @Test(arguments: ["1970-01-01T00:00:00Z", "2999-12-31T23:59:59Z", ""]) func timesDecideNothing(
        time: String
    ) async throws {
        try await run.launch()
        for (index, file) in ["000003.sft.json", "000004.rl.json"].enumerated() {
            try rewrite("manifests/" + file) { bytes in
                guard var manifest = try? CheckpointManifest(json: JSONValue.parse(bytes)) else { return }
                manifest.time = index == 0 ? time : "1999-01-01T00:00:00Z"
                bytes = JSONLines.encode([manifest.json])
            }
        }
        try sign()
        #expect(try verification().isSound)
        let opened = try await run.directory()
        #expect(await opened.latest?.fileName == "000004.rl.json")
        #expect(await opened.notices.isEmpty)
        await opened.close()
    }
}
