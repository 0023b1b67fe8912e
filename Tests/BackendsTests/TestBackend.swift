import Primitives
import Synchronization
import Transport

@testable import Backends

/// A well-behaved Tinker API server for tests, any of whose answers a test may replace.
///
/// Its logprobs are all −1, its `loss:sum` is the number of targets, its gradient norm 2.5, and its samples are the tokens
/// 7, 8 with logprobs −0.5, −0.25.
final class TestBackend: Sendable {
    /// A request, and how many came to the same path before it.
    typealias Override =
        @Sendable (_ request: ScriptedServer.Request, _ path: String, _ earlier: Int) ->
        ScriptedServer.Reply?

    private final class Ledger: Sendable {
        struct State {
            var counts: [String: Int] = [:]
            var results: [String: String] = [:]
        }
        let state = Mutex(State())

        func count(_ path: String) -> Int {
            state.withLock {
                $0.counts[path, default: 0] += 1
                return $0.counts[path, default: 0] - 1
            }
        }
    }

    static let key = "tml-very-secret"
    let server: ScriptedServer
    let client = HTTPClient()

    init(_ override: @escaping Override = { _, _, _ in nil }) throws {
        let ledger = Ledger()
        server = try ScriptedServer { request in
            let path = String(request.path.dropFirst("/api/v1/".count))
            let reply = override(request, path, ledger.count(path))
            return reply ?? .json(Self.answer(request, path, ledger))
        }
    }

    /// Delays of a millisecond, so that tests of repetition are fast.
    static var policy: RetryPolicy {
        var policy = RetryPolicy()
        policy.initialDelay = .milliseconds(1)
        policy.maximumDelay = .milliseconds(4)
        policy.minimumPollInterval = .milliseconds(1)
        policy.billingDelay = .milliseconds(1)
        policy.samplingPause = .milliseconds(2)
        policy.connectBudget = .seconds(20)
        policy.outageBudget = .seconds(20)
        policy.billingBudget = .seconds(20)
        policy.requestTimeout = .seconds(20)
        policy.pollTimeout = .seconds(20)
        policy.heartbeatInterval = .seconds(3600)
        return policy
    }

    func endpoint(_ profile: BackendProfile = .embedded, policy: RetryPolicy = TestBackend.policy) -> TinkerEndpoint {
        TinkerEndpoint(
            baseURL: server.url + "/", apiKey: Self.key, apiKeyVariable: "TEST_API_KEY", profile: profile,
            retryPolicy: policy)
    }

    func session(
        _ profile: BackendProfile = .embedded, policy: RetryPolicy = TestBackend.policy
    ) async throws(BackendError) -> TinkerSession {
        try await TinkerSession.connect(endpoint(profile, policy: policy), transport: client)
    }

    func trainer(
        _ profile: BackendProfile = .embedded, policy: RetryPolicy = TestBackend.policy
    ) async throws(BackendError) -> TinkerTrainer {
        try await session(profile, policy: policy).createTrainer(baseModel: "base", loraRank: nil, seed: 0)
    }

    func stop() { server.stop() }

    /// The bodies sent to a path, in order of arrival.
    func bodies(_ path: String) -> [JSONValue] {
        requests(path).map { (try? JSONValue.parse($0.body)) ?? .null }
    }

    func requests(_ path: String) -> [ScriptedServer.Request] {
        server.requests.filter { $0.path == "/api/v1/" + path }
    }

    // MARK: The well-behaved server

    private static func answer(_ request: ScriptedServer.Request, _ path: String, _ ledger: Ledger) -> String {
        let body = (try? JSONValue.parse(request.body)) ?? .null
        switch path {
        case "client/config": return "{}"
        case "create_session": return #"{"session_id":"session_1","info_message":null}"#
        case "session_heartbeat": return #"{"type":"session_heartbeat"}"#
        case "create_sampling_session": return #"{"sampling_session_id":"sampling_9"}"#
        case "get_server_capabilities": return #"{"supported_models":[{"model_name":"base"}]}"#
        case "get_info":
            return #"{"model_id":"model_1","is_lora":false,"model_data":{"arch":"qwen3","model_name":"base"}}"#
        case "retrieve_future":
            let identifier = body["request_id"]?.stringValue ?? ""
            return ledger.state.withLock { $0.results[identifier] } ?? #"{"error":"unknown","category":"user"}"#
        default:
            let identifier = "promise-\(request.index)"
            ledger.state.withLock { $0.results[identifier] = result(path, body) }
            return #"{"request_id":"\#(identifier)"}"#
        }
    }

    private static func result(_ path: String, _ body: JSONValue) -> String {
        switch path {
        case "create_model": return #"{"model_id":"model_1"}"#
        case "forward", "forward_backward":
            let data = body["forward_input"]?["data"] ?? body["forward_backward_input"]?["data"]
            let counts = (data?.arrayValue ?? []).map {
                $0["loss_fn_inputs"]?["target_tokens"]?["data"]?.arrayValue?.count ?? 0
            }
            let outputs = counts.map { count in
                let logprobs = Array(repeating: "-1.0", count: count).joined(separator: ",")
                return #"{"logprobs":{"data":[\#(logprobs)],"dtype":"float32","shape":[\#(count)]}}"#
            }
            return #"{"loss_fn_output_type":"scalar","loss_fn_outputs":[\#(outputs.joined(separator: ","))],"#
                + #""metrics":{"loss:sum":\#(counts.reduce(0, +))}}"#
        case "optim_step": return #"{"metrics":{"grad_norm:mean":2.5}}"#
        case "save_weights": return #"{"path":"tinker://run/weights/\#(body["path"]?.stringValue ?? "")"}"#
        case "save_weights_for_sampler": return #"{"path":null,"sampling_session_id":"sampling_1"}"#
        case "asample":
            let sequence = #"{"stop_reason":"stop","tokens":[7,8],"logprobs":[-0.5,-0.25]}"#
            let count = body["num_samples"]?.integerValue ?? 0
            return #"{"sequences":[\#(Array(repeating: sequence, count: count).joined(separator: ","))]}"#
        default: return #"{"type":"\#(path)"}"#
        }
    }
}

extension Datum {
    /// A policy datum of `count` positions whose second half the policy wrote.
    static func example(count: Int, advantage: Float = 1) -> Datum {
        let mask = (0..<count).map { Float($0 * 2 >= count ? 1 : 0) }
        return Datum(
            inputTokens: (0..<count).map { TokenID($0) }, targetTokens: (0..<count).map { TokenID($0 + 1) },
            weights: mask, logprobs: mask.map { -0.5 * $0 }, advantages: mask.map { advantage * $0 })
    }
}

/// The error that `work` throws.
func backendError<Value>(_ work: () async throws(BackendError) -> Value) async -> BackendError? {
    do throws(BackendError) {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}

extension BackendError {
    /// The name of the case, for comparisons.
    var kind: String { String(String(reflecting: CaseName(error: self)).prefix { $0 != "(" }) }

    private struct CaseName: CustomDebugStringConvertible {
        let error: BackendError
        var debugDescription: String { Mirror(reflecting: error).children.first?.label ?? "" }
    }
}
