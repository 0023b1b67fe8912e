import EmbeddedBackend
import Training

extension Recipe {
    /// Looks at everything that a run's manifests vouch for; at the trainer states too, where the run keeps them itself.
    public static func verification(ofRun directory: String) throws -> RunVerification {
        // A damaged recipe is one of the findings, so it need not be one that can be read.
        let recipe = try? Recipe.load(run: directory)
        guard recipe?.backend.kind == .embedded else { return try RunVerification.check(directory) }
        let checkpoints = EmbeddedCheckpoints(directory: RunLayout(root: directory).checkpoints)
        return try RunVerification.check(directory) { checkpoints.problem(with: $0) }
    }
}
