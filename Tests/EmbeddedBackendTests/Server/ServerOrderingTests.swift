import Primitives
import Testing

@testable import EmbeddedBackend

@Suite struct ServerOrderingTests {
    @Test func requestsRunInTheOrderOfTheirNumbersWhateverTheirArrival() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let step = try await server.ok("optim_step", ServerFixture.step(model, 4))
            let third = try await server.ok("forward_backward", ServerFixture.batch(model, 3))
            let second = try await server.ok("forward", ServerFixture.batch(model, 2, member: "forward_input"))
            let waiting = try await server.ok("retrieve_future", ["request_id": third["request_id"] ?? .null])
            #expect(waiting["type"] == "try_again" && waiting["queue_state"] == "active")
            #expect(server.log.all.isEmpty)
            let first = try await server.ok("forward_backward", ServerFixture.batch(model, 1))
            for promise in [step, third, second, first] { _ = try await server.result(of: promise) }
            #expect(server.log.all == ["forward 1", "forward 1", "forward 1", "step 2 clip 0.0"])
        }
    }

    @Test func aRepeatedRequestIsExecutedOnceAndAnswersAlike() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("forward_backward", ServerFixture.batch(model, 1))
            let body = ServerFixture.step(model, 2)
            let promises = try await withThrowingTaskGroup(of: JSONValue.self) { group in
                for _ in 0..<8 { group.addTask { try await server.ok("optim_step", body) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(promises).count == 1)
            let first = try await server.result(of: promises[0])
            let again = try await server.result(of: try await server.ok("optim_step", body))
            #expect(first == again)
            #expect(server.log.all == ["forward 1", "step 1 clip 0.0"])
        }
    }

    @Test func aNumberIsNotUsedForTwoDifferentRequests() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("forward_backward", ServerFixture.batch(model, 1))
            #expect(try await server.post("optim_step", ServerFixture.step(model, 1)).status == 400)
            #expect(
                try await server.post("forward_backward", ServerFixture.batch(model, 1, tokens: [4, 5, 6])).status
                    == 400)
            #expect(try await server.post("optim_step", ServerFixture.step(model, 0)).status == 400)
            #expect(try await server.post("optim_step", ServerFixture.step(model, 1_000_000)).status == 400)
        }
    }

    @Test func aRefusedGradientStopsTheStepThatBelongsToItAndNoOther() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let step = try await server.ok("optim_step", ServerFixture.step(model, 3))
            let good = try await server.ok("forward_backward", ServerFixture.batch(model, 1))
            let bad = ServerFixture.batch(model, 2, tokens: [3, 10, 9999])
            #expect(try await server.post("forward_backward", bad).status == 400)
            #expect(try await server.post("forward_backward", bad).status == 400)
            _ = try await server.result(of: good)
            let refused = try await server.result(of: step)
            #expect(refused["category"] == "user")
            #expect(refused["error"]?.stringValue?.contains("9999") == true)
            _ = try await server.run("forward_backward", ServerFixture.batch(model, 4))
            let next = try await server.run("optim_step", ServerFixture.step(model, 5))
            #expect(next["metrics"] == ["grad_norm:mean": 1.0])
            #expect(server.log.all == ["forward 1", "discard 1", "forward 1", "step 1 clip 0.0"])
        }
    }

    @Test(arguments: ["forward_backward", "optim_step", "save_weights"])
    func aRefusedMemberUsesUpItsNumber(path: String) async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let answer = try await server.post(path, ["model_id": .string(model), "seq_id": 1, "zork": 1])
            #expect(answer.status == 400 && answer.body["detail"]?.stringValue?.contains("`zork` is unknown") == true)
            _ = try await server.run("forward", ServerFixture.batch(model, 2, member: "forward_input"))
        }
    }

    @Test func failuresOfTheEngineAreResultsThatNameTheirCause() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let failed = try await server.run("forward_backward", ServerFixture.batch(model, 1, tokens: [13, 1, 2]))
            #expect(failed == ["error": "the engine had bad luck", "category": "server"])
            let step = try await server.run("optim_step", ServerFixture.step(model, 2))
            #expect(step["category"] == "user")
        }
    }

    @Test func unloadingFailsWhatWaits() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let waiting = try await server.ok("forward_backward", ServerFixture.batch(model, 2))
            _ = try await server.run("unload_model", ["model_id": .string(model)])
            #expect(try await server.result(of: waiting)["error"]?.stringValue?.contains("unloaded") == true)
        }
    }

    @Test func modelsDoNotWaitForEachOther() async throws {
        try await ServerFixture.with { server in
            let session = try await server.makeSession()
            let first = try await server.makeModel(session)
            let second = try await server.makeModel(session, sequence: 1)
            _ = try await server.ok("optim_step", ServerFixture.step(first, 2))
            let result = try await server.run("forward_backward", ServerFixture.batch(second, 1))
            #expect(result["metrics"] != nil)
        }
    }

    @Test func aPollThatIsRepeatedGetsTheSameAnswer() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let promise = try await server.ok("forward_backward", ServerFixture.batch(model, 1))
            let first = try await server.result(of: promise)
            #expect(try await server.result(of: promise) == first)
        }
    }

    @Test func unknownPromisesAreNamed() async throws {
        try await ServerFixture.with { server in
            let answer = try await server.post("retrieve_future", ["request_id": "abc-1"])
            #expect(answer.status == 404 && answer.body["detail"]?.stringValue?.contains("abc-1") == true)
            #expect(try await server.post("retrieve_future", [:]).status == 400)
        }
    }
}
