/// Why a rollout fleet did not do what was asked. Every text names the replica and what to do; none holds an API key.
public enum FleetError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No connection.
    case unreachable(url: String, detail: String)
    /// No answer within the deadline.
    case timedOut(url: String, operation: String, after: Duration)
    /// The connection broke after the request had been sent.
    case interrupted(url: String, operation: String, detail: String)
    /// 401 or 403; `variable` is the environment variable that the key was read from.
    case unauthorized(url: String, status: Int, variable: String?)
    /// 429, or 503 of a server that is up: ask later or elsewhere.
    case busy(url: String, operation: String, status: Int)
    /// Any other status that is not 2xx, or an answer that says the operation failed.
    case refused(url: String, operation: String, status: Int, detail: String)
    /// The answer is not what the engine's documentation says; `received` is its beginning.
    case notUnderstood(url: String, operation: String, expected: String, received: String)
    /// The replica does not hold the weights that it was asked to sample.
    case weightsMissing(url: String, weights: String, detail: String)
    /// The answer was drawn from other weights than those asked for, and was thrown away.
    case staleWeights(url: String, expected: String, received: String)
    /// The engine gave a sequence up before it was finished.
    case aborted(url: String, detail: String)
    /// The parameters make logprobs that training cannot use.
    case unsuitableSampling(detail: String)
    /// The caller's arguments cannot be sent.
    case invalidRequest(detail: String)
    /// No replica could answer; one line for each.
    case noReplica(operation: String, waited: Duration, problems: [String])
    /// No replica loaded the new weights; one line for each.
    case publicationFailed(weights: String, directory: String, problems: [String])
    /// The trainer's reference to saved weights names nothing that the fleet can read.
    case weightsNotFound(reference: String, detail: String)
    /// These weights were replaced by newer ones.
    case retired(weights: String)
    case closed
    case cancelled(operation: String)

    public var description: String {
        switch self {
        case .unreachable(let url, let detail):
            "cannot reach the rollout replica \(url): \(detail); check that its engine runs and that `sampler.urls` is right"
        case .timedOut(let url, let operation, let after):
            "the rollout replica \(url) has not finished \(operation) within \(after); look at the engine's log, or raise "
                + "`sampler.request_seconds`"
        case .interrupted(let url, let operation, let detail):
            "the connection to the rollout replica \(url) broke during \(operation): \(detail); look for a crash in the "
                + "engine's log"
        case .unauthorized(let url, let status, let variable):
            "the rollout replica \(url) refused the API key (status \(status)); "
                + (variable.map { "put a valid key into the environment variable \($0)" }
                    ?? "name the environment variable that holds the key in the recipe's `sampler.api_key_env`")
        case .busy(let url, let operation, let status):
            "the rollout replica \(url) is too busy for \(operation) (status \(status)); lower `sampler.concurrency` or add "
                + "replicas"
        case .refused(let url, let operation, let status, let detail):
            "the rollout replica \(url) refused \(operation) (status \(status)): \(detail)"
        case .notUnderstood(let url, let operation, let expected, let received):
            "the answer of the rollout replica \(url) to \(operation) is not understood: expected \(expected), received "
                + "\(received); check that `sampler.kind` names the engine that runs there"
        case .weightsMissing(let url, let weights, let detail):
            "the rollout replica \(url) does not hold the weights \(weights): \(detail)"
        case .staleWeights(let url, let expected, let received):
            "the rollout replica \(url) answered with weights \(received) where \(expected) were asked for; the answer was "
                + "thrown away; make sure that nobody else updates this engine"
        case .aborted(let url, let detail):
            "the rollout replica \(url) gave a sequence up: \(detail)"
        case .unsuitableSampling(let detail), .invalidRequest(let detail):
            detail
        case .noReplica(let operation, let waited, let problems):
            "no rollout replica could do \(operation)"
                + (waited < .seconds(1) ? "" : " within \(waited.components.seconds) s") + Self.lines(problems)
        case .publicationFailed(let weights, let directory, let problems):
            "no rollout replica loaded the weights \(weights) from \(directory)" + Self.lines(problems)
        case .weightsNotFound(let reference, let detail):
            "the saved weights \(reference) cannot be given to the rollout fleet: \(detail)"
        case .retired(let weights):
            "the weights \(weights) are no longer on the rollout fleet, because newer ones replaced them or their sampler "
                + "was released"
        case .closed:
            "the rollout fleet was closed"
        case .cancelled(let operation):
            "\(operation) was cancelled"
        }
    }

    private static func lines(_ problems: [String]) -> String {
        problems.count == 1 ? ": " + problems[0] : ":" + problems.map { "\n  " + $0 }.joined()
    }

    /// What a failure says about the replica and the request.
    enum Consequence {
        /// Another replica may do better, and this one is at fault; decisive failures eject it at once.
        case replicaFault(isDecisive: Bool)
        /// Another replica, or this one a little later, may do better.
        case elsewhere
        /// The replica must load the weights again.
        case reload
        /// Repeating the request would not help.
        case final
    }

    var consequence: Consequence {
        switch self {
        case .unreachable: .replicaFault(isDecisive: true)
        case .timedOut, .interrupted, .notUnderstood: .replicaFault(isDecisive: false)
        case .refused(_, _, let status, _): status >= 500 ? .replicaFault(isDecisive: false) : .final
        case .busy, .aborted: .elsewhere
        case .weightsMissing, .staleWeights: .reload
        case .unauthorized, .unsuitableSampling, .invalidRequest, .noReplica, .publicationFailed, .weightsNotFound,
            .retired, .closed, .cancelled:
            .final
        }
    }
}
