import Primitives
import Synchronization
import Transport

/// A vLLM server.
///
/// Facts from vLLM's documentation and source (0.10 to 0.28):
/// * `POST /inference/v1/generate` takes `token_ids` and `sampling_params` and answers `choices[].{index, token_ids,
///   logprobs, finish_reason}`; newer servers offer it only with `VLLM_ENABLE_SCALE_OUT_ENDPOINTS=1`. Without it,
///   `/v1/completions` takes integer prompts and, with `return_token_ids`, answers `choices[].token_ids`.
/// * A request with `n` and a seed gives child *i* the seed `seed + i` (`v1/engine/parallel_sampling.py`).
/// * `ignore_eos` leaves `stop_token_ids` alone, so that exactly the caller's stop tokens end a sequence; the stop token is
///   the last of `token_ids`.
/// * `POST /v1/load_lora_adapter` (with `VLLM_ALLOW_RUNTIME_LORA_UPDATING=True`) refuses a name that is loaded.
/// * Whole models: `POST /pause?mode=wait`, `POST /collective_rpc {method: reload_weights}`, `POST /reset_prefix_cache`,
///   `POST /resume`, all with `VLLM_SERVER_DEV_MODE=1`.
/// * A closed connection aborts its requests.
final class VLLMEngine: EngineServer {
    private enum Dialect {
        case generate, completions
    }

    private struct Manners {
        var dialect = Dialect.generate
        /// The served name of the base model.
        var baseModel = ""
        var version: String?
    }

    var about: String {
        let manners = manners.withLock { $0 }
        let route = manners.dialect == .generate ? "/inference/v1/generate" : "/v1/completions"
        return "vLLM \(manners.version ?? "of unknown version"), model \(manners.baseModel), by \(route)"
    }

    let wire: FleetWire
    private let manners = Mutex(Manners())

    init(wire: FleetWire) { self.wire = wire }

    func prepare() async throws(FleetError) {
        try await checkHealth()
        let models = try await models()
        guard let base = models.first(where: { $0["parent"]?.stringValue == nil })?["id"]?.stringValue else {
            throw wire.garbage(.array(models), operation: "GET /v1/models", expected: "a base model")
        }
        // A body without token ids is refused by a server that has the route, and reaches no model.
        let probe = try await wire.exchange(
            "POST", "/inference/v1/generate", [:], operation: "the probe for /inference/v1/generate",
            timeout: timing.healthTimeout)
        let dialect = [404, 405, 501].contains(probe.status) ? Dialect.completions : .generate
        // Servers in front of vLLM need not offer it.
        let version = try? await wire.exchange(
            "GET", "/version", operation: "GET /version", timeout: timing.healthTimeout)
        let number = version.flatMap { try? JSONValue.parse($0.body)["version"]?.stringValue }
        manners.withLock { $0 = Manners(dialect: dialect, baseModel: base, version: number) }
    }

    // MARK: Weights

    func loadAdapter(_ weights: FleetWeights, operation: String) async throws(FleetError) {
        let response = try await requestAdapter(weights, at: "/v1/load_lora_adapter", operation: operation)
        if response.isSuccess { return }
        if response.status == 400, wire.detail(response.body).contains("already been loaded") { return }
        let advice =
            "; start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True, and let it see that path"
        throw refused(response, operation: operation, advice: response.status == 404 ? advice : "")
    }

    func loadModel(_ weights: FleetWeights, operation: String) async throws(FleetError) {
        try await whilePaused { () throws(FleetError) in
            try await control("/pause?mode=wait&clear_cache=true", operation)
        } resume: { () throws(FleetError) in
            try await control("/resume", "resuming after " + operation)
        } update: { () throws(FleetError) in
            try await control(
                "/collective_rpc", operation,
                ["method": "reload_weights", "kwargs": ["weights_path": .string(weights.directory)]])
            try await control("/reset_prefix_cache", operation)
            let named = try await wire.exchange(
                "POST", "/update_weight_version", ["new_version": .string(weights.name)], operation: operation,
                timeout: timing.loadTimeout)
            // Servers before weight versions do not know the route.
            if !named.isSuccess, named.status != 404 { throw wire.refusal(named, operation: operation) }
        }
    }

    private func control(_ path: String, _ operation: String, _ body: JSONValue? = nil) async throws(FleetError) {
        let response = try await change(path, body, operation: operation)
        if response.isSuccess { return }
        let advice = "; \(path.prefix { $0 != "?" }) needs VLLM_SERVER_DEV_MODE=1; or train a LoRA adapter"
        throw refused(response, operation: operation, advice: response.status == 404 ? advice : "")
    }

    func unload(_ name: String) async throws(FleetError) {
        let operation = "unloading the adapter \(name)"
        let response = try await wire.exchange(
            "POST", "/v1/unload_lora_adapter", ["lora_name": .string(name)], operation: operation,
            timeout: timing.loadTimeout)
        if !response.isSuccess, response.status != 404 { throw wire.refusal(response, operation: operation) }
    }

    func held(among names: [String]) async throws(FleetError) -> Set<String> {
        switch wire.endpoint.form {
        case .adapter:
            let served = Set(try await models().compactMap { $0["id"]?.stringValue })
            return served.intersection(names)
        case .full:
            let response = try await wire.exchange(
                "GET", "/weight_info", operation: "asking for the weight version", timeout: timing.healthTimeout)
            guard response.isSuccess, let json = try? JSONValue.parse(response.body),
                let version = json["weight_version"]?.stringValue, names.contains(version)
            else { return [] }
            return [version]
        }
    }

    private func models() async throws(FleetError) -> [JSONValue] {
        let operation = "GET /v1/models"
        let response = try await wire.exchange(
            "GET", "/v1/models", operation: operation, timeout: timing.healthTimeout)
        let json = try wire.json(response, operation: operation, expected: "a list of models")
        guard let models = json["data"]?.arrayValue, !models.isEmpty else {
            throw wire.garbage(json, operation: operation, expected: "a list of models")
        }
        return models
    }

    // MARK: Sampling

    func sample(_ order: SampleOrder, from name: String) async throws(FleetError) -> [SampledSequence] {
        let (dialect, base) = manners.withLock { ($0.dialect, $0.baseModel) }
        let model = wire.endpoint.form == .adapter ? name : base
        let request = VLLMRequest(order: order, model: model, cacheSalt: name)
        let response = try await wire.exchange(
            "POST", dialect == .generate ? "/inference/v1/generate" : "/v1/completions",
            bytes: dialect == .generate ? request.generateBody : request.completionsBody, operation: Self.sampling,
            timeout: timing.requestTimeout)
        if response.status == 404, wire.endpoint.form == .adapter {
            throw .weightsMissing(url: shownURL, weights: name, detail: wire.detail(response.body))
        }
        let json = try wire.json(response, operation: Self.sampling, expected: "an object with `choices`")
        // Where the answer names its model, it must be the one that was asked for.
        if let answered = json["model"]?.stringValue, answered != model {
            throw .staleWeights(url: shownURL, expected: model, received: answered)
        }
        let answer = VLLMAnswer(json: json, order: order)
        return try sequences(json, operation: Self.sampling) { () throws(SequenceCheck.Problem) in
            try dialect == .generate ? answer.generated() : answer.completed()
        }
    }

    private static let sampling = "sampling"
}
