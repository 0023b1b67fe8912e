import Primitives
import Synchronization
import TinkerProtocol
import Transport

@testable import Backends

/// A well-behaved Tinker API server for tests, any of whose answers a test may replace.
///
/// Its logprobs are all −1, its `loss:sum` is the number of targets, its gradient norm 2.5, and its samples are the tokens
/// 7, 8 with logprobs −0.5, −0.25. It speaks JSON and, to who sends protobuf, protobuf; it runs a repeated `seq_id` once
/// where it is idempotent, and otherwise again.
final class TestBackend: Sendable {
    /// A request, and how many came to the same path before it.
    typealias Override =
        @Sendable (_ request: ScriptedServer.Request, _ path: String, _ earlier: Int) ->
        ScriptedServer.Reply?

    /// What a test does to a request in place of answering it well.
    struct Fault: Sendable {
        var reply: ScriptedServer.Reply
        /// Whether the server has executed the request all the same, so that only its answer is lost.
        var executes = true
    }

    private final class Ledger: Sendable {
        struct State {
            var counts: [String: Int] = [:]
            var results: [String: TinkerAnswer] = [:]
            /// How often each request of a model was executed, by path, model and `seq_id`.
            var executions: [String: Int] = [:]
            /// Promises by path and `seq_id`.
            var promises: [String: String] = [:]
            var modelCount = 0
        }
        let state = Mutex(State())
        let isIdempotent: Bool

        init(isIdempotent: Bool) { self.isIdempotent = isIdempotent }

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

    private let ledger: Ledger

    convenience init(_ override: @escaping Override = { _, _, _ in nil }) throws {
        try self.init(isIdempotent: true) { request, path, earlier in
            override(request, path, earlier).map { Fault(reply: $0, executes: false) }
        }
    }

    init(
        isIdempotent: Bool,
        fault: @escaping @Sendable (_ request: ScriptedServer.Request, _ path: String, _ earlier: Int) -> Fault?
    ) throws {
        let ledger = Ledger(isIdempotent: isIdempotent)
        self.ledger = ledger
        server = try ScriptedServer { request in
            let path = String(request.path.dropFirst("/api/v1/".count))
            guard let fault = fault(request, path, ledger.count(path)) else {
                return Self.answer(request, path, ledger)
            }
            if fault.executes { _ = Self.answer(request, path, ledger) }
            return fault.reply
        }
    }

    /// How often each request of a model was executed, by path, model and `seq_id`.
    var executions: [String: Int] { ledger.state.withLock { $0.executions } }

    /// Delays of a millisecond, so that tests of repetition are fast.
    static var policy: RetryPolicy {
        var policy = RetryPolicy()
        policy.initialDelay = .milliseconds(1)
        policy.maximumDelay = .milliseconds(4)
        policy.minimumPollInterval = .milliseconds(1)
        policy.billingDelay = .milliseconds(1)
        policy.samplingPause = .milliseconds(2)
        policy.connectBudget = .seconds(600)
        policy.outageBudget = .seconds(600)
        policy.billingBudget = .seconds(600)
        policy.requestTimeout = .seconds(600)
        policy.pollTimeout = .seconds(600)
        policy.heartbeatInterval = .seconds(3600)
        return policy
    }

    func endpoint(
        _ profile: BackendProfile = .embedded, policy: RetryPolicy = TestBackend.policy,
        dialect: WireDialect? = .json
    ) -> TinkerEndpoint {
        TinkerEndpoint(
            baseURL: server.url + "/", apiKey: Self.key, apiKeyVariable: "TEST_API_KEY", profile: profile,
            retryPolicy: policy, dialect: dialect)
    }

    func session(
        _ profile: BackendProfile = .embedded, policy: RetryPolicy = TestBackend.policy,
        dialect: WireDialect? = .json
    ) async throws(BackendError) -> TinkerSession {
        try await TinkerSession.connect(endpoint(profile, policy: policy, dialect: dialect), transport: client)
    }

    func trainer(
        _ profile: BackendProfile = .embedded, policy: RetryPolicy = TestBackend.policy,
        dialect: WireDialect? = .json
    ) async throws(BackendError) -> TinkerTrainer {
        try await session(profile, policy: policy, dialect: dialect)
            .createTrainer(baseModel: "base", loraRank: nil, seed: 0)
    }

    func stop() { server.stop() }

    /// The bodies sent to a path, in order of arrival.
    func bodies(_ path: String) -> [JSONValue] {
        requests(path).map { (try? JSONValue.parse($0.body)) ?? .null }
    }

    func requests(_ path: String) -> [ScriptedServer.Request] {
        server.requests.filter { $0.path == "/api/v1/" + path }
    }

    /// The protobuf bodies sent to `forward_backward`, in order of arrival.
    func passes() -> [TinkerPublic_ForwardBackwardRequest] {
        requests("forward_backward").compactMap { try? TinkerPublic_ForwardBackwardRequest(serializedBytes: $0.body) }
    }
}

// MARK: The well-behaved server

extension TestBackend {
    private static func answer(
        _ request: ScriptedServer.Request, _ path: String, _ ledger: Ledger
    ) -> ScriptedServer.Reply {
        let body = (try? JSONValue.parse(request.body)) ?? .null
        switch path {
        case "client/config": return .json("{}")
        case "client/dynamic_config": return .json(#"{"detail":"Not Found"}"#, status: 404)
        case "create_session": return .json(#"{"session_id":"session_1","info_message":null}"#)
        case "session_heartbeat": return .json(#"{"type":"session_heartbeat"}"#)
        case "create_sampling_session": return .json(#"{"sampling_session_id":"sampling_9"}"#)
        case "get_server_capabilities": return .json(#"{"supported_models":[{"model_name":"base"}]}"#)
        case "get_info":
            return .json(#"{"model_id":"model_1","is_lora":false,"model_data":{"arch":"qwen3","model_name":"base"}}"#)
        case "retrieve_future":
            let identifier = body["request_id"]?.stringValue ?? ""
            switch ledger.state.withLock({ $0.results[identifier] }) {
            case .json(let value)?: return .json(value.text)
            case .protobuf(let bytes)?: return .bytes(bytes, contentType: WireDialect.mediaType)
            case nil: return .json(#"{"error":"unknown","category":"user"}"#)
            }
        default:
            let message =
                request.headers["content-type"] == WireDialect.mediaType
                ? try? TinkerPublic_ForwardBackwardRequest(serializedBytes: request.body) : nil
            let sequence = message.map { Int($0.seqID) } ?? body["seq_id"]?.integerValue
            return .json(#"{"request_id":"\#(promise(request, path, sequence, message, body, ledger))"}"#)
        }
    }

    /// Executes a request, or recognises it, and returns the promise of its result.
    private static func promise(
        _ request: ScriptedServer.Request, _ path: String, _ sequence: Int?,
        _ message: TinkerPublic_ForwardBackwardRequest?, _ body: JSONValue, _ ledger: Ledger
    ) -> String {
        ledger.state.withLock { state in
            let fresh = "promise-\(request.index)"
            if path == "create_model" || (path == "load_weights" && body["model_id"] == nil) {
                state.modelCount += 1
                state.results[fresh] = .json(["model_id": "model_\(state.modelCount)"])
                return fresh
            }
            if let sequence, path != "asample" {
                let model = message?.modelID ?? body["model_id"]?.stringValue ?? ""
                let key = "\(path)#\(model)#\(sequence)"
                if ledger.isIdempotent, let earlier = state.promises[key] { return earlier }
                state.executions[key, default: 0] += 1
                state.promises[key] = fresh
            }
            state.results[fresh] =
                message.map { .protobuf(binaryPass($0)) } ?? .json((try? JSONValue.parse(result(path, body))) ?? .null)
            return fresh
        }
    }

    private static func binaryPass(_ request: TinkerPublic_ForwardBackwardRequest) -> [UInt8] {
        let counts = request.data.map { Int($0.lossFnInputs["target_tokens"]?.shape.first ?? 0) }
        var tensor = TinkerPublic_BatchedTensor()
        tensor.dtype = .float32
        tensor.data = PackedArrays.data([Float](repeating: -1, count: counts.reduce(0, +)))
        tensor.offsets = PackedArrays.data(
            counts.reduce(into: [Int64(0)]) { $0.append($0[$0.count - 1] + Int64($1) * 4) })
        var record = TinkerPublic_ArrayRecord()
        record.fields = ["logprobs": tensor]
        record.numDatums = Int64(counts.count)
        var output = TinkerPublic_ForwardBackwardOutput()
        output.lossFnOutputType = "scalar"
        output.lossFnOutputs = [record]
        output.metrics = ["loss:sum": Double(counts.reduce(0, +))]
        return (try? output.serializedBytes()) ?? []
    }

    private static func result(_ path: String, _ body: JSONValue) -> String {
        switch path {
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
        case "save_weights_for_sampler":
            guard let name = body["path"]?.stringValue else {
                return #"{"path":null,"sampling_session_id":"sampling_1"}"#
            }
            return #"{"path":"tinker://run/sampler_weights/\#(name)","sampling_session_id":null}"#
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
