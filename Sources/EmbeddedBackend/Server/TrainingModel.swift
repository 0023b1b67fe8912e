/// The server's side of one training model: its queue of requests and what became of each.
///
/// Owned by ``TinkerService``, never shared.
struct TrainingModel {
    /// A request that was accepted, or refused with its sequence number consumed.
    struct Submission {
        var kind: String
        /// The hash of the request's body, to tell a repetition from a different request with the same number.
        var digest: Int
        var outcome: Result<String, ServiceError>
    }

    /// What a sequence number stands for in the queue.
    enum Entry {
        case operation(TrainingOperation, promise: String, respond: Responder)
        case refused(kind: String, ServiceError)
    }

    /// How the result of an operation is written.
    enum Responder {
        case createdModel
        case forward(TrainingBatch)
        case optimizerStep
        case path(type: String, CheckpointReference)
        case loadedWeights(CheckpointReference)
        /// - isHeld: whether the client will close it.
        case samplingSession(sequence: Int, isHeld: Bool)
    }

    let sessionID: String
    let base: ModelCatalog.Entry
    let worker: ModelWorker
    var run: RunDescription
    /// Number 0 opens the model; clients count from 1.
    var queue = SequencedQueue<Entry>(startingAt: 0)
    var submissions: [Int: Submission] = [:]
    /// Checkpoints that are about to be written.
    var pendingCheckpoints: Set<CheckpointReference> = []
    var isDraining = false

    var id: String { run.modelID }
}
