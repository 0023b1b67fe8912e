import EmbeddedBackend
import Storage
import Training

/// The weights that a run on the embedded backend ended with, as a Hugging Face model directory with its tokenizer.
struct FinishedModel {
    let manifest: CheckpointManifest
    let layout: RunLayout
    /// The `tokenizer.json` to put beside the weights.
    let tokenizer: String

    func write(to directory: String) throws(StorageError) {
        let checkpoints = EmbeddedCheckpoints(directory: layout.checkpoints)
        guard let state = checkpoints.modelDirectory(of: manifest.trainerState) else { return }
        try FileStore.createDirectory(directory)
        for file in ["config.json", "generation_config.json", "model.safetensors"] {
            try FileStore.writeAtomically(FileStore.read(state + "/" + file), to: directory + "/" + file)
        }
        try FileStore.writeAtomically(FileStore.read(tokenizer), to: directory + "/tokenizer.json")
    }
}
