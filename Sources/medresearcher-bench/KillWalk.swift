import Foundation
import Storage
import Training

/// A short run of the real program in a directory of its own, which is removed at the end.
final class KillWalk {
    /// Where the program is, and the files that its recipe names.
    struct Setting {
        var program: String
        /// The directory of the quick start's `base` and `knowledge`.
        var quickstart: String

        /// Overlap, dynamic sampling, replay and a manifest every third step, in some seconds.
        var recipe: String {
            """
            name: walk
            seed: 7
            model:
              base: \(quickstart)/base
            backend: {kind: embedded, threads: 2}
            knowledge:
              graph: \(quickstart)/knowledge
            synthesis: {held_out_questions: 16, supervised_questions: 12}
            agent: {turns: 4, episode_tokens: 384, concurrency: 16}
            sft:
              steps: 4
              batch_size: 4
              optimizer: {learning_rate: 2.0e-3}
            rl:
              steps: 9
              groups_per_step: 2
              group_size: 4
              evaluate_every: 4
              async: {max_staleness: 2}
              dynamic_sampling: {maximum_candidates: 4}
              curriculum:
                replay: {groups_per_step: 1}
              reward:
                task: 3
                repetition: {weight: 1, ngram: 2}
            evaluation: {questions: 6}
            checkpoints: {every: 3}
            """
        }
    }

    /// What a run comes to.
    struct Result: Equatable {
        var rewards: String
        var weights: String
    }

    let directory: String
    let setting: Setting
    private static let runName = "walk"

    init(_ setting: Setting) throws {
        self.setting = setting
        directory = NSTemporaryDirectory() + "medresearcher-kills-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try setting.recipe.write(toFile: directory + "/walk.yaml", atomically: true, encoding: .utf8)
    }

    /// A walk that goes on where another one lies.
    convenience init(copying other: KillWalk) throws {
        try self.init(other.setting)
        try FileManager.default.createDirectory(atPath: directory + "/Runs", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: other.run, toPath: run)
        try? FileManager.default.removeItem(atPath: run + "/.in-use")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The run directory.
    var run: String { directory + "/Runs/" + Self.runName }

    func start(_ arguments: [String], name: String = "program") throws -> ChildProgram {
        try ChildProgram(setting.program, arguments, in: directory, name: name)
    }

    func startTraining() throws -> ChildProgram { try start(["train", "walk.yaml"]) }

    func startResuming(name: String = "program") throws -> ChildProgram {
        try start(["resume", "Runs/" + Self.runName], name: name)
    }

    /// Resumes, or begins again where a kill came before there was anything to resume.
    func startContinuing() throws -> ChildProgram {
        if FileManager.default.fileExists(atPath: run + "/recipe.yaml") { return try startResuming() }
        try? FileManager.default.removeItem(atPath: run)
        return try startTraining()
    }

    /// `nil` where there is nothing to verify yet.
    func verify() throws -> ChildProgram.Outcome? {
        guard FileManager.default.fileExists(atPath: run + "/recipe.yaml") else { return nil }
        return try start(["runs", "verify", "Runs/" + Self.runName], name: "verify").wait()
    }

    func result() throws -> Result {
        Result(
            rewards: try FileStore.readText(run + "/rewards.csv"),
            weights: try SHA256.hex(file: run + "/model/model.safetensors"))
    }

    // MARK: Files of the run

    func files(_ folder: String) -> [String] {
        ((try? FileStore.list(run + "/" + folder)) ?? []).filter { !FileStore.isDirectory(run + "/\(folder)/\($0)") }
            .map { folder + "/" + $0 }
    }

    /// The manifests' files, newest first.
    var manifests: [String] {
        files("manifests").filter { $0.hasSuffix(".json") }.sorted { age($0) > age($1) }
    }

    private func age(_ manifest: String) -> (Int, String) {
        (manifest.contains(".rl.") ? 1 : 0, manifest)
    }

    func change(_ file: String, _ work: (inout [UInt8]) -> Void) throws {
        var bytes = try FileStore.read(run + "/" + file)
        work(&bytes)
        try Data(bytes).write(to: URL(fileURLWithPath: run + "/" + file))
    }

    /// Lets `latest.json` name the newest manifest as it is now.
    func signNewestManifest() throws {
        let file = manifests[0]
        let hash = try SHA256.hex(file: run + "/" + file)
        let name = file.replacing("manifests/", with: "")
        try change("latest.json") { $0 = Array("{\"file\":\"\(name)\",\"sha256\":\"\(hash)\"}\n".utf8) }
    }

    func remove(_ file: String) throws { try FileStore.remove(run + "/" + file) }

    /// Waits until a file of the run is there; false where the program ended first.
    func wait(for file: String, while program: ChildProgram) -> Bool {
        while program.isRunning {
            if FileManager.default.fileExists(atPath: run + "/" + file) { return true }
            Thread.sleep(forTimeInterval: 0.002)
        }
        return false
    }
}
