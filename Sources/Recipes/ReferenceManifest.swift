import Primitives
import Storage
import Training

/// The manifest that `rl.kl.manifest` names.
enum ReferenceManifest {
    /// The manifest's fingerprint, for `lock.json`; none where the recipe names no manifest.
    /// - Throws: as ``kind(of:)``, so that a wrong path is told before anything is trained.
    static func inputs(of recipe: Recipe) throws -> [RunDescription.Input] {
        guard let path = recipe.reinforcement?.objective.reference?.manifest else { return [] }
        _ = try kind(of: recipe)
        return [RunDescription.Input(name: "reference_manifest", sha256: try SHA256.hex(file: path))]
    }

    /// - Throws: ``RecipeError`` where the file is no manifest.
    static func kind(of recipe: Recipe) throws -> ReferenceKind {
        let path = recipe.reinforcement?.objective.reference?.manifest ?? ""
        do {
            let manifest = try CheckpointManifest(json: try JSONValue.parse(try FileStore.read(path)))
            let run = path.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
            return .state(manifest.trainerState, checkpoints: RunLayout(root: run).checkpoints)
        } catch {
            throw RecipeError(problems: [
                .init(
                    place: recipe.places["rl.kl.manifest"] ?? .init(source: recipe.name, line: 0),
                    text:
                        "rl.kl.manifest must be a manifest of a run (manifests/NNNNNN.STAGE.json), but \(path) is not: "
                        + "\(error)")
            ])
        }
    }
}
