import Primitives
import Testing

@testable import EmbeddedBackend

/// What the SDKs can ask for and this backend does not have is refused at once, in words, with a status that no client repeats.
@Suite struct ServerUnservedTests {
    /// As the SDKs 0.24.1, 0.25.0 and 0.38.0 send them.
    static let requests = [
        ("GET", "training_runs/model_000001/checkpoints/weights/a/archive", "Hugging Face or PEFT layout"),
        ("GET", "training_runs/model_000001/checkpoints/weights/a/external_weights_urls", "PEFT layout"),
        ("POST", "save_weights_external", "PEFT layout"), ("POST", "copy_weights", "load_weights"),
        ("POST", "create_custom_loss", "cross_entropy and weights"), ("POST", "auth/token", "sent as it is"),
        ("GET", "auth/apikey/me", "medresearcher serve"), ("DELETE", "auth/apikey/me", "medresearcher serve"),
        ("POST", "sessions/search", "GET sessions"), ("PUT", "sessions/session_1/project", "no projects"),
        ("GET", "sessions/session_1/trace_export", "no traces"), ("GET", "audit", "no audit log"),
        ("GET", "billing/usage/events", "billed"), ("GET", "billing/usage/checkpoints/current", "billed"),
        ("GET", "weights/a", "not served"), ("POST", "weights/a", "not served"), ("DELETE", "weights/a", "not served"),
        ("PUT", "weights/a", "not served"),
    ]

    @Test func everyEndpointThatIsNotServedSaysWhatToDo() async throws {
        try await ServerFixture.with { server in
            for (method, path, words) in Self.requests {
                let body = method == "GET" ? nil : Array(#"{"path":"a","seq_id":1}"#.utf8)
                let answer = try await server.send(method, path, body: body)
                #expect(answer.status == 404, "\(method) \(path)")
                let detail = answer.body["detail"]?.stringValue ?? ""
                #expect(detail.hasPrefix("\(method) \(path) is not served") && detail.contains(words), "\(detail)")
            }
            _ = try await server.makeSession()
        }
    }

    @Test func noneIsListedThatIsServedOrUntested() {
        #expect(UnservedEndpoint.all.count == Self.requests.filter { !$0.1.hasPrefix("weights/") }.count)
    }
}
