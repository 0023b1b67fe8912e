import Primitives
import Synchronization
import Transport

/// An SGLang server.
///
/// Facts from SGLang's documentation and source (0.5):
/// * `POST /generate` takes `input_ids`, `sampling_params`, `rid` and `return_logprob`, or lists of them, and answers
///   `{output_ids, meta_info{output_token_logprobs [[logprob, id, text]], finish_reason{type}, weight_version}}`.
/// * `sampling_seed` is honoured with `--enable-deterministic-inference`; copies of one request (`n`) would share it, so
///   that a list of requests is sent, each with its own seed.
/// * `ignore_eos` would disable `stop_token_ids` too, so that it is not set, and the model's own end of text also stops.
/// * `meta_info.weight_version` is read when the answer is made: sequences that ran through an update would carry the new
///   version, hence the fleet lets them finish first.
/// * `POST /update_weights_from_disk` answers 400 with `{success: false, message}`; `flush_cache` fails while requests run,
///   hence the pause (`retract` puts them back into the queue; older servers abort them).
/// * `POST /abort_request` aborts every request whose `rid` begins with the given one; ours end with a full stop, so that
///   none begins another.
final class SGLangEngine: EngineServer {
    let wire: FleetWire
    private let requestCount = Mutex(0)
    private let model = Mutex(String?.none)

    var about: String { "SGLang, model \(model.withLock { $0 } ?? "unknown")" }
    private let identity = String(UInt64.random(in: .min ... .max), radix: 16)

    init(wire: FleetWire) { self.wire = wire }

    func prepare() async throws(FleetError) {
        try await checkHealth()
        let response = try await wire.exchange(
            "GET", "/get_model_info", operation: "asking for the model", timeout: timing.healthTimeout)
        let path = (try? JSONValue.parse(response.body))?["model_path"]?.stringValue
        model.withLock { $0 = path }
    }

    // MARK: Weights

    func loadAdapter(_ weights: FleetWeights, operation: String) async throws(FleetError) {
        let response = try await requestAdapter(weights, at: "/load_lora_adapter", operation: operation)
        if response.isSuccess, succeeded(response) { return }
        if wire.detail(response.body).contains("already") { return }
        throw refused(
            response, operation: operation, advice: "; SGLang must run with --enable-lora and see that path")
    }

    func loadModel(_ weights: FleetWeights, operation: String) async throws(FleetError) {
        try await whilePaused { () throws(FleetError) in
            try await control("/pause_generation", ["mode": "retract"], operation)
        } resume: { () throws(FleetError) in
            try await control("/continue_generation", [:], "continuing after " + operation)
        } update: { () throws(FleetError) in
            try await control(
                "/update_weights_from_disk",
                [
                    "model_path": .string(weights.directory), "weight_version": .string(weights.name),
                    "flush_cache": true, "abort_all_requests": false,
                ], operation)
            let version = try await weightVersion()
            if version != weights.name {
                throw .staleWeights(url: shownURL, expected: weights.name, received: version ?? "no version")
            }
        }
    }

    private func control(_ path: String, _ body: JSONValue, _ operation: String) async throws(FleetError) {
        let response = try await change(path, body, operation: operation)
        guard response.isSuccess, succeeded(response) else { throw wire.refusal(response, operation: operation) }
    }

    /// Whether an answer does not say `success: false`.
    private func succeeded(_ response: HTTPResponse) -> Bool {
        (try? JSONValue.parse(response.body))?["success"]?.boolValue != false
    }

    func unload(_ name: String) async throws(FleetError) {
        let operation = "unloading the adapter \(name)"
        let response = try await wire.exchange(
            "POST", "/unload_lora_adapter", ["lora_name": .string(name)], operation: operation,
            timeout: timing.loadTimeout)
        if response.isSuccess || wire.detail(response.body).contains("not") { return }
        throw wire.refusal(response, operation: operation)
    }

    func held(among names: [String]) async throws(FleetError) -> Set<String> {
        switch wire.endpoint.form {
        case .adapter:
            let response = try await wire.exchange(
                "GET", "/v1/models", operation: "GET /v1/models", timeout: timing.healthTimeout)
            let models = (try? JSONValue.parse(response.body))?["data"]?.arrayValue ?? []
            return Set(models.compactMap { $0["id"]?.stringValue }).intersection(names)
        case .full:
            return Set([try await weightVersion()].compactMap { $0 }).intersection(names)
        }
    }

    private func weightVersion() async throws(FleetError) -> String? {
        for path in ["/get_weight_version", "/get_model_info", "/model_info"] {
            let response = try await wire.exchange(
                "GET", path, operation: "asking for the weight version", timeout: timing.healthTimeout)
            guard response.isSuccess, let json = try? JSONValue.parse(response.body) else { continue }
            if let version = json["weight_version"]?.stringValue { return version }
        }
        return nil
    }

    // MARK: Sampling

    func sample(_ order: SampleOrder, from name: String) async throws(FleetError) -> [SampledSequence] {
        let number = requestCount.withLock { count in
            count += 1
            return count
        }
        let identifiers = (0..<order.count).map { "medresearcher-\(identity)-\(number)-\($0)." }
        let request = SGLangRequest(
            order: order, identifiers: identifiers, adapter: wire.endpoint.form == .adapter ? name : nil)
        let response: HTTPResponse
        do throws(FleetError) {
            response = try await wire.exchange(
                "POST", "/generate", bytes: request.body, operation: Self.sampling, timeout: timing.requestTimeout)
        } catch {
            switch error {
            case .cancelled, .timedOut: abort(identifiers)
            default: break
            }
            throw error
        }
        if response.status == 400, wire.endpoint.form == .adapter {
            let detail = wire.detail(response.body)
            if detail.contains("LoRA") || detail.contains("lora") {
                throw .weightsMissing(url: shownURL, weights: name, detail: detail)
            }
        }
        let json = try wire.json(response, operation: Self.sampling, expected: "an object with `meta_info`")
        let answer = SGLangAnswer(json: json, order: order)
        if wire.endpoint.form == .full {
            for version in answer.weightVersions where version != name {
                throw .staleWeights(url: shownURL, expected: name, received: version ?? "of no stated version")
            }
        }
        return try sequences(json, operation: Self.sampling) { () throws(SequenceCheck.Problem) in
            try answer.sequences()
        }
    }

    /// Tells the engine to give sequences up; not awaited, and its failure changes nothing.
    private func abort(_ identifiers: [String]) {
        Task { [wire, timing] in
            for identifier in identifiers {
                _ = try? await wire.exchange(
                    "POST", "/abort_request", ["rid": .string(identifier)], operation: "aborting a request",
                    timeout: timing.healthTimeout)
            }
        }
    }

    private static let sampling = "sampling"
}
