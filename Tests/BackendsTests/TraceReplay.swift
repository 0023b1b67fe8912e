import Primitives
import Testing

@testable import Backends

/// Drives the client through the operations of a recorded trace, against a server that answers what was recorded.
struct TraceReplay {
    let exchanges: [RecordedTrace.Exchange]
    let backend: TestBackend

    /// Answers each request with the next recorded answer of its path, and each poll with the recorded result.
    init(_ trace: RecordedTrace) throws {
        let exchanges = try trace.exchanges()
        self.exchanges = exchanges
        backend = try TestBackend { request, path, earlier in
            if path == "retrieve_future" {
                let identifier = try? JSONValue.parse(request.body)["request_id"]
                let match = exchanges.first { $0.path == path && $0.request.json["request_id"] == identifier }
                return match.map(Self.reply)
            }
            return exchanges.filter { $0.path == path }.dropFirst(earlier).first.map(Self.reply)
        }
    }

    private static func reply(_ exchange: RecordedTrace.Exchange) -> ScriptedServer.Reply {
        switch exchange.response {
        case .json(let value): .json(value.text, status: exchange.status)
        case .message(let bytes): .bytes(bytes, contentType: exchange.responseType, status: exchange.status)
        }
    }

    /// What both traces begin with, in the recorded order. Each was made with a model of its own, which answered the same
    /// but for the last bit or two of the first logprobs.
    func runTraining(
        of model: String, in session: TinkerSession, logprobTolerance: Float
    ) async throws -> (trainer: TinkerTrainer, policyStep: TrainStepResult) {
        let trainer = try await session.createTrainer(baseModel: "/models/tiny-qwen3", loraRank: 8, seed: 1)
        #expect(trainer.modelIdentifier == model)
        let supervised = Datum(supervised: [3, 10, 20, 30, 40], weights: [0, 0, 1, 1, 1])
        let before = try await trainer.forward([supervised])
        let expected: [Float] = [-6.022706508636475, -6.208038806915283, -6.017672061920166, -6.379852294921875]
        #expect(before.map(\.count) == [expected.count])
        #expect(zip(before[0], expected).allSatisfy { abs($0 - $1) <= logprobTolerance })
        let adam = AdamParameters(learningRate: 0.001)
        let step = try await trainer.trainStep([supervised], loss: .crossEntropy, optimizer: adam)
        #expect(step.loss == nil)
        #expect(step.gradientNorm == 11.057781219482422)

        let sampler = try await trainer.publishSampler(policyVersion: 1)
        let sequences = try await sampler.sample(
            prompt: [3, 10, 20], count: 2, parameters: SamplingParameters(maxTokens: 4, stopTokens: [2], seed: 7))
        #expect(sequences.map(\.tokens) == [[254, 117, 370, 449], [254, 483, 507, 49]])
        #expect(sequences[0].logprobs[3] == -6.045275688171387)
        #expect(sequences.allSatisfy { $0.stopReason == .length })

        let policy = Datum(
            inputTokens: [3, 10, 20, 254, 117, 370], targetTokens: [10, 20, 254, 117, 370, 449],
            weights: [0, 0, 1, 1, 1, 1], logprobs: [0, 0] + sequences[0].logprobs, advantages: [0, 0, 1, 1, 1, 1])
        let policyStep = try await trainer.trainStep(
            [policy], loss: .ppo(clipLow: 0.8, clipHigh: 1.2), optimizer: adam)
        #expect(policyStep.logprobs[0].suffix(4) == sequences[0].logprobs[...])
        return (trainer, policyStep)
    }
}
