import EmbeddedBackend
import Storage
import Training

/// The weights that a run on the embedded backend ended with, as a Hugging Face model directory with its tokenizer; an
/// adapter is merged into them and also written by itself (see ``EmbeddedCheckpoints/export(_:base:to:)``).
struct FinishedModel {
    let manifest: CheckpointManifest
    let layout: RunLayout
    /// The directory of the model that the run started from.
    let base: String
    /// The `tokenizer.json` to put beside the weights.
    let tokenizer: String

    func write(to directory: String) async throws {
        let checkpoints = EmbeddedCheckpoints(directory: layout.checkpoints)
        guard checkpoints.modelDirectory(of: manifest.trainerState) != nil else { return }
        try await checkpoints.export(manifest.trainerState, base: base, to: directory)
        try FileStore.writeAtomically(FileStore.read(tokenizer), to: directory + "/tokenizer.json")
    }

    /// Whether ``write(to:)`` would change nothing: the files that it writes last have the bytes that it would write.
    /// Where the run's checkpoint is gone, the presence of the files has to do.
    func isWritten(to directory: String) async throws -> Bool {
        let checkpoints = EmbeddedCheckpoints(directory: layout.checkpoints)
        guard let state = checkpoints.modelDirectory(of: manifest.trainerState) else { return true }
        let tokenizer = tokenizer
        return try await BlockingWork.run {
            let adapter = state + "/adapter_model.safetensors"
            let pairs =
                FileStore.exists(adapter)
                ? [(adapter, directory + "/adapter/adapter_model.safetensors")]
                : [(state + "/model.safetensors", directory + "/model.safetensors")]
            for (source, copy) in pairs + [(tokenizer, directory + "/tokenizer.json")] {
                guard FileStore.exists(copy) else { return false }
                if FileStore.exists(source), try FileStore.read(source) != FileStore.read(copy) { return false }
            }
            return true
        }
    }
}
