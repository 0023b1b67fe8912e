import Primitives
import Synchronization
import Transport

/// A session on a Tinker API server: it owns models and samplers, and lives as long as its heartbeats arrive.
public final class TinkerSession: Sendable {
    /// The server's name for the session.
    public let identifier: String
    public var endpoint: TinkerEndpoint { wire.endpoint }
    let wire: TinkerWire
    let chunkLimits: DatumEncoder.Limits
    let samplingGate: SamplingGate
    private let heartbeat: Task<Void, Never>
    private let state = Mutex(State())

    private struct State {
        var nextModel = 0
        var nextSampler = 0
        var isClosed = false
    }

    private init(wire: TinkerWire, identifier: String, chunkLimits: DatumEncoder.Limits) {
        self.wire = wire
        self.identifier = identifier
        self.chunkLimits = chunkLimits
        samplingGate = SamplingGate(maximumConcurrentSamples: wire.endpoint.maximumConcurrentSamples)
        heartbeat = Task { await Self.beat(wire, identifier) }
    }

    deinit { heartbeat.cancel() }

    /// Opens a session.
    /// - Parameter notice: receives one line, without a secret in it, whenever the server asks for attention or a request
    ///   has to be repeated.
    public static func connect(
        _ endpoint: TinkerEndpoint, transport: HTTPClient, tags: [String] = [],
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(BackendError) -> TinkerSession {
        let wire = TinkerWire(endpoint: endpoint, transport: transport, notice: notice)
        let version: JSONValue = ["sdk_version": .string(TinkerWire.protocolVersion)]
        let configuration = try await wire.send(
            TinkerCall(
                path: "client/config", body: version.serialized(), requestType: "ClientConfig", isRepeatable: true),
            budget: endpoint.retryPolicy.connectBudget)
        guard configuration.objectValue != nil else {
            throw wire.garbage(configuration.serialized(), from: "client/config", expected: "an object of flags")
        }
        if configuration["pjwt_auth_enabled"]?.boolValue == true { try await wire.exchangeCredential() }
        var limits = DatumEncoder.Limits()
        if let count = configuration["fwdbwd_max_chunk_len"]?.integerValue, count > 0 { limits.datums = count }
        if let count = configuration["fwdbwd_max_chunk_bytes_count"]?.integerValue, count > 0 { limits.bytes = count }

        let request: JSONValue = [
            "tags": .array(tags.map { .string($0) }), "user_metadata": [:],
            "sdk_version": .string(TinkerWire.protocolVersion), "type": "create_session",
        ]
        let call = TinkerCall(
            path: "create_session", body: request.serialized(), requestType: "CreateSession", isRepeatable: true)
        let answer = try await wire.send(call)
        let identifier = try TinkerResult(value: answer, call: call, wire: wire).string("session_id")
        for key in ["info_message", "warning_message", "error_message"] {
            if let text = answer[key]?.stringValue { notice(endpoint.withoutKey(text)) }
        }
        return TinkerSession(wire: wire, identifier: identifier, chunkLimits: limits)
    }

    /// The models that the server offers; empty where it does not say.
    public func supportedModels() async throws(BackendError) -> [String] {
        let call = TinkerCall(
            path: "get_server_capabilities", method: "GET", requestType: "Capabilities", isRepeatable: true)
        let models = try await wire.send(call)["supported_models"]?.arrayValue ?? []
        return models.compactMap { $0["model_name"]?.stringValue }
    }

    /// Creates a trainable model.
    /// - Parameter loraRank: the rank of the adapters, or `nil` to train all parameters.
    /// - Parameter seed: initialises the adapters; without effect where all parameters are trained.
    public func createTrainer(
        baseModel: String, loraRank: Int?, seed: Int
    ) async throws(BackendError) -> TinkerTrainer {
        let number = state.withLock { state in
            defer { state.nextModel += 1 }
            return state.nextModel
        }
        var request: JSONObject = [
            "session_id": .string(identifier), "model_seq_id": .integer(number), "base_model": .string(baseModel),
        ]
        if let loraRank {
            request["lora_config"] = [
                "rank": .integer(loraRank), "seed": .integer(seed), "train_unembed": true, "train_mlp": true,
                "train_attn": true,
            ]
        }
        request["type"] = "create_model"
        let call = TinkerCall(
            path: "create_model", body: JSONValue.object(request).serialized(), requestType: "CreateModel",
            isRepeatable: endpoint.profile.isIdempotent)
        let answer = try await wire.promise(call).result()
        let model = try TinkerResult(value: answer, call: call, wire: wire).string("model_id")
        return TinkerTrainer(session: self, modelIdentifier: model)
    }

    /// Makes a sampler of an untrained model.
    public func createSampler(baseModel: String, policyVersion: Int) async throws(BackendError) -> TinkerSampler {
        try await createSampler("base_model", baseModel, policyVersion)
    }

    /// Makes a sampler of saved weights, for example `tinker://RUN/sampler_weights/NAME`.
    public func createSampler(modelPath: String, policyVersion: Int) async throws(BackendError) -> TinkerSampler {
        try await createSampler("model_path", modelPath, policyVersion)
    }

    /// Ends the session. Safe to call twice; whatever still uses it fails with ``BackendError/sessionEnded(detail:)``.
    public func close() async {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        heartbeat.cancel()
        let request: JSONValue = ["reason": ["type": "completed"], "detail": "closed by the client"]
        let call = TinkerCall(
            path: "sessions/\(identifier)/finish", body: request.serialized(), requestType: "FinishSession",
            isRepeatable: true)
        _ = try? await shielded { [wire] () async throws(BackendError) in
            try await wire.acknowledge(call, policy: wire.endpoint.retryPolicy.hasty)
        }
        wire.end(because: "it was closed")
    }

    /// Reserves the number that names a sampling session within this session.
    func nextSamplingSession() -> Int {
        state.withLock { state in
            defer { state.nextSampler += 1 }
            return state.nextSampler
        }
    }

    private func createSampler(
        _ key: String, _ source: String, _ policyVersion: Int
    ) async throws(BackendError) -> TinkerSampler {
        var request: JSONObject = [
            "session_id": .string(identifier), "sampling_session_seq_id": .integer(nextSamplingSession()),
        ]
        request[key] = .string(source)
        request["type"] = "create_sampling_session"
        let call = TinkerCall(
            path: "create_sampling_session", body: JSONValue.object(request).serialized(),
            requestType: "CreateSamplingSession", isRepeatable: true)
        let answer = try await wire.send(call)
        let sampling = try TinkerResult(value: answer, call: call, wire: wire).string("sampling_session_id")
        return TinkerSampler(session: self, samplingSession: sampling, policyVersion: policyVersion)
    }

    /// Sends heartbeats until the task is cancelled or the server says that the session is over.
    private static func beat(_ wire: TinkerWire, _ identifier: String) async {
        let request: JSONValue = ["session_id": .string(identifier), "type": "session_heartbeat"]
        var call = TinkerCall(
            path: "session_heartbeat", body: request.serialized(), requestType: "SessionHeartbeat", isRepeatable: true)
        var beats = 0
        var failures = 0
        while (try? await Task.sleep(for: wire.endpoint.retryPolicy.heartbeatInterval)) != nil {
            beats += 1
            call.idempotencyKey = "\(identifier)-heartbeat-\(beats)"
            let outcome = await wire.exchange(call, timeout: .seconds(30), headers: [])
            if Task.isCancelled { return }
            switch outcome {
            case .success(let response) where response.status == 410:
                wire.end(because: "the server finished it (status 410 to a heartbeat)")
                return
            case .success(let response) where response.isSuccess:
                failures = 0
            default:
                failures += 1
                if failures % 12 == 0 { wire.report("the last \(failures) heartbeats failed; the session may expire") }
            }
        }
    }
}
