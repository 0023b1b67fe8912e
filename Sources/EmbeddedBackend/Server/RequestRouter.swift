import Foundation
import Primitives
import Storage

/// Maps requests to ``TinkerService`` and ``OpenAIService``: paths, authorisation, reading of bodies, writing of answers.
struct RequestRouter: Sendable {
    static let prefix = "/api/v1/"

    let service: TinkerService
    let apiKey: String
    let maximumRequestBytes: Int

    func respond(to request: ServerRequest) async -> ServerResponse {
        if let path = OpenAIService.path(of: request.path) {
            guard isAuthorised(request.apiKey) else { return OpenAIError.unauthorised.response }
            return await OpenAIService(tinker: service).respond(to: request, path: path)
        }
        do {
            return try await answer(request)
        } catch {
            return ServerResponse(status: error.status, body: error.body.serialized())
        }
    }

    private func answer(_ request: ServerRequest) async throws(ServiceError) -> ServerResponse {
        guard request.path.hasPrefix(Self.prefix) else {
            throw .unknown("nothing is served at \(request.path); the API is below \(Self.prefix)")
        }
        let path = String(request.path.dropFirst(Self.prefix.count))
        if path == "healthz", request.method == "GET" { return Self.response(["status": "ok"]) }
        guard isAuthorised(request.apiKey) else {
            throw ServiceError(
                status: 401,
                description: "X-API-Key (or Authorization: Bearer) is missing or not the key of this server; "
                    + "keys change with every run")
        }
        var request = request
        request.body = try plainBody(of: request)
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            String(part).removingPercentEncoding ?? String(part)
        }
        switch request.method {
        case "GET": return Self.response(try await get(parts, request))
        case "POST": return try await post(path, parts, request)
        case "PUT", "DELETE": return Self.response(try await change(parts, request))
        default:
            throw ServiceError(
                status: 405, description: "\(request.method) is not served; use GET, POST, PUT or DELETE")
        }
    }

    private static func response(_ body: JSONValue) -> ServerResponse { ServerResponse(body: body.serialized()) }

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

    // MARK: Bodies

    private func plainBody(of request: ServerRequest) throws(ServiceError) -> [UInt8] {
        switch request.contentEncoding?.lowercased() {
        case nil, "identity": return request.body
        case "zstd":
            do { return try Zstandard.decompress(request.body, limit: maximumRequestBytes) } catch {
                throw .invalid("the body of \(request.path): \(error)")
            }
        case let other?:
            throw ServiceError(
                status: 415, description: "Content-Encoding \(other) is not taken; send zstd, or leave it out")
        }
    }

    private func object(of request: ServerRequest, path: String) throws(ServiceError) -> JSONValue {
        if request.isProtobuf {
            throw ServiceError(status: 415, description: "\(request.path) takes JSON, not a binary message")
        }
        if request.body.isEmpty { return [:] }
        let body: JSONValue
        do { body = try JSONValue.parse(request.body) } catch {
            throw .invalid("the body of \(request.path): \(error)")
        }
        guard body.objectValue != nil else {
            throw .invalid("the body of \(request.path) should be a JSON object, but is \(body.kind)")
        }
        // What belongs to a model's order is checked where it takes its place there: its refusal uses up the seq_id.
        if !Self.ordered.contains(path) || body["model_id"] ?? .null == .null {
            try RequestFields.check(body, path: path)
        }
        return body
    }

    /// Endpoints whose requests a model runs by `seq_id`.
    private static let ordered: Set<String> = [
        "forward", "forward_backward", "optim_step", "save_weights", "load_weights", "save_weights_for_sampler",
    ]

    // MARK: Posting

    private func post(
        _ path: String, _ parts: [String], _ request: ServerRequest
    ) async throws(ServiceError) -> ServerResponse {
        switch path {
        case "forward_backward" where request.isProtobuf: return try await postMessage(request)
        case "forward", "forward_backward":
            let body = try object(of: request, path: path)
            let (model, sequence) = try Self.place(of: body)
            let limits = try await service.limits(ofModel: model)
            let batch = Self.decodeBatch(path, body, limits: limits)
            return Self.response(
                try await service.submit(
                    path, model: model, sequence: sequence, digest: request.body.hashValue, content: .batch(batch)))
        case "retrieve_future":
            return try await service.retrieve(
                try object(of: request, path: path), protobuf: request.acceptsProtobuf)
        default:
            let body = try object(of: request, path: path)
            return Self.response(try await answer(path, parts, body, digest: request.body.hashValue))
        }
    }

    private func answer(
        _ path: String, _ parts: [String], _ body: JSONValue, digest: Int
    ) async throws(ServiceError) -> JSONValue {
        switch path {
        case "client/config": return service.clientConfiguration(body)
        case "client/dynamic_config": return service.dynamicConfiguration
        case "telemetry": return ["status": "accepted"]
        case "create_session": return await service.createSession(body)
        case "session_heartbeat": return try await service.heartbeat(body)
        case "create_model": return try await service.createModel(body, digest: digest)
        case "get_info": return try await service.modelInformation(body)
        case "unload_model": return try await service.unloadModel(body)
        case "weights_info": return try await service.weightsInformation(body)
        case "create_sampling_session": return try await service.createSamplingSession(body, digest: digest)
        case "join_sampling_session": return try await service.joinSamplingSession(body)
        case "asample": return try await service.sample(body, digest: digest)
        case "retrieve_futures": return try await service.retrieveFinished(body)
        case "cancel_future": return try service.cancel(body)
        case "load_weights" where body["model_id"] ?? .null == .null:
            return try await service.createModelByLoading(body, digest: digest)
        case "optim_step", "save_weights", "load_weights", "save_weights_for_sampler":
            let (model, sequence) = try Self.place(of: body)
            return try await service.submit(
                path, model: model, sequence: sequence, digest: digest, content: .body(body))
        default: return try await postResource(parts)
        }
    }

    private func postResource(_ parts: [String]) async throws(ServiceError) -> JSONValue {
        switch (parts.first, parts.count, parts.last) {
        case ("sessions", 3, "finish"): return try await service.finishSession(parts[1])
        case ("training_runs", 6, "publish") where parts[2] == "checkpoints":
            return try await service.publishCheckpoint(run: parts[1], kind: parts[3], name: parts[4], isPublic: true)
        default: throw UnservedEndpoint.error("POST", parts)
        }
    }

    /// The model and the place in its order that a request names.
    private static func place(of body: JSONValue) throws(ServiceError) -> (model: String, sequence: Int) {
        try ServiceError.reading { () throws(JSONError) in
            (try body.string(at: "model_id"), try body.integer(at: "seq_id"))
        }
    }

    private static func decodeBatch(
        _ path: String, _ body: JSONValue, limits: ModelLimits
    ) -> Result<TrainingBatch, ServiceError> {
        let trains = path == "forward_backward"
        let decoder = TrainingBatchDecoder(
            limits: limits, member: trains ? "forward_backward_input" : "forward_input", trains: trains)
        do {
            try RequestFields.check(body, path: path)
            return .success(try decoder.decode(body))
        } catch { return .failure(error) }
    }

    /// The binary form of `forward_backward`, which also does what `forward` does.
    private func postMessage(_ request: ServerRequest) async throws(ServiceError) -> ServerResponse {
        let decoder = try ProtobufBatchDecoder(request.body)
        let limits = try await service.limits(ofModel: decoder.message.modelID)
        let batch: Result<TrainingBatch, ServiceError>
        do { batch = .success(try decoder.decode(limits: limits)) } catch { batch = .failure(error) }
        let digest = (try? batch.get().digest) ?? request.body.hashValue
        return Self.response(
            try await service.submit(
                decoder.trains ? "forward_backward" : "forward", model: decoder.message.modelID,
                sequence: Int(decoder.message.seqID), digest: digest, content: .batch(batch)))
    }
}

/// Resources: sessions, samplers, training runs and checkpoints.
extension RequestRouter {
    private func get(_ parts: [String], _ request: ServerRequest) async throws(ServiceError) -> JSONValue {
        switch (parts.first, parts.count) {
        case ("get_server_capabilities", 1): return service.capabilities
        case ("samplers", 2): return try await service.samplerInformation(parts[1])
        case ("sessions", 1): return await service.listSessions(try Page(query: request.query))
        case ("sessions", 2): return try await service.sessionInformation(parts[1])
        case ("training_runs", 1): return try await service.listRuns(try Page(query: request.query))
        case ("training_runs", 2): return try await service.runInformation(parts[1])
        case ("training_runs", 3) where parts[2] == "checkpoints":
            return try await service.listCheckpoints(run: parts[1])
        case ("checkpoints", 1): return try await service.listCheckpoints(try Page(query: request.query))
        default: throw UnservedEndpoint.error("GET", parts)
        }
    }

    /// `PUT` and `DELETE`.
    private func change(_ parts: [String], _ request: ServerRequest) async throws(ServiceError) -> JSONValue {
        if request.method == "DELETE", parts.count == 2, parts[0] == "samplers" {
            return try await service.closeSampler(parts[1])
        }
        guard parts.count >= 5, parts[0] == "training_runs", parts[2] == "checkpoints" else {
            throw UnservedEndpoint.error(request.method, parts)
        }
        let (run, kind, name) = (parts[1], parts[3], parts[4])
        switch (request.method, parts.count, parts.last) {
        case ("DELETE", 5, _): return try await service.deleteCheckpoint(run: run, kind: kind, name: name)
        case ("DELETE", 6, "publish"):
            return try await service.publishCheckpoint(run: run, kind: kind, name: name, isPublic: false)
        case ("PUT", 6, "ttl"):
            let body = try object(of: request, path: "ttl")
            return try await service.setLifetime(body, run: run, kind: kind, name: name)
        default: throw UnservedEndpoint.error(request.method, parts)
        }
    }
}
