import Dispatch
import EmbeddedBackend
import Foundation
import Primitives
import Synchronization

@testable import Backends

/// An inference engine for tests: the wire of vLLM or SGLang, strict about requests, with faults to inject.
///
/// vLLM docs ("OpenAI-Compatible Server", "LoRA Adapters: Dynamically serving", "RLHF endpoints") and source
/// (`entrypoints/serve/disagg/{protocol,serving}.py`, `entrypoints/openai/models/serving.py`,
/// `entrypoints/serve/dev/rlhf/api_router.py`); SGLang docs ("Native APIs", "Sampling Parameters", "LoRA Serving") and source
/// (`entrypoints/http_server.py`, `managers/io_struct.py`, `managers/tokenizer_manager.py`).
final class FleetStandIn: Sendable {
    /// What is drawn: a function of weights, prompt and parameters.
    typealias Draw =
        @Sendable (_ directory: String, _ prompt: [TokenID], _ parameters: SamplingParameters) throws -> SampledSequence

    enum Fault: Sendable {
        case status(Int)
        case reset
        case silence
        /// The answer is sent after a pause.
        case slow(Duration)
        case tooManyTokens
        case missingSequence
        case missingLogprobs
        case absentLogprob
        case positiveLogprob
        case wrongWeights
        case aborted
        case truncated
    }

    struct State: Sendable {
        /// Loaded adapters and where they came from.
        var adapters: [String: String] = [:]
        var version = "default"
        var directory = "/base"
        var isPaused = false
        var isUnhealthy = false
        /// Whether `/inference/v1/generate` exists.
        var offersGenerate = true
        /// Whether logprobs name tokens as older vLLM does.
        var namesTokensAsText = false
        /// The next faults of each path.
        var faults: [String: [Fault]] = [:]
        /// Faults of every request to a path.
        var lasting: [String: Fault] = [:]
        var running = 0
        var mostRunning = 0
    }

    let kind: FleetEndpoint.Kind
    let state: Atomically<State>
    private let server: ScriptedServer
    var url: String { server.url }

    init(_ kind: FleetEndpoint.Kind, draw: @escaping Draw = FleetStandIn.invented) throws {
        let state = Atomically(State())
        self.kind = kind
        self.state = state
        server = try ScriptedServer { request in Self.reply(request, kind, state, draw) }
    }

    /// The process dies: connections break and are refused.
    func kill() { server.stop() }

    func fail(_ path: String, _ faults: [Fault]) { state.update { $0.faults[path, default: []] += faults } }

    /// The engine comes up again with nothing loaded.
    func forget() {
        state.update {
            ($0.adapters, $0.version, $0.directory) = ([:], "default", "/base")
        }
    }

    /// The bodies sent to a path, without the empty ones that ask whether the path exists.
    func requests(_ path: String) -> [JSONValue] {
        server.requests.filter { $0.path.prefix { $0 != "?" } == path }.map { (try? JSONValue.parse($0.body)) ?? .null }
            .filter { $0 != [:] }
    }

    var healthChecks: Int { server.requests.count { $0.path == "/health" } }

    func targets() -> [String] { server.requests.map(\.path) }
    func header(_ name: String) -> [String?] { server.requests.map { $0.headers[name] } }

    /// Tokens and logprobs that a hash of weights, prompt and seed decides; token 9 stops.
    static let invented: Draw = { directory, prompt, parameters in
        var hash = RendezvousRouter.identity(of: directory)
        for token in prompt { hash = PrefixAffinity.chained(hash, UInt64(token)) }
        hash = PrefixAffinity.chained(hash, UInt64(bitPattern: parameters.seed))
        var sequence = SampledSequence(tokens: [], logprobs: [], stopReason: .length)
        while sequence.tokens.count < parameters.maxTokens {
            hash = PrefixAffinity.chained(hash, 1)
            sequence.tokens.append(TokenID(hash % 40))
            sequence.logprobs.append(-Float(hash >> 40) / Float(1 << 24))
            if let last = sequence.tokens.last, parameters.stopTokens.contains(last) {
                sequence.stopReason = .stop
                break
            }
        }
        return sequence
    }

    // MARK: Answers

    private static func reply(
        _ request: ScriptedServer.Request, _ kind: FleetEndpoint.Kind, _ state: Atomically<State>, _ draw: Draw
    ) -> ScriptedServer.Reply {
        let path = String(request.path.prefix { $0 != "?" })
        let fault = state.update { state -> Fault? in
            if state.faults[path]?.isEmpty == false { return state.faults[path]?.removeFirst() }
            return state.lasting[path]
        }
        switch fault {
        case .status(let status): return .json(#"{"error":{"message":"injected"}}"#, status: status)
        case .reset: return .reset(after: "")
        case .silence: return .silence
        case .slow(let pause): usleep(UInt32(pause / .microseconds(1)))
        case .truncated: return .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"choices\":[")
        default: break
        }
        let body = (try? JSONValue.parse(request.body)) ?? .null
        switch kind {
        case .vllm: return vllm(path, request.path, body, state, draw, fault)
        case .sglang: return sglang(path, body, state, draw, fault)
        }
    }

    private static func error(_ status: Int, _ message: String) -> ScriptedServer.Reply {
        let text: JSONValue = [
            "error": ["message": .string(message), "type": "BadRequestError", "code": .integer(status)]
        ]
        return .json(text.text, status: status)
    }

    private static func vllm(
        _ path: String, _ target: String, _ body: JSONValue, _ state: Atomically<State>, _ draw: Draw, _ fault: Fault?
    ) -> ScriptedServer.Reply {
        switch path {
        case "/health": return .json("", status: state.value.isUnhealthy ? 500 : 200)
        case "/v1/models":
            var cards: [JSONValue] = [["id": "base-model", "root": "/base", "parent": .null]]
            for (name, directory) in state.value.adapters.sorted(by: { $0.key < $1.key }) {
                cards.append(["id": .string(name), "root": .string(directory), "parent": "base-model"])
            }
            return .json((["object": "list", "data": .array(cards)] as JSONValue).text)
        case "/v1/load_lora_adapter":
            guard let name = body["lora_name"]?.stringValue, let directory = body["lora_path"]?.stringValue else {
                return error(400, "Both 'lora_name' and 'lora_path' must be provided.")
            }
            return state.update { state in
                if state.adapters[name] != nil {
                    return error(400, "The lora adapter '\(name)' has already been loaded.")
                }
                state.adapters[name] = directory
                return .raw(
                    "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nSuccess"
                )
            }
        case "/v1/unload_lora_adapter":
            guard let name = body["lora_name"]?.stringValue else {
                return error(400, "'lora_name' needs to be provided")
            }
            return state.update { state in
                state.adapters.removeValue(forKey: name) == nil
                    ? error(404, "The lora adapter '\(name)' cannot be found.") : .json(#""Success""#)
            }
        case "/pause":
            guard target == "/pause?mode=wait&clear_cache=true" else { return error(400, "mode") }
            state.update { $0.isPaused = true }
            return .json(#"{"status":"paused"}"#)
        case "/resume":
            state.update { $0.isPaused = false }
            return .json(#"{"status":"resumed"}"#)
        case "/collective_rpc":
            guard state.value.isPaused, body["method"] == "reload_weights",
                let directory = body["kwargs"]?["weights_path"]?.stringValue
            else { return error(400, "collective_rpc") }
            state.update { $0.directory = directory }
            return .json(#"{"results":[null]}"#)
        case "/reset_prefix_cache": return .json(#"{"success":true}"#)
        case "/update_weight_version":
            state.update { $0.version = body["new_version"]?.stringValue ?? "" }
            return .json(#"{"success":true}"#)
        case "/weight_info": return .json((["weight_version": .string(state.value.version)] as JSONValue).text)
        case "/inference/v1/generate" where state.value.offersGenerate:
            guard let prompt = body["token_ids"]?.tokensValue, let sampling = body["sampling_params"] else {
                return error(422, "Field required")
            }
            return vllmSample(body, prompt, sampling, isGenerate: true, state, draw, fault)
        case "/v1/completions":
            guard let prompt = body["prompt"]?.tokensValue, body["return_token_ids"] == true else {
                return error(400, "prompt")
            }
            return vllmSample(body, prompt, body, isGenerate: false, state, draw, fault)
        default: return .json(#"{"detail":"Not Found"}"#, status: 404)
        }
    }

    private static func vllmSample(
        _ body: JSONValue, _ prompt: [TokenID], _ sampling: JSONValue, isGenerate: Bool, _ state: Atomically<State>,
        _ draw: Draw, _ fault: Fault?
    ) -> ScriptedServer.Reply {
        let model = body["model"]?.stringValue ?? ""
        let now = state.value
        guard let directory = model == "base-model" ? now.directory : now.adapters[model] else {
            return error(404, "The model `\(model)` does not exist.")
        }
        guard let parameters = parameters(sampling, "max_tokens", "seed"), sampling["ignore_eos"] == true,
            let count = sampling["n"]?.integerValue, sampling["logprobs"]?.integerValue != nil
        else { return error(400, "sampling_params") }
        return counted(state) {
            var choices: [JSONValue] = []
            for index in 0..<count {
                var own = parameters
                own.seed += Int64(index)
                guard let drawn = try? draw(directory, prompt, own) else { return error(500, "engine failed") }
                let sequence = spoiled(drawn, fault)
                let reason = isAborted(fault) ? "abort" : sequence.stopReason.rawValue
                let logprobs: JSONValue =
                    isGenerate
                    ? generateLogprobs(sequence, now.namesTokensAsText)
                    : .object(["token_logprobs": .floats(sequence.logprobs)])
                choices.append([
                    "index": .integer(index), "token_ids": .tokens(sequence.tokens), "finish_reason": .string(reason),
                    "logprobs": logprobs,
                ])
            }
            if case .missingSequence = fault { choices.removeLast() }
            // Parallel samples may come in any order.
            choices.reverse()
            var answer: JSONObject = ["choices": .array(choices), "prompt_logprobs": .null]
            if case .wrongWeights = fault {
                answer["model"] = "medresearcher-other"
            } else {
                answer["model"] = .string(model)
            }
            return .json(JSONValue.object(answer).text)
        }
    }

    private static func generateLogprobs(_ sequence: SampledSequence, _ namesTokensAsText: Bool) -> JSONValue {
        let content = zip(sequence.tokens, sequence.logprobs).map { token, logprob -> JSONValue in
            namesTokensAsText
                ? [
                    "token": .string("token_id:\(token)"), "logprob": .float(logprob), "bytes": .null,
                    "top_logprobs": [],
                ]
                : ["token_id": .integer(Int(token)), "logprob": .float(logprob), "top_logprobs": []]
        }
        return ["content": .array(content)]
    }

    private static func sglang(
        _ path: String, _ body: JSONValue, _ state: Atomically<State>, _ draw: Draw, _ fault: Fault?
    ) -> ScriptedServer.Reply {
        switch path {
        case "/health": return .json("", status: state.value.isUnhealthy ? 503 : 200)
        case "/get_weight_version": return .json((["weight_version": .string(state.value.version)] as JSONValue).text)
        case "/pause_generation":
            state.update { $0.isPaused = true }
            return .json(#"{"message":"Generation paused successfully.","status":"ok"}"#)
        case "/continue_generation":
            state.update { $0.isPaused = false }
            return .json(#"{"message":"Generation continued successfully.","status":"ok"}"#)
        case "/update_weights_from_disk":
            guard let directory = body["model_path"]?.stringValue, body["flush_cache"] == true else {
                return error(422, "model_path")
            }
            return state.update { state in
                guard state.isPaused, state.running == 0 else {
                    return .json(
                        #"{"success":false,"message":"requests are running","num_paused_requests":0}"#, status: 400)
                }
                state.directory = directory
                if case .wrongWeights = fault {
                } else {
                    state.version = body["weight_version"]?.stringValue ?? state.version
                }
                return .json(#"{"success":true,"message":"Succeeded","num_paused_requests":0}"#)
            }
        case "/load_lora_adapter":
            guard let name = body["lora_name"]?.stringValue, let directory = body["lora_path"]?.stringValue else {
                return error(422, "lora_name")
            }
            state.update { $0.adapters[name] = directory }
            return .json(#"{"success":true,"error_message":""}"#)
        case "/unload_lora_adapter":
            state.update { _ = $0.adapters.removeValue(forKey: body["lora_name"]?.stringValue ?? "") }
            return .json(#"{"success":true,"error_message":""}"#)
        case "/v1/models": return .json(#"{"data":[{"id":"base-model"}]}"#)
        case "/abort_request": return .json("")
        case "/generate": return sglangSample(body, state, draw, fault)
        default: return .json(#"{"detail":"Not Found"}"#, status: 404)
        }
    }

    private static func sglangSample(
        _ body: JSONValue, _ state: Atomically<State>, _ draw: Draw, _ fault: Fault?
    ) -> ScriptedServer.Reply {
        guard body["return_logprob"] == true else { return error(400, "return_logprob") }
        let isList = body["sampling_params"]?.arrayValue != nil
        let prompts =
            isList ? (body["input_ids"]?.arrayValue ?? []).map(\.tokensValue) : [body["input_ids"]?.tokensValue]
        let samplings = body["sampling_params"]?.arrayValue ?? [body["sampling_params"] ?? .null]
        let identifiers = body["rid"]?.arrayValue ?? [body["rid"] ?? .null]
        guard prompts.count == samplings.count, identifiers.count == samplings.count else {
            return error(400, "The length of sampling_params and rid must be that of input_ids")
        }
        var directory = state.value.directory
        if let adapter = body["lora_path"]?.stringValue {
            guard let found = state.value.adapters[adapter] else {
                return error(400, "The following requested LoRA adapters are not loaded: \(adapter)")
            }
            directory = found
        }
        return counted(state) {
            var answers: [JSONValue] = []
            for (prompt, sampling) in zip(prompts, samplings) {
                guard let prompt, let parameters = parameters(sampling, "max_new_tokens", "sampling_seed"),
                    let drawn = try? draw(directory, prompt, parameters)
                else { return error(400, "input_ids") }
                let sequence = spoiled(drawn, fault)
                let reason: JSONValue =
                    isAborted(fault)
                    ? ["type": "abort", "message": "Abort in waiting queue"]
                    : ["type": .string(sequence.stopReason.rawValue)]
                let entries = zip(sequence.logprobs, sequence.tokens).map { logprob, token -> JSONValue in
                    [.float(logprob), .integer(Int(token)), .null]
                }
                var information: JSONObject = [
                    "id": "x", "finish_reason": reason, "completion_tokens": .integer(drawn.tokens.count),
                    "weight_version": .string(state.value.version),
                ]
                if case .missingLogprobs = fault {} else { information["output_token_logprobs"] = .array(entries) }
                if case .wrongWeights = fault { information["weight_version"] = "default" }
                answers.append([
                    "text": "", "output_ids": .tokens(drawn.tokens), "meta_info": .object(information),
                ])
            }
            if case .missingSequence = fault { answers.removeLast() }
            return .json((isList ? JSONValue.array(answers) : answers.first ?? .array([])).text)
        }
    }

    // MARK: Helpers

    private static func parameters(_ json: JSONValue, _ limit: String, _ seed: String) -> SamplingParameters? {
        guard let maximum = json[limit]?.integerValue, let seed = json[seed]?.integerValue,
            let temperature = json["temperature"]?.doubleValue, let stops = json["stop_token_ids"]?.tokensValue
        else { return nil }
        return SamplingParameters(
            maxTokens: maximum, temperature: temperature, stopTokens: stops, seed: Int64(seed))
    }

    private static func isAborted(_ fault: Fault?) -> Bool { if case .aborted = fault { true } else { false } }

    private static func spoiled(_ sequence: SampledSequence, _ fault: Fault?) -> SampledSequence {
        var sequence = sequence
        switch fault {
        case .tooManyTokens:
            sequence.tokens += Array(repeating: 1, count: 100)
            sequence.logprobs += Array(repeating: -1, count: 100)
        case .missingLogprobs: sequence.logprobs.removeLast()
        case .absentLogprob: sequence.logprobs[0] = -9999
        case .positiveLogprob: sequence.logprobs[0] = 0.5
        default: break
        }
        return sequence
    }

    /// Counts a sampling request as running while it is answered.
    private static func counted(
        _ state: Atomically<State>, _ answer: () -> ScriptedServer.Reply
    ) -> ScriptedServer.Reply {
        state.update { state in
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
        }
        defer { state.update { $0.running -= 1 } }
        return answer()
    }
}

extension FleetEndpoint {
    /// A fleet of stand-ins, with delays of milliseconds.
    static func test(
        _ standIns: [FleetStandIn], form: FleetWeights.Form? = nil, change: (inout FleetEndpoint) -> Void = { _ in }
    ) -> FleetEndpoint {
        let kind = standIns.first?.kind ?? .vllm
        var timing = FleetTiming()
        timing.requestTimeout = .seconds(900)
        timing.healthTimeout = .seconds(900)
        timing.healthInterval = .milliseconds(15)
        timing.outageBudget = .seconds(900)
        timing.drainTimeout = .seconds(900)
        timing.retryDelay = .milliseconds(2)
        timing.backOff = .milliseconds(10)
        var endpoint = FleetEndpoint(
            kind: kind, urls: standIns.map(\.url), apiKey: "fleet-secret", apiKeyVariable: "FLEET_KEY",
            form: form ?? (kind == .vllm ? .adapter : .full), timing: timing)
        change(&endpoint)
        return endpoint
    }
}

/// The error that `work` throws.
func fleetError<Value>(_ work: () async throws(FleetError) -> Value) async -> FleetError? {
    do throws(FleetError) {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}
