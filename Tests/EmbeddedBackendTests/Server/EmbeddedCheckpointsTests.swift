import Foundation
import Storage
import Testing

@testable import EmbeddedBackend

/// What a finished run leaves: a model directory that needs nothing of this program.
@Suite struct EmbeddedCheckpointsTests {
    private static let batch = DecoderPropertyTests.sequences(3, seed: 12)

    /// Saves what a trainer holds as a checkpoint, exports it, and hands over the path of the checkpoint's directory and
    /// of the exported one.
    private static func export(
        _ trainer: DecoderTrainer, _ body: (_ state: String, _ exported: String) throws -> Void
    ) async throws {
        let root = NSTemporaryDirectory() + "medresearcher-export-\(UUID().uuidString)"
        defer { try? FileStore.remove(root) }
        let base = root + "/base"
        try FileStore.createDirectory(base)
        try AdapterTests.base.save(directory: base)
        let reference = try CheckpointReference(path: "tinker://model_000001/weights/final")
        try FileStore.createDirectory(root + "/checkpoints")
        let store = CheckpointStore(root: root + "/checkpoints")
        try store.save(NewCheckpoint(reference: reference, baseModel: "base")) { try trainer.saveState(directory: $0) }
        let exported = root + "/run/model"
        try await EmbeddedCheckpoints(directory: store.root).export(reference.path, base: base, to: exported)
        try body(store.directory(of: reference), exported)
    }

    @Test(arguments: AdapterTests.kinds)
    func anAdapterIsMergedAndKeptBesides(_ kind: AdapterConfiguration) async throws {
        let trainer = try AdapterTests.trained(kind)
        let expected = try trainer.forward(Self.batch)
        try await Self.export(trainer) { state, exported in
            let files = try FileStore.list(exported)
            #expect(files == ["adapter", "config.json", "generation_config.json", "model.safetensors"])
            let merged = try DecoderWeights.load(directory: exported)
            #expect(try DecoderTrainer(weights: merged, threads: 1).forward(Self.batch) == expected)
            for file in ["adapter_config.json", "adapter_model.safetensors"] {
                #expect(try FileStore.read(exported + "/adapter/" + file) == FileStore.read(state + "/" + file))
            }
        }
    }

    @Test func aWholeModelIsWrittenAsItWasSaved() async throws {
        let trainer = DecoderTrainer(weights: AdapterTests.base, threads: 1)
        try AdapterTests.step(trainer, 0)
        try await Self.export(trainer) { state, exported in
            let files = try FileStore.list(exported)
            #expect(files == ["config.json", "generation_config.json", "model.safetensors"])
            for file in files {
                #expect(try FileStore.read(exported + "/" + file) == FileStore.read(state + "/" + file))
            }
        }
    }

    @Test func anotherServersReferenceIsLeftAlone() async throws {
        let directory = NSTemporaryDirectory() + "medresearcher-export-\(UUID().uuidString)"
        try await EmbeddedCheckpoints(directory: directory).export("elsewhere", base: "none", to: directory)
        #expect(!FileStore.exists(directory))
    }
}
