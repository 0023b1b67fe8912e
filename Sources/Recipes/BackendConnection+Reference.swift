import Backends
import EmbeddedBackend

/// Which policy a trained one is compared with (`rl.kl.reference`).
enum ReferenceKind: Sendable, Equatable {
    /// The model that the run started from.
    case base
    /// A trainer state.
    /// - Parameter checkpoints: the directory of the embedded backend that wrote it, where that is not the run's own.
    case state(String, checkpoints: String? = nil)
}

extension BackendConnection {
    /// Makes a second model on the same server, in the same session, which is never trained. It is freed with the
    /// connection.
    /// - Throws: ``RecipeError`` where the server has no place for it or cannot load it; other failures as they are.
    func openReference(_ kind: ReferenceKind) async throws -> any ReferencePolicy {
        if let places = trainer.profile.adapterSlots, places < 2 {
            throw unavailable("the backend has places for \(places) model only (backend.profile.adapter_slots)")
        }
        var state: String?
        if case .state(let reference, let checkpoints) = kind {
            state = reference
            // Servers load what is below their own directory.
            if recipe.backend.kind == .embedded, let checkpoints, checkpoints != directories.checkpoints {
                state = try await EmbeddedCheckpoints(directory: directories.checkpoints)
                    .adopt(reference, from: EmbeddedCheckpoints(directory: checkpoints))
            }
        }
        do throws(BackendError) {
            return UntrainedReference(try await model(loading: state))
        } catch {
            switch error {
            case .rejected(_, let status, _) where status < 500: throw unavailable("\(error)")
            case .failed(_, "user", _), .unsupported, .invalidRequest: throw unavailable("\(error)")
            default: throw error
            }
        }
    }

    /// A model as the run's own was at its beginning: adapters change nothing before they are trained.
    private func model(loading state: String?) async throws(BackendError) -> TinkerTrainer {
        let model = try await session.createTrainer(
            baseModel: Self.baseModel(recipe), loraRank: Self.rank(recipe), seed: Int(recipe.seed))
        references.withLock { $0.append(model) }
        if let state { try await model.loadState(from: state) }
        return model
    }

    private func unavailable(_ reason: String) -> RecipeError {
        RecipeError(problems: [
            .init(
                place: recipe.places["rl.kl.reference"] ?? .init(source: recipe.name, line: 0),
                text:
                    "rl.kl.reference needs a second model on the backend beside the one that is trained, but \(reason); "
                    + "use a backend with a place for it, or remove the key")
        ])
    }
}
