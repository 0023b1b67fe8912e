import Foundation
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

    /// Writes what a state trained as a Hugging Face model directory, created where it is missing: the matrices with any
    /// adapter merged into them, and the adapter by itself in PEFT layout in `adapter/`. Does nothing for a reference
    /// that is not one of this backend.
    /// - Parameter base: the Hugging Face directory of the model that an adapter was trained on.
    public func export(_ reference: String, base: String, to directory: String) async throws {
        guard let state = modelDirectory(of: reference) else { return }
        try await BlockingWork.run {
            try FileStore.createDirectory(directory)
            guard AdapterWeights.isPresent(in: state) else {
                for file in ["config.json", "generation_config.json", "model.safetensors"] {
                    try FileStore.writeAtomically(FileStore.read(state + "/" + file), to: directory + "/" + file)
                }
                return
            }
            let adapted = try DecoderWeights.load(directory: base).adapted(byAdapterIn: state)
            try adapted.saveMerged(directory: directory)
            // Beside `config.json`, transformers would take the adapter's files for a model without matrices.
            try FileStore.createDirectory(directory + "/adapter")
            try adapted.save(directory: directory + "/adapter")
        }
    }

    /// Copies a trainer state of another directory into this one, unless that was done before, so that servers of this
    /// directory can load it.
    /// - Returns: the copy's reference, the same for the same state.
    public func adopt(_ reference: String, from other: EmbeddedCheckpoints) async throws -> String {
        let source = try CheckpointReference(path: reference)
        let (directory, origin) = (directory, other.directory)
        return try await BlockingWork.run {
            let (store, originStore) = (CheckpointStore(root: directory), CheckpointStore(root: origin))
            let found = try originStore.description(of: source)
            // A version is never given twice, so that the copy of another state cannot be taken for this one's.
            let copy = try CheckpointReference(
                modelID: Self.adoptedPrefix + found.version, kind: source.kind, name: source.name)
            if store.exists(copy) { return copy.path }
            let files = originStore.directory(of: source)
            try store.save(
                NewCheckpoint(reference: copy, baseModel: found.baseModel, adapter: found.adapter)
            ) { place in
                for file in try FileStore.list(files) where file != CheckpointStore.descriptionFile {
                    try FileManager.default.copyItem(atPath: files + "/" + file, toPath: place + "/" + file)
                }
            }
            return copy.path
        }
    }

    private static let adoptedPrefix = "adopted-"

    /// Why a reference cannot be loaded, or `nil` where it can.
    public func problem(with reference: String) -> String? {
        guard let path = modelDirectory(of: reference) else { return "`\(reference)` is no checkpoint reference" }
        let isAdapter = FileStore.exists(path + "/adapter_config.json")
        let weights = isAdapter ? ["adapter_model.safetensors"] : ["config.json", "model.safetensors"]
        for file in (weights + ["optimizer.safetensors"]).map({ path + "/" + $0 }) {
            guard FileStore.exists(file) else { return "\(file) is missing" }
            guard file.hasSuffix(".safetensors") else { continue }
            // The header says how long the file has to be.
            do { _ = try SafeTensorsFile(file) } catch { return error.description }
        }
        return nil
    }

    /// Deletes a state; one that is gone already is no error.
    public func delete(_ reference: String) throws(StorageError) {
        if let path = modelDirectory(of: reference) { try FileStore.remove(path) }
    }
}
