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
}
