import Primitives
import Synchronization
import TinkerProtocol
import Transport

/// A session on a Tinker API server: it owns models and samplers, and lives as long as its heartbeats arrive.
public final class TinkerSession: Sendable {
    /// The server's name for the session.
    public let identifier: String
    public var endpoint: TinkerEndpoint { wire.endpoint }
    /// The dialect that is spoken with the server.
    public var dialect: WireDialect { wire.dialect }
    let wire: TinkerWire
    let samplingGate: SamplingGate
    /// Room for training batches that are being sent.
    let dispatchRoom: AsyncSemaphore
    /// Cancellations that are being sent.
    private let cancellations: AsyncSemaphore
    private let heartbeat: Task<Void, Never>
    private let state = Mutex(State())

    private struct State {
        var nextModel = 0
        var nextSampler = 0
        var isClosed = false
    }

    private init(wire: TinkerWire, identifier: String) {
        self.wire = wire
        self.identifier = identifier
        let settings = wire.settings
        let wanted = wire.endpoint.maximumConcurrentSamples
        samplingGate = SamplingGate(
            maximumConcurrentSamples: settings.maximumConcurrentSamples.map { min($0, wanted) } ?? wanted)
        dispatchRoom = AsyncSemaphore(permits: settings.dispatchBytes)
        cancellations = AsyncSemaphore(permits: settings.cancellationBatch)
        heartbeat = Task { await TinkerHeartbeat(wire: wire, session: identifier).run() }
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
        let newest = endpoint.dialect ?? .protobufWithSequences
        let version: JSONValue = ["sdk_version": .string(newest.protocolVersion)]
        let configuration = try await wire.send(
            TinkerCall(path: "client/config", body: version.serialized(), requestType: "ClientConfig"),
            budget: endpoint.retryPolicy.connectBudget)
        guard configuration.objectValue != nil else {
            throw wire.garbage(configuration.serialized(), from: "client/config", expected: "an object of flags")
        }
        wire.adopt(TinkerSettings(configuration: configuration))
        if wire.settings.exchangesKeys { try await wire.exchangeCredential() }
        wire.adopt(try await DialectProbe.dialect(of: wire))
        if wire.dialect != .json { await wire.refreshDynamicSettings() }

        let request: JSONValue = [
            "tags": .array(tags.map { .string($0) }), "user_metadata": [:],
            "sdk_version": .string(wire.dialect.protocolVersion), "type": "create_session",
        ]
        let call = TinkerCall(path: "create_session", body: request.serialized(), requestType: "CreateSession")
        let answer = try await wire.send(call)
        let identifier = try TinkerResult(value: answer, call: call, wire: wire).string("session_id")
        for key in ["info_message", "warning_message", "error_message"] {
            if let text = answer[key]?.stringValue { notice(endpoint.withoutKey(text)) }
        }
        return TinkerSession(wire: wire, identifier: identifier)
    }

    /// The models that the server offers; empty where it does not say.
    public func supportedModels() async throws(BackendError) -> [String] {
        let call = TinkerCall(path: "get_server_capabilities", method: "GET", requestType: "Capabilities")
        let models = try await wire.send(call)["supported_models"]?.arrayValue ?? []
        return models.compactMap { $0["model_name"]?.stringValue }
    }

    /// The checkpoints that the server keeps.
    public var checkpoints: TinkerCheckpoints { TinkerCheckpoints(session: self) }

    // MARK: Models

    /// Creates a trainable model.
    /// - Parameter loraRank: the rank of the adapters, or `nil` to train all parameters.
    /// - Parameter seed: initialises the adapters; without effect where all parameters are trained.
    public func createTrainer(
        baseModel: String, loraRank: Int?, seed: Int
    ) async throws(BackendError) -> TinkerTrainer {
        let origin = ModelOrigin(baseModel: baseModel, loraRank: loraRank, seed: seed)
        try await clearLeftoverGradient(origin)
        return TinkerTrainer(session: self, model: try await createModel(origin), origin: origin)
    }

    /// What a model is made of.
    struct ModelOrigin: Sendable {
        var baseModel: String
        var loraRank: Int?
        var seed: Int
    }

    /// Removes what an earlier model may have left where the next one will be.
    ///
    /// SkyRL 0.3 on JAX, the server whose losses are means of datum means, keeps its sums of gradients by the adapter's place.
    /// Neither unloading a model nor making or loading one clears them, only an optimizer step does (`AccumulatedGradients` in
    /// `backends/jax.py`), so that a model inherits the gradient of one that was given up in the middle of a step. A model
    /// that takes a step of length 0 and is thrown away takes it along.
    func clearLeftoverGradient(_ origin: ModelOrigin) async throws(BackendError) {
        guard endpoint.profile.lossReduction == .meanOfDatumMeans else { return }
        let cleaner = TinkerTrainer(session: self, model: try await createModel(origin), origin: origin)
        do throws(BackendError) {
            _ = try await cleaner.uncompensatedOptimizerStep(AdamParameters(learningRate: 0))
        } catch {
            await cleaner.unload()
            throw error
        }
        await cleaner.unload()
    }

    /// Creates a model and returns the server's name for it.
    func createModel(_ origin: ModelOrigin) async throws(BackendError) -> String {
        var request: JSONObject = [
            "session_id": .string(identifier), "model_seq_id": .integer(nextModel()),
            "base_model": .string(origin.baseModel),
        ]
        if let rank = origin.loraRank {
            request["lora_config"] = [
                "rank": .integer(rank), "seed": .integer(origin.seed), "train_unembed": true, "train_mlp": true,
                "train_attn": true,
            ]
        }
        request["type"] = "create_model"
        return try await model(of: request, "create_model", "CreateModel")
    }

    /// Creates a model of a checkpoint in one request, for servers that take a load only as a model's first request.
    func createModel(_ origin: ModelOrigin, loading reference: String) async throws(BackendError) -> String {
        let request: JSONObject = [
            "session_id": .string(identifier), "model_seq_id": .integer(nextModel()), "path": .string(reference),
            "optimizer": true, "base_model": .string(origin.baseModel), "type": "load_weights",
        ]
        return try await model(of: request, "load_weights", "LoadWeights")
    }

    /// Frees a model's memory. Best effort: a server without it frees the model with the session.
    func unload(_ model: String) async {
        let request: JSONValue = ["model_id": .string(model), "type": "unload_model"]
        let call = TinkerCall(path: "unload_model", body: request.serialized(), requestType: "UnloadModel")
        _ = try? await shielded { [wire] () async throws(BackendError) in
            let policy = wire.endpoint.retryPolicy.hasty
            _ = try await wire.promise(call, policy: policy).result(policy: policy)
        }
    }

    private func model(
        of request: JSONObject, _ path: String, _ requestType: String
    ) async throws(BackendError) -> String {
        let call = TinkerCall(
            path: path, body: JSONValue.object(request).serialized(), requestType: requestType,
            repetition: endpoint.profile.isIdempotent ? .recognised : .executed)
        let answer = try await wire.promise(call).result()
        return try TinkerResult(answer: answer, call: call, wire: wire).string("model_id")
    }

    private func nextModel() -> Int {
        state.withLock { state in
            defer { state.nextModel += 1 }
            return state.nextModel
        }
    }

    // MARK: Samplers

    /// Makes a sampler of an untrained model.
    public func createSampler(baseModel: String, policyVersion: Int) async throws(BackendError) -> TinkerSampler {
        try await createSampler("base_model", baseModel, policyVersion)
    }

    /// Makes a sampler of saved weights, for example `tinker://RUN/sampler_weights/NAME`.
    public func createSampler(modelPath: String, policyVersion: Int) async throws(BackendError) -> TinkerSampler {
        try await createSampler("model_path", modelPath, policyVersion)
    }

    /// Reserves the number that names a sampling session within this session.
    func nextSamplingSession() -> Int {
        state.withLock { state in
            defer { state.nextSampler += 1 }
            return state.nextSampler
        }
    }

    /// Tells the server that nobody will ask a sampler any longer. Best effort: the end of the session does it too.
    func close(sampler: String) async {
        let call = TinkerCall(path: "samplers/\(sampler)", method: "DELETE", requestType: "CloseSampler")
        try? await wire.acknowledge(call, policy: endpoint.retryPolicy.hasty)
    }

    /// Tells the server that nobody waits for a sample any longer.
    func cancel(_ promise: TinkerPromise) async {
        guard await cancellations.acquire() else { return }
        defer { cancellations.release() }
        await promise.cancel()
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
            requestType: "CreateSamplingSession")
        let answer = try await wire.send(call)
        let sampling = try TinkerResult(value: answer, call: call, wire: wire).string("sampling_session_id")
        return TinkerSampler(session: self, samplingSession: sampling, policyVersion: policyVersion)
    }

    // MARK: The end

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
            path: "sessions/\(identifier)/finish", body: request.serialized(), requestType: "FinishSession")
        _ = try? await shielded { [wire] () async throws(BackendError) in
            try await wire.acknowledge(call, policy: wire.endpoint.retryPolicy.hasty)
        }
        wire.end(because: "it was closed")
    }
}
