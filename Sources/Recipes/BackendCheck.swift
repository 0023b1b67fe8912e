import Backends
import Foundation
import Storage

/// Connects to a recipe's backend as a run would, and says what it is.
public struct BackendCheck {
    private let recipe: Recipe

    public init(_ recipe: Recipe) { self.recipe = recipe }

    public func text() async throws -> String {
        let bench = try Workbench(recipe)
        let checkpoints = NSTemporaryDirectory() + "medresearcher-doctor-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileStore.remove(checkpoints) }
        let connection = try await BackendConnection.open(
            recipe, modelDirectory: recipe.model.base, checkpointDirectory: checkpoints, notice: { _ in })
        let profile = connection.trainer.profile
        await connection.close()
        return """
            recipe     \(recipe.name): reads and resolves
            knowledge  \(bench.graph.triples.count) triples, \(bench.questions.questions.count) certified questions
            tokenizer  \(bench.tokenizer.vocabularySize) tokens
            backend    \(recipe.backend.kind.rawValue) answers and made a trainable model (profile \(profile.name))
                       loss reduction \(profile.lossReduction.rawValue); repeated requests are \
            \(profile.isIdempotent ? "executed once" : "executed again, so training requests are never sent twice"); \
            gradient clipping is \(profile.honoursGradientClip ? "honoured" : "ignored: set gradient_clip_norm to 0")
            """
    }
}
