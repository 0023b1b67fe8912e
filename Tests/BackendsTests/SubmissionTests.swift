import Primitives
import Testing

@testable import Backends

/// What becomes of a training request whose submission fails.
@Suite struct SubmissionTests {
    /// One save whose submissions are answered by `answers` in turn, then as they should be.
    private func submit(
        _ answers: [ScriptedServer.Reply], profile: BackendProfile, change: (inout RetryPolicy) -> Void = { _ in }
    ) async throws -> (backend: TestBackend, trainer: TinkerTrainer, error: BackendError?) {
        let backend = try TestBackend { _, path, earlier in
            path == "save_weights" && earlier < answers.count ? answers[earlier] : nil
        }
        var policy = TestBackend.policy
        change(&policy)
        let trainer = try await backend.trainer(profile, policy: policy)
        let error = await backendError { () async throws(BackendError) in try await trainer.saveState(named: "one") }
        return (backend, trainer, error)
    }

    @Test(arguments: [408, 409, 425, 429, 500, 502, 503])
    func anIdempotentServerIsAskedAgain(status: Int) async throws {
        let (backend, _, error) = try await submit(
            Array(repeating: .json("{}", status: status), count: 3), profile: .embedded)
        defer { backend.stop() }
        #expect(error == nil)
        let requests = backend.requests("save_weights")
        #expect(requests.count == 4)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(Set(requests.map { $0.headers["x-idempotency-key"] }).count == 1)
    }

    @Test func anIdempotentServerIsAskedAgainAfterABrokenConnection() async throws {
        let (backend, _, error) = try await submit(
            [.reset(after: ""), .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")], profile: .embedded)
        defer { backend.stop() }
        #expect(error == nil)
    }

    @Test func anIdempotentServerIsAskedAgainAfterADeadline() async throws {
        let (backend, _, error) = try await submit([.silence], profile: .embedded) {
            $0.requestTimeout = .seconds(2)
            $0.outageBudget = .seconds(600)
        }
        defer { backend.stop() }
        #expect(error == nil)
        #expect(backend.requests("save_weights").count >= 2)
    }

    @Test(arguments: [425, 429])
    func anyServerIsAskedAgainWhereNothingRan(status: Int) async throws {
        let (backend, _, error) = try await submit([.json("{}", status: status)], profile: .skyRL)
        defer { backend.stop() }
        #expect(error == nil)
        #expect(backend.requests("save_weights").count == 2)
    }

    @Test(arguments: [0, 1, 2, 3])
    func aRequestThatMayRunTwiceIsSentOnce(failure: Int) async throws {
        let answers: [ScriptedServer.Reply] = [
            .reset(after: ""), .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), .json("{}", status: 500),
            .silence,
        ]
        let (backend, trainer, error) = try await submit([answers[failure]], profile: .skyRL) {
            if failure == 3 { $0.requestTimeout = .seconds(2) }
        }
        defer { backend.stop() }
        #expect(error?.kind == "fateUnknown")
        #expect(backend.requests("save_weights").count == 1)
        let next = await backendError { () async throws(BackendError) in try await trainer.saveState(named: "two") }
        #expect(next?.kind == "trainerUnusable")
        #expect(backend.requests("save_weights").count == 1)
    }

    @Test(arguments: [400, 404, 422])
    func aRefusalIsFinalAndUsesUpItsSequenceNumber(status: Int) async throws {
        let (backend, trainer, error) = try await submit(
            [.json(#"{"detail":"checkpoint exists"}"#, status: status)], profile: .embedded)
        defer { backend.stop() }
        #expect(error?.kind == "rejected")
        #expect(error?.description.contains("checkpoint exists") == true)
        _ = try await trainer.saveState(named: "two")
        #expect(backend.bodies("save_weights").map { $0["seq_id"] } == [1, 2])
    }

    @Test func aConflictIsFinalAfterAFewAttempts() async throws {
        let conflict = ScriptedServer.Reply.json(#"{"detail":"exists"}"#, status: 409)
        let (backend, _, error) = try await submit(Array(repeating: conflict, count: 100), profile: .embedded)
        defer { backend.stop() }
        #expect(error?.kind == "rejected")
        #expect(backend.requests("save_weights").count == 4)
    }

    @Test func aBillingPauseIsWaitedOut() async throws {
        let (backend, _, error) = try await submit(
            [.json("{}", status: 402), .json("{}", status: 402)], profile: .skyRL)
        defer { backend.stop() }
        #expect(error == nil)
    }

    @Test func anAnswerWithoutPromiseIsGarbage() async throws {
        let (backend, _, error) = try await submit([.json(#"{"status":"pending"}"#)], profile: .embedded)
        defer { backend.stop() }
        #expect(error?.kind == "garbage")
    }

    @Test func everyStatusOf2xxIsAPromise() async throws {
        let backend = try TestBackend { request, path, _ in
            path == "save_weights"
                ? .json(#"{"request_id":"x"}"#, status: 202)
                : path == "retrieve_future"
                    && request.text.contains(#""x""#) ? .json(#"{"path":"p"}"#) : nil
        }
        defer { backend.stop() }
        #expect(try await backend.trainer().saveState(named: "one") == "p")
    }
}
