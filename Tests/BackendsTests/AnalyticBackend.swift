import Foundation
import Primitives
import Synchronization
import Transport

@testable import Backends

/// A Tinker API server (JSON dialect) whose gradients are computed in closed form, and which behaves as any
/// ``BackendProfile`` says. For tests of the probe: what it finds must be what the server was told to be.
///
/// The model has one parameter for each target token, which is added to the token's logprob, so that a gradient is the
/// vector of coefficients by target token.
final class AnalyticBackend: Sendable {
    private struct Model {
        var parameters: [Int: Double] = [:]
        var gradient: [Int: Double] = [:]
        var datumCount = 0
        var promises: [Int: String] = [:]
    }

    private struct State {
        var models: [String: Model] = [:]
        var results: [String: ScriptedServer.Reply] = [:]
        /// The model and the parameters of each sampling session.
        var samplers: [String: (model: String, parameters: [Int: Double])] = [:]
        var counter = 0
        var requestsOfTraining = 0
        var unloaded = 0
    }

    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    let server: ScriptedServer
    let client = HTTPClient()
    private let shared: Shared

    var trainingRequests: Int { shared.state.withLock { $0.requestsOfTraining } }
    var livingModels: Int { shared.state.withLock { $0.models.count - $0.unloaded } }

    init(_ truth: BackendProfile) throws {
        let shared = Shared()
        self.shared = shared
        server = try ScriptedServer { request in
            let body = (try? JSONValue.parse(request.body)) ?? .null
            let path = String(request.path.dropFirst("/api/v1/".count))
            return shared.state.withLock { Self.answer(path, body, truth, &$0) }
        }
    }

    func probe(assuming profile: BackendProfile = .tinker) async throws(BackendError) -> ProfileRecord {
        let endpoint = TinkerEndpoint(
            baseURL: server.url, apiKey: "tml-test", profile: profile, retryPolicy: TestBackend.policy, dialect: .json)
        return try await BackendProbe.run(endpoint, transport: client, baseModel: "base", loraRank: 4)
    }

    func stop() { server.stop() }

    // MARK: Requests

    private static func answer(
        _ path: String, _ body: JSONValue, _ truth: BackendProfile, _ state: inout State
    ) -> ScriptedServer.Reply {
        switch path {
        case "client/config":
            return .json(
                #"{"fwdbwd_max_chunk_len":\#(truth.chunkDatums),"fwdbwd_max_chunk_bytes_count":\#(truth.chunkBytes)}"#)
        case "create_session": return .json(#"{"session_id":"session"}"#)
        case "retrieve_future":
            return state.results[body["request_id"]?.stringValue ?? ""] ?? .json(#"{"detail":"unknown"}"#, status: 404)
        case "create_model":
            state.counter += 1
            let name = "model-\(state.counter)"
            state.models[name] = Model()
            return promise(.json(#"{"model_id":"\#(name)"}"#), &state)
        case "unload_model":
            state.unloaded += 1
            return promise(.json("{}"), &state)
        case "forward": return promise(forward(body, &state), &state)
        case "forward_backward": return forwardBackward(body, truth, &state)
        case "optim_step": return promise(step(body, truth, &state), &state)
        case "load_weights": return failure(truth, &state)
        case "save_weights_for_sampler":
            state.counter += 1
            let (name, model) = ("sampling-\(state.counter)", body["model_id"]?.stringValue ?? "")
            state.samplers[name] = (model, state.models[model]?.parameters ?? [:])
            return promise(.json(#"{"path":null,"sampling_session_id":"\#(name)"}"#), &state)
        case "asample": return promise(sample(body, truth, &state), &state)
        default: return .json("{}")
        }
    }

    private static func promise(_ result: ScriptedServer.Reply, _ state: inout State) -> ScriptedServer.Reply {
        state.counter += 1
        let name = "promise-\(state.counter)"
        state.results[name] = result
        return .json(#"{"request_id":"\#(name)"}"#)
    }

    private static func failure(_ truth: BackendProfile, _ state: inout State) -> ScriptedServer.Reply {
        switch truth.errorStyle {
        case .errorObject: promise(.json(#"{"error":"no such weights","category":"user"}"#), &state)
        case .status400: promise(.json(#"{"detail":"no such weights"}"#, status: 400), &state)
        case .status404: .json(#"{"detail":"no such weights"}"#, status: 404)
        case .status422: .json(#"{"detail":"no such weights"}"#, status: 422)
        case .other: .json(#"{"detail":"no such weights"}"#, status: 418)
        }
    }

    // MARK: Training

    private static func logprob(_ token: Int, _ model: Model) -> Double {
        -1 - 0.1 * Double(token % 7) + model.parameters[token, default: 0]
    }

    private static func forward(_ body: JSONValue, _ state: inout State) -> ScriptedServer.Reply {
        outputs(body["forward_input"]?["data"], state.models[body["model_id"]?.stringValue ?? ""] ?? Model())
    }

    private static func outputs(_ data: JSONValue?, _ model: Model) -> ScriptedServer.Reply {
        let outputs = (data?.arrayValue ?? []).map { datum in
            let targets = datum["loss_fn_inputs"]?["target_tokens"]?["data"]?.tokensValue ?? []
            return JSONValue.object(["logprobs": ["data": .array(targets.map { .number(logprob(Int($0), model)) })]])
        }
        return .json(JSONValue.object(["loss_fn_outputs": .array(outputs), "metrics": .object([:])]).text)
    }

    private static func forwardBackward(
        _ body: JSONValue, _ truth: BackendProfile, _ state: inout State
    ) -> ScriptedServer.Reply {
        state.requestsOfTraining += 1
        let name = body["model_id"]?.stringValue ?? ""
        let sequence = body["seq_id"]?.integerValue ?? 0
        guard var model = state.models[name] else { return .json(#"{"detail":"no model"}"#, status: 404) }
        if truth.isIdempotent, let promise = model.promises[sequence] {
            return .json(#"{"request_id":"\#(promise)"}"#)
        }
        let input = body["forward_backward_input"] ?? .null
        let loss = input["loss_fn"]?.stringValue ?? ""
        guard truth.losses.contains(loss) else { return .json(#"{"detail":"no loss \#(loss)"}"#, status: 422) }
        for datum in input["data"]?.arrayValue ?? [] {
            let inputs = datum["loss_fn_inputs"] ?? .null
            func floats(_ key: String) -> [Double]? { inputs[key]?["data"]?.floatsValue?.map(Double.init) }
            let targets = inputs["target_tokens"]?["data"]?.tokensValue ?? []
            var weights = floats("weights") ?? targets.map { _ in 1 }
            if loss != "cross_entropy" {
                if truth.policyWeights == .refused, inputs["weights"] != nil {
                    return .json(#"{"detail":"unknown key weights"}"#, status: 400)
                }
                if truth.policyWeights == .ignored { weights = targets.map { _ in 1 } }
            }
            let total = truth.lossReduction == .meanOfDatumMeans ? max(weights.reduce(0, +), 1e-9) : 1
            for (index, target) in targets.enumerated() where weights[index] != 0 {
                let slope = derivative(
                    loss, input["loss_fn_config"], truth, logprob: logprob(Int(target), model),
                    samplerLogprob: floats("logprobs")?[index] ?? 0, advantage: floats("advantages")?[index] ?? 0)
                model.gradient[Int(target), default: 0] += weights[index] / total * slope
            }
            model.datumCount += 1
        }
        state.models[name] = model
        let reply = promise(outputs(input["data"], model), &state)
        state.models[name]?.promises[sequence] = "promise-\(state.counter)"
        return reply
    }

    private static func derivative(
        _ loss: String, _ configuration: JSONValue?, _ truth: BackendProfile, logprob: Double, samplerLogprob: Double,
        advantage: Double
    ) -> Double {
        let ratio = exp(logprob - samplerLogprob)
        var low = configuration?["clip_low_threshold"]?.doubleValue ?? 0
        var high = configuration?["clip_high_threshold"]?.doubleValue ?? .infinity
        if truth.clipConvention == .other { (low, high) = (1 - low, 1 + high) }
        switch loss {
        case "importance_sampling": return ratio * advantage
        case "ppo":
            let clipped = min(max(ratio, low), high)
            return ratio * advantage <= clipped * advantage ? ratio * advantage : 0
        case "cispo": return min(max(ratio, low), high) * advantage
        case "dro": return advantage - (configuration?["beta"]?.doubleValue ?? 0) * (logprob - samplerLogprob)
        default: return 1
        }
    }

    private static func step(_ body: JSONValue, _ truth: BackendProfile, _ state: inout State) -> ScriptedServer.Reply {
        let name = body["model_id"]?.stringValue ?? ""
        guard var model = state.models[name], let parameters = body["adam_params"] else {
            return .json(#"{"detail":"no model"}"#, status: 400)
        }
        let scale = truth.lossReduction == .meanOfDatumMeans ? 1 / Double(max(model.datumCount, 1)) : 1
        var gradient = model.gradient.mapValues { $0 * scale }
        let norm = gradient.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let clip = parameters["grad_clip_norm"]?.doubleValue ?? 0
        if truth.honoursGradientClip, clip > 0, norm > clip { gradient = gradient.mapValues { $0 * clip / norm } }
        let (rate, epsilon) = (parameters["learning_rate"]?.doubleValue ?? 0, parameters["eps"]?.doubleValue ?? 0)
        for (token, slope) in gradient where slope != 0 {
            model.parameters[token, default: 0] += rate * slope / (abs(slope) + epsilon)
        }
        (model.gradient, model.datumCount) = ([:], 0)
        state.models[name] = model
        return .json(truth.reportsGradientNorm ? #"{"metrics":{"grad_norm:mean":\#(norm)}}"# : #"{"metrics":{}}"#)
    }

    // MARK: Sampling

    private static func sample(
        _ body: JSONValue, _ truth: BackendProfile, _ state: inout State
    ) -> ScriptedServer.Reply {
        let parameters = body["sampling_params"] ?? .null
        let session = state.samplers[body["sampling_session_id"]?.stringValue ?? ""]
        let sampled = Model(parameters: session?.parameters ?? [:])
        // As SkyRL 0.3 does, which has one place for the model that is trained and for those that are sampled.
        if truth.samplerVersions == 1, let session { state.models[session.model]?.parameters = session.parameters }
        let seed = UInt64(parameters["seed"]?.integerValue ?? 0)
        let temperature = parameters["temperature"]?.doubleValue ?? 1
        state.counter += 1
        let sequences = (0..<(body["num_samples"]?.integerValue ?? 1)).map { index -> JSONValue in
            let stream: (seed: UInt64, group: Int) =
                switch truth.seedConvention {
                case .seedPlusIndex: (seed + UInt64(index), 0)
                case .perRequest: (seed, index + 1)
                case .sameForAll: (seed, 0)
                case .ignored: (UInt64(state.counter), index)
                }
            var random = CounterRandom(seed: stream.seed, stage: .evaluation, step: 0, group: stream.group)
            let tokens = (0..<(parameters["max_tokens"]?.integerValue ?? 1)).map { _ in random.integer(below: 40) }
            let logprobs = tokens.map { token in
                logprob(token, sampled) / (truth.logprobSpace == .processed ? temperature : 1)
            }
            return [
                "tokens": .array(tokens.map { .integer($0) }), "logprobs": .array(logprobs.map { .number($0) }),
                "stop_reason": "length",
            ]
        }
        var result: JSONObject = ["sequences": .array(sequences)]
        if body["prompt_logprobs"]?.boolValue == true {
            let tokens = body["prompt"]?["chunks"]?.arrayValue?.first?["tokens"]?.tokensValue ?? []
            let known = tokens.dropFirst().map { JSONValue.number(logprob(Int($0), sampled)) }
            switch truth.promptLogprobs {
            case .leadingNull: result["prompt_logprobs"] = .array([.null] + known)
            case .shortened: result["prompt_logprobs"] = .array(known)
            case .unavailable: break
            }
        }
        return .json(JSONValue.object(result).text)
    }
}
