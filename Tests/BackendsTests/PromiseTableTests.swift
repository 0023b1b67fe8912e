import Testing

@testable import Backends

/// Each row of the promise protocol (what `retrieve_future` may answer), played against the real client.
@Suite struct PromiseTableTests {
    private static let adam = AdamParameters(learningRate: 0.001)

    /// One optimizer step whose polls are answered by `answers` in turn, then by the result.
    private func poll(
        _ answers: [ScriptedServer.Reply], profile: BackendProfile = .embedded,
        change: (inout RetryPolicy) -> Void = { _ in }
    ) async throws -> (backend: TestBackend, error: BackendError?) {
        // Those before it belong to the making of the model.
        let firstPoll = Atomically(Int.max)
        let backend = try TestBackend { request, path, earlier in
            let first = firstPoll.value
            guard path == "retrieve_future", earlier >= first, earlier - first < answers.count else { return nil }
            return answers[earlier - first]
        }
        var policy = TestBackend.policy
        change(&policy)
        let trainer = try await backend.trainer(profile, policy: policy)
        firstPoll.value = backend.requests("retrieve_future").count
        let error = await backendError { () async throws(BackendError) in try await trainer.saveState(named: "one") }
        backend.stop()
        return (backend, error)
    }

    @Test(arguments: [
        #"{"type":"try_again","request_id":"1","queue_state":"active"}"#,
        #"{"type":"try_again","request_id":"1","queue_state":"paused_rate_limit","queue_state_reason":"busy"}"#,
        #"{"status":"complete_metadata","response_payload_size":10}"#,
    ])
    func anAnswerWithoutResultIsPolledAgain(answer: String) async throws {
        let (backend, error) = try await poll(Array(repeating: .json(answer), count: 5))
        #expect(error == nil)
        #expect(backend.requests("save_weights").count == 1)
        let iterations = backend.requests("retrieve_future").dropFirst().map {
            $0.headers["x-tinker-request-iteration"]
        }
        #expect(iterations == ["0", "1", "2", "3", "4", "5"])
        #expect(backend.requests("retrieve_future").last?.headers["x-tinker-request-type"] == "SaveWeights")
    }

    @Test(arguments: [408, 429, 500, 502, 503])
    func aPassingFailureIsPolledAgain(status: Int) async throws {
        let (backend, error) = try await poll(Array(repeating: .json("{}", status: status), count: 3))
        #expect(error == nil)
        #expect(backend.requests("retrieve_future").count == 5)
        #expect(backend.requests("save_weights").count == 1)
    }

    @Test func aBrokenConnectionIsPolledAgain() async throws {
        let (backend, error) = try await poll([
            .reset(after: ""), .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), .raw(""),
        ])
        #expect(error == nil)
        #expect(backend.requests("save_weights").count == 1)
    }

    @Test func theClientsOwnDeadlineIsPolledAgain() async throws {
        let (backend, error) = try await poll([.silence]) { $0.pollTimeout = .seconds(1) }
        #expect(error == nil)
        // On a busy machine a poll that is answered may miss the deadline, too.
        #expect(backend.requests("retrieve_future").count >= 3)
    }

    @Test func silenceEndsAfterItsBudget() async throws {
        let (_, error) = try await poll(Array(repeating: .silence, count: 50)) {
            $0.pollTimeout = .seconds(1)
            $0.silenceBudget = .seconds(3)
        }
        #expect(error?.kind == "timedOut")
    }

    @Test(arguments: [(500, "rejected"), (429, "rejected")])
    func anOutageEndsAfterItsBudget(status: Int, kind: String) async throws {
        let (_, error) = try await poll(Array(repeating: .json("{}", status: status), count: 10_000)) {
            $0.outageBudget = .milliseconds(50)
        }
        #expect(error?.kind == kind)
    }

    @Test func threeBadRequestsAreDoubtedAndTheFourthBelieved() async throws {
        let refusal = ScriptedServer.Reply.json(#"{"detail":"engine crashed"}"#, status: 400)
        #expect(try await poll([refusal, refusal, refusal]).error == nil)
        let (_, error) = try await poll([refusal, refusal, refusal, refusal])
        #expect(error?.kind == "rejected")
        #expect(error?.description.contains("engine crashed") == true)
    }

    @Test func aBillingPauseIsWaitedOut() async throws {
        let demand = ScriptedServer.Reply.json("{}", status: 402)
        #expect(try await poll([demand, demand]).error == nil)
        let (_, error) = try await poll(Array(repeating: demand, count: 10_000)) {
            $0.billingBudget = .milliseconds(50)
        }
        #expect(error?.kind == "paymentRequired")
    }

    @Test func aForgottenPromiseIsSubmittedAgain() async throws {
        let (backend, error) = try await poll([.json("{}", status: 410)])
        #expect(error == nil)
        let submissions = backend.requests("save_weights")
        #expect(submissions.count == 2)
        #expect(submissions.first?.body == submissions.last?.body)
        #expect(submissions.first?.headers["x-idempotency-key"] == submissions.last?.headers["x-idempotency-key"])
    }

    @Test func aForgottenPromiseIsNotSubmittedAgainWhereItMightRunTwice() async throws {
        let (backend, error) = try await poll([.json("{}", status: 410)], profile: .skyRL)
        #expect(error?.kind == "fateUnknown")
        #expect(backend.requests("save_weights").count == 1)
    }

    @Test(arguments: ["unknown", "server", "user"])
    func aFailureOfTheServerIsFinal(category: String) async throws {
        let (backend, error) = try await poll([.json(#"{"error":"out of memory","category":"\#(category)"}"#)])
        #expect(error?.kind == "failed")
        #expect(error?.description.contains("out of memory") == true)
        #expect(error?.description.contains(category) == true)
        #expect(backend.requests("retrieve_future").count == 2)
    }

    @Test(arguments: [(401, "unauthorized"), (403, "unauthorized"), (404, "rejected"), (422, "rejected")])
    func aRefusalIsFinal(status: Int, kind: String) async throws {
        let (backend, error) = try await poll([.json(#"{"detail":"no"}"#, status: status)])
        #expect(error?.kind == kind)
        #expect(backend.requests("retrieve_future").count == 2)
    }

    @Test(arguments: ["", "<html>hello</html>", "[1]", "3", "{\"path\":NaN}", "{\"path\":3}", "{}"])
    func aResultThatIsNotUnderstoodIsGarbage(body: String) async throws {
        let (_, error) = try await poll([.json(body)])
        #expect(error?.kind == "garbage")
        #expect(error?.description.contains("/api/v1/") == true)
    }
}
