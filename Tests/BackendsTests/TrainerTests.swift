import Primitives
import Testing

@testable import Backends

@Suite struct TrainerTests {
    private static let adam = AdamParameters(learningRate: 0.001)

    @Test func aStepSendsBothRequestsBeforeItAwaitsEither() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let result = try await trainer.trainStep(
            [.example(count: 4), .example(count: 6)], loss: .importanceSampling, optimizer: Self.adam)
        #expect(result.logprobs == [Array(repeating: -1, count: 4), Array(repeating: -1, count: 6)])
        #expect(result.loss == 10)
        #expect(result.gradientNorm == 2.5)
        let paths = backend.server.requests.map(\.path).suffix(4).map { $0.split(separator: "/").last ?? "" }
        #expect(paths == ["forward_backward", "optim_step", "retrieve_future", "retrieve_future"])
        let body = try #require(backend.bodies("optim_step").first)
        #expect(body["seq_id"] == 2)
        #expect(body["adam_params"]?["eps"] == 1e-12)
    }

    @Test func largeBatchesAreSentInChunksInOrder() async throws {
        let backend = try TestBackend { _, path, _ in
            path == "client/config" ? .json(#"{"fwdbwd_max_chunk_len":2}"#) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let batch = (2..<7).map { Datum.example(count: $0) }
        let result = try await trainer.trainStep(
            batch, loss: .ppo(clipLow: 0.8, clipHigh: 1.2), optimizer: Self.adam)
        #expect(result.logprobs.map(\.count) == [2, 3, 4, 5, 6])
        #expect(result.loss == 20)
        #expect(backend.bodies("forward_backward").map { $0["seq_id"] } == [1, 2, 3])
        #expect(backend.bodies("optim_step").map { $0["seq_id"] } == [4])
        let firstPoll = try #require(backend.server.requests.lastIndex { $0.path.hasSuffix("optim_step") }) + 1
        #expect(backend.server.requests[firstPoll...].allSatisfy { $0.path.hasSuffix("retrieve_future") })
    }

    @Test func concurrentCallsShareOneSequenceWithoutMixing() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    _ = try await trainer.trainStep(
                        [.example(count: 3)], loss: .crossEntropy, optimizer: Self.adam)
                }
            }
            try await group.waitForAll()
        }
        let requests = backend.server.requests.filter {
            $0.path.hasSuffix("forward_backward") || $0.path.hasSuffix("optim_step")
        }
        let sequences = try requests.map { try JSONValue.parse($0.body)["seq_id"]?.integerValue }
        #expect(sequences == Array(1...16))
        #expect(requests.enumerated().allSatisfy { $1.path.hasSuffix($0 % 2 == 0 ? "forward_backward" : "optim_step") })
    }

    @Test func aStepThatHasBegunIsFinishedInACancelledTask() async throws {
        let gate = Gate(opensAt: 2)
        let backend = try TestBackend { _, path, _ in
            if path == "forward_backward" { gate.arrive() }
            return nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let task = Task {
            try await trainer.trainStep([.example(count: 3)], loss: .crossEntropy, optimizer: Self.adam)
        }
        while backend.requests("forward_backward").isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        gate.arrive()
        #expect(try await task.value.gradientNorm == 2.5)
        #expect(try await trainer.saveState(named: "after") == "tinker://run/weights/after")
    }

    @Test func aCancelledTaskBeginsNoStepButMaySave() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let error = await backendError { () async throws(BackendError) in
                try await trainer.trainStep([.example(count: 3)], loss: .crossEntropy, optimizer: Self.adam)
            }
            return (error?.kind, try await trainer.saveState(named: "x"))
        }
        let (kind, reference) = try await task.value
        #expect(kind == "cancelled")
        #expect(reference == "tinker://run/weights/x")
        #expect(backend.requests("forward_backward").isEmpty)
    }

    @Test func aStepWhoseResultFailsMakesTheTrainerUnusable() async throws {
        let backend = try TestBackend { request, path, earlier in
            path == "retrieve_future" && earlier == 1 ? .json(#"{"error":"boom","category":"server"}"#) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        func step() async -> BackendError? {
            await backendError { () async throws(BackendError) in
                try await trainer.trainStep([.example(count: 3)], loss: .crossEntropy, optimizer: Self.adam)
            }
        }
        #expect(await step()?.kind == "failed")
        let second = await step()
        #expect(second?.kind == "trainerUnusable")
        #expect(second?.description.contains("boom") == true)
    }

    @Test(arguments: [
        #"{"loss_fn_outputs":[]}"#, #"{"loss_fn_outputs":[{"logprobs":{"data":[-1.0,-1.0]}}]}"#,
        #"{"loss_fn_outputs":[{"logprobs":{"data":[-1.0,-1.0,null]}}]}"#,
        #"{"loss_fn_outputs":[{"logprobs":{"data":[-1.0,-1.0,1e999]}}]}"#,
        #"{"loss_fn_outputs":[{"logprobs":{"data":[-1.0,-1.0,1e300]}}]}"#,
        #"{"loss_fn_outputs":[{"logprobs":{"data":[-1.0,-1.0,NaN]}}]}"#,
        #"{"loss_fn_outputs":[{"logprobs":[-1.0,-1.0,-1.0]}]}"#, #"{"loss_fn_outputs":[{}]}"#,
        #"{"loss_fn_outputs":"many"}"#, "{}",
    ])
    func logprobsThatAreNotOnePerTargetAreGarbage(result: String) async throws {
        let backend = try TestBackend { _, path, earlier in
            path == "retrieve_future" && earlier == 1 ? .json(result) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let error = await backendError { () async throws(BackendError) in
            try await trainer.forward([.example(count: 3)])
        }
        #expect(error?.kind == "garbage")
    }

    @Test func missingMetricsAreNil() async throws {
        let backend = try TestBackend { request, path, earlier in
            guard path == "retrieve_future", earlier > 0 else { return nil }
            return .json(#"{"loss_fn_outputs":[{"logprobs":{"data":[-1,-2,-3]}}],"metrics":{}}"#)
        }
        defer { backend.stop() }
        let result = try await backend.trainer().trainStep(
            [.example(count: 3)], loss: .crossEntropy, optimizer: Self.adam)
        #expect(result == TrainStepResult(logprobs: [[-1, -2, -3]], loss: nil, gradientNorm: nil, metrics: [:]))
    }

    @Test func loadingRestoresTheOptimizerToo() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        try await backend.trainer().loadState(from: "tinker://run/weights/a")
        let body = try #require(backend.bodies("load_weights").first)
        #expect(body["path"] == "tinker://run/weights/a")
        #expect(body["optimizer"] == true)
        #expect(body["seq_id"] == 1)
    }

    @Test func theModelIsDescribed() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let information = try await backend.trainer().information()
        #expect(information.architecture == "qwen3")
        #expect(information.baseModel == "base")
        #expect(information.isLoRA == false)
    }

    @Test func fullParameterTrainingSendsNoAdapterConfiguration() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let session = try await backend.session()
        _ = try await session.createTrainer(baseModel: "base", loraRank: nil, seed: 3)
        _ = try await session.createTrainer(baseModel: "base", loraRank: 8, seed: 3)
        let bodies = backend.bodies("create_model")
        #expect(bodies.map { $0["model_seq_id"] } == [0, 1])
        #expect(bodies[0]["lora_config"] == nil)
        #expect(bodies[1]["lora_config"]?["rank"] == 8)
        #expect(bodies[1]["lora_config"]?["seed"] == 3)
    }

    /// SkyRL reduces cross-entropy to a mean of datum means, so that the step is sent as importance sampling.
    @Test func crossEntropyOnAServerThatAveragesIsSentAsImportanceSampling() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let batch = [Datum.example(count: 4), Datum.example(count: 6)]
        _ = try await backend.trainer(.skyRL).trainStep(batch, loss: .crossEntropy, optimizer: Self.adam)
        #expect(backend.requests("forward").count == 1)
        let input = try #require(backend.bodies("forward_backward").first?["forward_backward_input"])
        #expect(input["loss_fn"] == "importance_sampling")
        let inputs = try #require(input["data"]?.arrayValue?.last?["loss_fn_inputs"])
        #expect(inputs["logprobs"]?["data"]?.floatsValue == Array(repeating: -1, count: 6))
        #expect(inputs["advantages"]?["data"]?.floatsValue == [0, 0, 0, 6, 6, 6])
    }
}
