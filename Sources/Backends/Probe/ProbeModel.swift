import Primitives
import Transport

/// Throw-away models to measure a server on. One exists at a time, in a session of its own; after a refused request it is
/// unloaded and the next measurement gets a new one, so that no measurement depends on what servers do with the `seq_id` of a
/// refused request. No model that a run trains is ever touched.
final class ProbeModel {
    let endpoint: TinkerEndpoint
    private let transport: HTTPClient
    private let baseModel: String
    private let loraRank: Int?
    private let notice: @Sendable (String) -> Void
    private var current: TinkerTrainer?

    init(
        endpoint: TinkerEndpoint, transport: HTTPClient, baseModel: String, loraRank: Int?,
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.endpoint = endpoint
        self.transport = transport
        self.baseModel = baseModel
        self.loraRank = loraRank
        self.notice = notice
    }

    func trainer() async throws(BackendError) -> TinkerTrainer {
        if let current { return current }
        let session = try await TinkerSession.connect(
            endpoint, transport: transport, tags: ["medresearcher", "probe"], notice: notice)
        do throws(BackendError) {
            let trainer = try await session.createTrainer(baseModel: baseModel, loraRank: loraRank, seed: 1)
            current = trainer
            return trainer
        } catch {
            await session.close()
            throw error
        }
    }

    /// Unloads the model, so that the next measurement gets a new one.
    func discard() async {
        await current?.close()
        current = nil
    }

    /// Runs one measurement. A refusal by the server is a result; what would make every measurement fail is thrown.
    func attempt<Value>(
        _ measure: (TinkerTrainer) async throws(BackendError) -> Value
    ) async throws(BackendError) -> Result<Value, BackendError> {
        let trainer = try await trainer()
        do throws(BackendError) {
            return .success(try await measure(trainer))
        } catch {
            await discard()
            if !error.isRefusal { throw error }
            return .failure(error)
        }
    }
}

extension BackendError {
    /// Whether the server answered, and the answer was that it will not or cannot do this.
    var isRefusal: Bool {
        switch self {
        case .rejected, .failed, .garbage, .unsupported, .invalidRequest, .trainerUnusable, .spendLimitReached: true
        case .unreachable, .timedOut, .unauthorized, .fateUnknown, .paymentRequired, .sessionEnded, .cancelled,
            .transport:
            false
        }
    }
}
