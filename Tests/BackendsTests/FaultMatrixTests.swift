import Primitives
import Testing
import Transport

@testable import Backends

/// Every fault in every phase of a run, against a server that recognises repetitions and one that does not.
///
/// Whatever answers are lost, the server has executed the request: the worst case. Each cell asserts what comes of it, that
/// no training request runs twice, and that after a failure whose consequences are unknown nothing more is sent.
///
/// No cell has a limit of its own: budgets end them. Where the server is silent, only the requests of the phase have a short
/// deadline, so that no other request can run into it on a busy machine.
@Suite struct FaultMatrixTests {
    /// A request of a run: its path and, of polls, what is polled for.
    enum Phase: String, CaseIterable, Sendable {
        case config = "client/config"
        case session = "create_session"
        case create = "create_model"
        case pollCreate = "retrieve_future CreateModel"
        case forward = "forward"
        case pollForward = "retrieve_future Forward"
        case pass = "forward_backward"
        case pollPass = "retrieve_future ForwardBackward"
        case optimize = "optim_step"
        case pollOptimize = "retrieve_future OptimStep"
        case save = "save_weights"
        case pollSave = "retrieve_future SaveWeights"
        case load = "load_weights"
        case pollLoad = "retrieve_future LoadWeights"
        case publish = "save_weights_for_sampler"
        case pollPublish = "retrieve_future SaveWeightsForSampler"
        case samplingSession = "create_sampling_session"
        case sample = "asample"
        case pollSample = "retrieve_future Sample"
        case unload = "unload_model"
        case pollUnload = "retrieve_future UnloadModel"
        case finish = "sessions/session_1/finish"

        var isPoll: Bool { rawValue.hasPrefix("retrieve_future") }
        var isFarewell: Bool { [.unload, .pollUnload, .finish].contains(self) }

        /// What it would mean that the server got the request, or that of the promise, twice.
        func repetition(isIdempotent: Bool) -> TinkerCall.Repetition {
            switch self {
            case .config, .session, .samplingSession, .sample, .pollSample, .unload, .pollUnload, .finish: .harmless
            case .forward, .pollForward: isIdempotent ? .recognised : .harmless
            default: isIdempotent ? .recognised : .executed
            }
        }

        func matches(_ request: ScriptedServer.Request, _ path: String) -> Bool {
            matches(path: path, requestType: request.headers["x-tinker-request-type"] ?? "")
        }

        func matches(path: String, requestType: String) -> Bool {
            isPoll ? path == "retrieve_future" && rawValue == "retrieve_future \(requestType)" : path == rawValue
        }
    }

    enum Fault: Hashable, Sendable, CustomStringConvertible {
        case status(Int)
        case reset, resetInBody, closeInHead, silence, trickle
        case truncatedJSON, otherContent, emptyBody, arrayBody

        static let all: [Fault] =
            [400, 401, 402, 403, 404, 408, 409, 410, 422, 425, 429, 500, 502, 503].map(Fault.status) + [
                .reset, .resetInBody, .closeInHead, .silence, .trickle, .truncatedJSON, .otherContent, .emptyBody,
                .arrayBody,
            ]

        var reply: ScriptedServer.Reply {
            switch self {
            case .status(let status): .json(#"{"detail":"scripted"}"#, status: status)
            case .reset: .reset(after: "")
            case .resetInBody: .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"request_id\":")
            case .closeInHead: .raw("HTTP/1.1 200 OK\r\nContent-")
            case .silence: .silence
            case .trickle:
                .trickle(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
                        + String(repeating: " ", count: 9999), milliseconds: 20)
            case .truncatedJSON: .json(#"{"request_id":"promise-1","session_id":"#)
            case .otherContent: .bytes(Array("<html>Bad gateway</html>".utf8), contentType: "text/html")
            case .emptyBody: .json("")
            case .arrayBody: .json("[]")
            }
        }

        /// Whether the request was refused before anything ran. Of all others the worst is assumed.
        var executes: Bool {
            switch self {
            case .status(let status): ![400, 401, 402, 403, 404, 409, 410, 422, 425, 429].contains(status)
            default: true
            }
        }

        var isSlow: Bool { self == .silence || self == .trickle }

        var description: String {
            switch self {
            case .status(let status): "status \(status)"
            case .reset: "reset"
            case .resetInBody: "reset in the body"
            case .closeInHead: "end in the head"
            case .silence: "silence"
            case .trickle: "slow loris"
            case .truncatedJSON: "truncated JSON"
            case .otherContent: "HTML"
            case .emptyBody: "empty body"
            case .arrayBody: "an array"
            }
        }
    }

    /// The error that a fault leads to; `nil` where the work is done all the same.
    private static func expectation(_ fault: Fault, _ phase: Phase, isIdempotent: Bool) -> String? {
        if phase.isFarewell { return nil }
        let repetition = phase.repetition(isIdempotent: isIdempotent)
        let lost = repetition == .executed && !phase.isPoll ? "fateUnknown" : nil
        switch fault {
        case .status(400): return phase.isPoll ? nil : "rejected"
        case .status(401), .status(403): return "unauthorized"
        case .status(402), .status(425), .status(429): return nil
        case .status(404), .status(422): return "rejected"
        case .status(409): return phase.isPoll || repetition == .executed ? "rejected" : nil
        case .status(410):
            guard phase.isPoll else { return "rejected" }
            return repetition == .executed ? "fateUnknown" : nil
        case .status, .reset, .resetInBody, .closeInHead, .silence, .trickle: return lost
        case .truncatedJSON, .otherContent, .emptyBody, .arrayBody:
            // Whether a session can be finished is known by the status alone.
            return "garbage"
        }
    }

    /// How long a request waits for a server that will not answer it.
    private static let patience = Duration.milliseconds(500)

    /// A run as far as `phase`, whose results are checked on the way.
    ///
    /// - Parameter isHasty: asked before each request of the phase, whether it may wait for a moment only.
    private static func run(
        _ backend: TestBackend, _ profile: BackendProfile, _ policy: RetryPolicy, to phase: Phase,
        isHasty: @escaping @Sendable () -> Bool
    ) async throws(BackendError) -> TinkerTrainer? {
        var endpoint = backend.endpoint(profile, policy: policy)
        endpoint.deadline = { call, given in
            phase.matches(path: call.path, requestType: call.requestType) && isHasty() ? patience : given
        }
        let session = try await TinkerSession.connect(endpoint, transport: backend.client)
        if [.config, .session].contains(phase) { return nil }
        let trainer = try await session.createTrainer(baseModel: "base", loraRank: 8, seed: 0)
        if [.create, .pollCreate].contains(phase) { return trainer }
        let batch = [Datum.example(count: 3), .example(count: 5)]
        switch phase {
        case .forward, .pollForward:
            let logprobs = try await trainer.forward(batch)
            #expect(logprobs == batch.map { Array(repeating: -1, count: $0.count) })
        case .pass, .pollPass, .optimize, .pollOptimize:
            let step = try await trainer.trainStep(
                batch, loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.001))
            #expect(step.logprobs == batch.map { Array(repeating: -1, count: $0.count) })
            #expect(step.loss == 8)
            #expect(step.gradientNorm == 2.5)
        case .save, .pollSave:
            let reference = try await trainer.saveState(named: "one")
            #expect(reference == "tinker://run/weights/one")
        case .load, .pollLoad:
            try await trainer.loadState(from: "tinker://run/weights/one")
        case .publish, .pollPublish:
            let sampler = try await trainer.publishSampler(policyVersion: 4)
            #expect(sampler.policyVersion == 4)
        case .samplingSession, .sample, .pollSample:
            let sampler = try await session.createSampler(modelPath: "tinker://x", policyVersion: 1)
            let drawn = try await sampler.sample(
                prompt: [1, 2], count: 2, parameters: SamplingParameters(maxTokens: 4, stopTokens: [8], seed: 1))
            #expect(drawn.map(\.tokens) == [[7, 8], [7, 8]])
        default: await trainer.close()
        }
        return trainer
    }

    @Test(arguments: Phase.allCases) func aFaultOnce(phase: Phase) async throws {
        for isIdempotent in [true, false] {
            let profile: BackendProfile = isIdempotent ? .embedded : .restless
            for fault in Fault.all {
                let cell = Comment(rawValue: "\(fault) at \(phase.rawValue), idempotent: \(isIdempotent)")
                let isSpent = Atomically(false)
                let backend = try TestBackend(isIdempotent: isIdempotent) { request, path, _ in
                    guard phase.matches(request, path) else { return nil }
                    let isFirst = isSpent.update { spent in
                        defer { spent = true }
                        return !spent
                    }
                    return isFirst ? .init(reply: fault.reply, executes: fault.executes) : nil
                }
                defer { backend.stop() }
                let kept = Atomically<TinkerTrainer?>(nil)
                let error = await backendError { () async throws(BackendError) in
                    kept.value = try await Self.run(backend, profile, TestBackend.policy, to: phase) {
                        fault.isSlow && !isSpent.value
                    }
                }
                #expect(error?.kind == Self.expectation(fault, phase, isIdempotent: isIdempotent), cell)
                // A busy server may read a request after its client has given it up.
                while fault.isSlow, !isSpent.value { try await Task.sleep(for: .milliseconds(1)) }
                #expect(isSpent.value, cell)
                #expect(backend.executions.filter { !$0.key.hasPrefix("forward#") }.allSatisfy { $0.value == 1 }, cell)
            }
        }
    }

    /// Faults that last, with budgets that end soon: an error that says what is the matter, in time.
    @Test(arguments: Phase.allCases.filter { !$0.isFarewell })
    func aFaultThatLasts(phase: Phase) async throws {
        for isIdempotent in [true, false] {
            let repetition = phase.repetition(isIdempotent: isIdempotent)
            for fault in Fault.all {
                // A server that says 408 to a poll is at work; there is no limit to that.
                if phase.isPoll, fault == .status(408) { continue }
                let cell = Comment(rawValue: "\(fault) at \(phase.rawValue), idempotent: \(isIdempotent)")
                let backend = try TestBackend(isIdempotent: isIdempotent) { request, path, _ in
                    phase.matches(request, path) ? .init(reply: fault.reply, executes: fault.executes) : nil
                }
                defer { backend.stop() }
                var policy = TestBackend.policy
                (policy.outageBudget, policy.connectBudget) = (.milliseconds(30), .milliseconds(30))
                (policy.silenceBudget, policy.billingBudget) = (.milliseconds(100), .milliseconds(30))
                let error = await backendError { () async throws(BackendError) in
                    _ = try await Self.run(backend, isIdempotent ? .embedded : .restless, policy, to: phase) {
                        fault.isSlow
                    }
                }
                let lost = repetition == .harmless || phase.isPoll ? nil : "fateUnknown"
                let expected: String
                switch fault {
                case .status(401), .status(403): expected = "unauthorized"
                case .status(402): expected = "paymentRequired"
                case .status(410) where phase.isPoll: expected = repetition == .harmless ? "rejected" : "fateUnknown"
                case .status(408), .status(500), .status(502), .status(503): expected = lost ?? "rejected"
                case .status: expected = "rejected"
                case .reset, .resetInBody, .closeInHead: expected = lost ?? "unreachable"
                case .silence, .trickle: expected = lost ?? "timedOut"
                case .truncatedJSON, .otherContent, .emptyBody, .arrayBody: expected = "garbage"
                }
                #expect(error?.kind == expected, cell)
                #expect(backend.executions.filter { !$0.key.hasPrefix("forward#") }.allSatisfy { $0.value == 1 }, cell)
            }
        }
    }

    /// After a submission whose fate is unknown nothing more reaches the model, until a state is loaded into a new one.
    @Test(arguments: [Fault.reset, .resetInBody, .status(500), .truncatedJSON])
    func afterAnUnknownFateOnlyLoadingHelps(fault: Fault) async throws {
        let backend = try TestBackend(isIdempotent: false) { _, path, earlier in
            path == "optim_step" && earlier == 0 ? .init(reply: fault.reply) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer(.restless)
        func step() async -> BackendError? {
            await backendError { () async throws(BackendError) in
                try await trainer.trainStep(
                    [.example(count: 3)], loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.001))
            }
        }
        let first = await step()
        #expect(first?.kind == (fault == .truncatedJSON ? "garbage" : "fateUnknown"))
        #expect(first?.isCuredByRestoring == true)
        #expect(await step()?.kind == "trainerUnusable")
        #expect(backend.requests("forward_backward").count == 1)
        try await trainer.loadState(from: "tinker://run/weights/one")
        #expect(trainer.modelIdentifier == "model_2")
        #expect(backend.bodies("unload_model").map { $0["model_id"] } == ["model_1"])
        #expect(backend.bodies("load_weights").map { [$0["model_id"], $0["seq_id"]] } == [["model_2", 1]])
        #expect(await step() == nil)
        #expect(backend.bodies("optim_step").last?["seq_id"] == 3)
        #expect(backend.executions.values.allSatisfy { $0 == 1 })
    }

    /// A restarted server knows neither models nor promises.
    @Test(arguments: [true, false]) func aServerThatWasRestartedBetweenSteps(isIdempotent: Bool) async throws {
        let isRestarted = Atomically(false)
        let backend = try TestBackend(isIdempotent: isIdempotent) { _, path, _ in
            isRestarted.value && path != "create_session"
                ? .init(reply: .json(#"{"detail":"Model not found"}"#, status: 404), executes: false) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer(isIdempotent ? .embedded : .restless)
        let adam = AdamParameters(learningRate: 0.001)
        _ = try await trainer.trainStep([.example(count: 3)], loss: .importanceSampling, optimizer: adam)
        isRestarted.value = true
        let error = await backendError { () async throws(BackendError) in
            try await trainer.trainStep([.example(count: 3)], loss: .importanceSampling, optimizer: adam)
        }
        #expect(error?.kind == "rejected")
        #expect(error?.isCuredByRestoring == true)
        #expect(backend.executions.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: [true, false]) func aServerThatIsGoneBetweenSteps(isIdempotent: Bool) async throws {
        let backend = try TestBackend(isIdempotent: isIdempotent) { _, _, _ in nil }
        var policy = TestBackend.policy
        policy.outageBudget = .milliseconds(50)
        let trainer = try await backend.trainer(isIdempotent ? .embedded : .restless, policy: policy)
        backend.stop()
        let error = await backendError { () async throws(BackendError) in
            try await trainer.trainStep(
                [.example(count: 3)], loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.001))
        }
        #expect(error?.isCuredByRestoring == true)
        #expect(["unreachable", "fateUnknown"].contains(error?.kind))
    }
}

extension BackendProfile {
    /// A server that runs a repeated request again, and otherwise is as the protocol says.
    static let restless = BackendProfile(
        name: "restless", lossReduction: .tokenSum, isIdempotent: false, honoursGradientClip: true)
}
