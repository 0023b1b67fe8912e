import Storage

/// The trainer states that embedded servers wrote into one checkpoint directory.
public struct EmbeddedCheckpoints: Sendable {
    private let directory: String

    public init(directory: String) { self.directory = directory }

    /// The Hugging Face model directory of a `tinker://` reference, whether or not it exists; `nil` for other text.
    public func modelDirectory(of reference: String) -> String? {
        guard let parsed = try? CheckpointReference(path: reference) else { return nil }
        return CheckpointStore(root: directory).directory(of: parsed)
    }

    /// Why a reference cannot be loaded, or `nil` where it can.
    public func problem(with reference: String) -> String? {
        guard let path = modelDirectory(of: reference) else { return "`\(reference)` is no checkpoint reference" }
        let isAdapter = FileStore.exists(path + "/adapter_config.json")
        let weights = isAdapter ? ["adapter_model.safetensors"] : ["config.json", "model.safetensors"]
        for file in weights + ["optimizer.safetensors"] where !FileStore.exists(path + "/" + file) {
            return "\(path)/\(file) is missing"
        }
        return nil
    }

    /// Deletes a state; one that is gone already is no error.
    public func delete(_ reference: String) throws(StorageError) {
        if let path = modelDirectory(of: reference) { try FileStore.remove(path) }
    }
}
