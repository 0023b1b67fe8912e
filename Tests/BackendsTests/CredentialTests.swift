import Foundation
import Primitives
import Testing

@testable import Backends

@Suite struct CredentialTests {
    /// A JSON web token that is valid for `seconds` from `now` on; its signature is of no matter here.
    private static func token(_ name: String, seconds: Double, now: Date = Date()) -> String {
        func part(_ value: JSONValue) -> String {
            Data(value.serialized()).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
        }
        let claims: JSONValue = ["sub": .string(name), "exp": .number(now.timeIntervalSince1970 + seconds)]
        return [part(["alg": "none"]), part(claims), name].joined(separator: ".")
    }

    @Test func theLifetimeOfATokenIsRead() {
        let now = Date(timeIntervalSince1970: 1_000_000)
        let lifetime = TinkerCredential.lifetime(of: Self.token("a?>~", seconds: 600, now: now), now: now)
        #expect(lifetime == .seconds(600))
        #expect(TinkerCredential.lifetime(of: Self.token("a", seconds: -5, now: now), now: now) == .zero)
        for other in ["token-0", "a.b.c", "..", "a.e30.c"] { #expect(TinkerCredential.lifetime(of: other) == nil) }
    }

    @Test func aTokenIsRenewedAtHalfOfItsLife() async throws {
        let backend = try TestBackend { _, path, earlier in
            switch path {
            case "client/config": .json(#"{"pjwt_auth_enabled":true}"#)
            // The first is at half of its life at once, the second for long not.
            case "auth/token": .json(#"{"jwt":"\#(Self.token("t\(earlier)", seconds: earlier == 0 ? 0 : 9000))"}"#)
            default: nil
            }
        }
        defer { backend.stop() }
        let session = try await backend.session()
        for _ in 0..<3 { _ = try await session.supportedModels() }
        #expect(backend.requests("auth/token").map { $0.headers["x-api-key"] } == [TestBackend.key, TestBackend.key])
        let shown = backend.requests("get_server_capabilities").compactMap { $0.headers["x-api-key"]?.suffix(2) }
        #expect(shown == ["t1", "t1", "t1"])
    }

    /// Many requests that are refused at once cause one exchange.
    @Test func concurrentRefusalsCauseOneExchange() async throws {
        let isExpired = Atomically(false)
        let backend = try TestBackend { request, path, earlier in
            switch path {
            case "client/config": .json(#"{"pjwt_auth_enabled":true}"#)
            case "auth/token": .json(#"{"jwt":"token-\#(earlier)"}"#)
            default:
                isExpired.value && request.headers["x-api-key"] == "token-0" ? .json("{}", status: 401) : nil
            }
        }
        defer { backend.stop() }
        let session = try await backend.session()
        isExpired.value = true
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { _ = try await session.supportedModels() } }
            try await group.waitForAll()
        }
        #expect(backend.requests("auth/token").count == 2)
    }

    @Test func anAnswerWithoutTokenShowsNothingOfIt() async throws {
        let backend = try TestBackend { _, path, _ in
            switch path {
            case "client/config": .json(#"{"pjwt_auth_enabled":true}"#)
            case "auth/token": .json(#"{"access":"eyJsecret"}"#)
            default: nil
            }
        }
        defer { backend.stop() }
        let error = await backendError { () async throws(BackendError) in try await backend.session() }
        #expect(error?.kind == "garbage")
        #expect(error?.description.contains("eyJ") == false)
    }
}
