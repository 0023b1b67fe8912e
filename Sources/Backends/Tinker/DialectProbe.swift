import Primitives
import TinkerProtocol
import Transport

/// Finds out which dialect a server speaks.
///
/// What the flags of `client/config` leave open is asked for with a pass over no datum by a model that does not exist, which
/// no server can run: first in protobuf, then, where the answer may mean either, in JSON.
///
/// | server | to protobuf | to JSON | dialect |
/// |---|---|---|---|
/// | SkyRL 0.3 (reads every body as JSON) | 422 | 404, no such model | J |
/// | embedded, JSON only | 400 or 415 | 404 | J |
/// | SkyRL's main branch, embedded | 404, no such model | | P1 |
/// | TuFT 0.2 | 404 | (415) | P1 |
/// | hosted | | | P2, by its flags |
enum DialectProbe {
    private static let model = "no-such-model"

    static func dialect(of wire: TinkerWire) async throws(BackendError) -> WireDialect {
        if let dialect = wire.endpoint.dialect ?? wire.settings.dialect { return dialect }
        let protobuf = try await status(
            wire, ProbeBody(bytes: binary(), contentType: WireDialect.mediaType))
        // The server has read the message, and found that there is no such model, or that a pass needs datums.
        if [200, 202, 404, 403, 409, 410].contains(protobuf) { return .protobuf }
        if protobuf == 415 || protobuf == 406 { return .json }
        let json: JSONValue = [
            "forward_backward_input": ["data": [], "loss_fn": "cross_entropy"], "model_id": .string(model), "seq_id": 1,
        ]
        let answer = try await status(wire, ProbeBody(bytes: json.serialized(), contentType: "application/json"))
        return answer == 415 ? .protobuf : .json
    }

    private struct ProbeBody {
        var bytes: [UInt8]
        var contentType: String
    }

    /// All bytes are ASCII: servers that take the body for text stumble over others.
    private static func binary() -> [UInt8] {
        var writer = ProtobufWriter()
        writer.append(field: 1, string: model)
        writer.append(field: 2, varint: 1)
        writer.append(field: 4, string: "cross_entropy")
        writer.append(field: 6, varint: 1)
        return writer.bytes
    }

    /// The status of the answer, past whatever passes.
    private static func status(_ wire: TinkerWire, _ body: ProbeBody) async throws(BackendError) -> Int {
        var call = TinkerCall(
            path: "forward_backward", body: body.bytes, contentType: body.contentType, requestType: "Forward")
        call.idempotencyKey = "dialect-probe-\(body.contentType)"
        let policy = wire.endpoint.retryPolicy
        let url = RedactedURL.text(wire.endpoint.url(call.path))
        var attempts = SubmissionAttempts(call: call, policy: policy, budget: policy.connectBudget)
        while true {
            let shown = wire.credential.current
            let outcome = await wire.exchange(call, timeout: policy.requestTimeout, headers: [])
            switch SubmissionRule.decide(outcome, call: call, url: url, endpoint: wire.endpoint) {
            case .accept(let response): return response.status
            case .throttled(let error): try await wire.pause(try attempts.wait(throttledBy: error), call.operation)
            case .awaitPayment: return 402
            case .unauthorized(let error):
                // 403 may be said of the model; the credential was good enough for `client/config`.
                if case .success(let response) = outcome, response.status == 403 { return 403 }
                guard attempts.mayRenewCredential(), try await wire.renewCredential(replacing: shown) else {
                    throw error
                }
            case .retry(let error, let mayHaveRun):
                // A server that answers with 5xx may be down, or fail at a body that it does not understand.
                if case .success(let response) = outcome, attempts.failures >= 2 { return response.status }
                try await wire.pause(try attempts.wait(after: error, mayHaveRun: mayHaveRun), call.operation)
            case .retryBriefly(let error):
                if case .success(let response) = outcome { return response.status }
                throw error
            case .fail(let error):
                if case .success(let response) = outcome { return response.status }
                throw error
            }
        }
    }
}
