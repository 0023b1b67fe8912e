import Primitives

/// An HTTP request without HTTP's machinery.
struct ServerRequest: Sendable {
    var method: String
    var path: String
    var apiKey: String?
    var body: [UInt8]
}

/// An answer; the body is JSON.
struct ServerResponse: Sendable {
    var status: Int
    var body: [UInt8]
}

/// Maps requests to ``TinkerService``: paths, authorisation, reading of bodies, writing of answers.
struct RequestRouter: Sendable {
    static let prefix = "/api/v1/"

    let service: TinkerService
    let apiKey: String

    func respond(to request: ServerRequest) async -> ServerResponse {
        do {
            return ServerResponse(status: 200, body: try await answer(request))
        } catch {
            return ServerResponse(status: error.status, body: error.body.serialized())
        }
    }

    private func answer(_ request: ServerRequest) async throws(ServiceError) -> [UInt8] {
        guard request.path.hasPrefix(Self.prefix) else {
            throw .unknown("nothing is served at \(request.path); the API is below \(Self.prefix)")
        }
        let path = String(request.path.dropFirst(Self.prefix.count))
        if path == "healthz", request.method == "GET" {
            let health: JSONValue = ["status": "ok"]
            return health.serialized()
        }
        guard isAuthorised(request.apiKey) else {
            throw ServiceError(
                status: 401,
                description: "X-API-Key is missing or not the key of this server; keys change with every run")
        }
        switch request.method {
        case "GET": return try await get(path).serialized()
        case "POST": return try await post(path, try body(of: request), digest: request.body.hashValue)
        default: throw ServiceError(status: 405, description: "\(request.method) is not served; use GET or POST")
        }
    }

    /// Compares in a time that does not tell how many bytes agree.
    private func isAuthorised(_ given: String?) -> Bool {
        let given = Array((given ?? "").utf8)
        let expected = Array(apiKey.utf8)
        var difference = given.count ^ expected.count
        for (index, byte) in expected.enumerated() {
            difference |= Int(byte ^ (index < given.count ? given[index] : 0))
        }
        return difference == 0
    }

    private func body(of request: ServerRequest) throws(ServiceError) -> JSONValue {
        if request.body.isEmpty { return [:] }
        let body: JSONValue
        do { body = try JSONValue.parse(request.body) } catch {
            throw .invalid("the body of \(request.path): \(error)")
        }
        guard body.objectValue != nil else {
            throw .invalid("the body of \(request.path) should be a JSON object, but is \(body.kind)")
        }
        return body
    }

    private func get(_ path: String) async throws(ServiceError) -> JSONValue {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("get_server_capabilities", 1): return service.capabilities
        case ("samplers", 2): return try await service.samplerInformation(parts[1])
        default: throw .unknown("GET \(path) is not served by this backend")
        }
    }

    private func post(_ path: String, _ body: JSONValue, digest: Int) async throws(ServiceError) -> [UInt8] {
        if path == "retrieve_future" { return try await service.retrieve(body) }
        return try await answer(path, body, digest: digest).serialized()
    }

    private func answer(_ path: String, _ body: JSONValue, digest: Int) async throws(ServiceError) -> JSONValue {
        switch path {
        case "client/config": return service.clientConfiguration
        case "telemetry": return ["status": "accepted"]
        case "create_session": return await service.createSession()
        case "session_heartbeat": return try await service.heartbeat(body)
        case "create_model": return try await service.createModel(body, digest: digest)
        case "get_info": return try await service.modelInformation(body)
        case "unload_model": return try await service.unloadModel(body)
        case "weights_info": return try await service.weightsInformation(body)
        case "create_sampling_session": return try await service.createSamplingSession(body, digest: digest)
        case "asample": return try await service.sample(body)
        case "forward", "forward_backward":
            let limits = try await service.limits(of: body)
            let batch = decodeBatch(path, body, limits: limits)
            return try await service.submit(path, body, digest: digest, batch: batch)
        case "optim_step", "save_weights", "load_weights", "save_weights_for_sampler":
            return try await service.submit(path, body, digest: digest)
        default:
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            if parts.count == 3, parts[0] == "sessions", parts[2] == "finish" {
                return try await service.finishSession(parts[1])
            }
            throw .unknown("POST \(path) is not served by this backend")
        }
    }

    private func decodeBatch(
        _ path: String, _ body: JSONValue, limits: ModelLimits
    ) -> Result<TrainingBatch, ServiceError> {
        let trains = path == "forward_backward"
        let decoder = TrainingBatchDecoder(
            limits: limits, member: trains ? "forward_backward_input" : "forward_input", trains: trains)
        do { return .success(try decoder.decode(body)) } catch { return .failure(error) }
    }
}
