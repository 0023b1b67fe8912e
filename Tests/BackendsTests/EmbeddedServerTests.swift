import EmbeddedBackend
import Foundation
import Primitives
import Testing
import TinkerProtocol
import Transport

@testable import Backends

/// The client against the embedded server and a real, tiny model, over real HTTP.
@Suite(.serialized) struct EmbeddedServerTests {
    private static let adam = AdamParameters(learningRate: 0.02)

    @Test func aPolicyIsTrainedSavedRestoredAndSampled() async throws {
        try await TinyServer.with { endpoint, _ in
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            #expect(try await session.supportedModels() == ["tiny"])
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: nil, seed: 0)
            let lesson = Datum(supervised: [1, 5, 9, 13, 17, 21, 25], weights: [0, 0, 1, 1, 1, 1, 1])
            var losses: [Double] = []
            for _ in 0..<30 {
                let step = try await trainer.trainStep([lesson], loss: .crossEntropy, optimizer: Self.adam)
                losses.append(try #require(step.loss))
                #expect(step.gradientNorm ?? -1 > 0)
            }
            #expect(try #require(losses.last) < 0.2 * losses[0])

            let reference = try await trainer.saveState(named: "taught")
            let taught = try await trainer.forward([lesson])
            let sampler = try await trainer.publishSampler(policyVersion: 30)
            _ = try await trainer.trainStep([lesson], loss: .crossEntropy, optimizer: Self.adam)
            #expect(try await trainer.forward([lesson]) != taught)
            try await trainer.loadState(from: reference)
            #expect(try await trainer.forward([lesson]) == taught)

            let greedy = SamplingParameters(maxTokens: 3, temperature: 0, stopTokens: [63], seed: 1)
            let answer = try await sampler.sample(prompt: [1, 5, 9], count: 1, parameters: greedy)
            #expect(answer[0].tokens == [13, 17, 21])
            #expect(sampler.policyVersion == 30)
            await trainer.close()
        }
    }

    @Test func samplerAndTrainerAgreeOnLogprobs() async throws {
        try await TinyServer.with { endpoint, _ in
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: nil, seed: 0)
            let sampler = try await trainer.publishSampler(policyVersion: 0)
            let prompt: [TokenID] = [3, 1, 4]
            let samples = try await sampler.sample(
                prompt: prompt, count: 4, parameters: SamplingParameters(maxTokens: 12, stopTokens: [], seed: 100))
            #expect(Set(samples.map(\.tokens)).count > 1)
            let padding = [Float](repeating: 0, count: prompt.count - 1)
            let batch = samples.map { sample in
                let full = prompt + sample.tokens
                return Datum(
                    inputTokens: Array(full.dropLast()), targetTokens: Array(full.dropFirst()),
                    weights: padding + sample.tokens.map { _ in 1 }, logprobs: padding + sample.logprobs,
                    advantages: padding + sample.tokens.map { _ in 0.5 })
            }
            let step = try await trainer.trainStep(
                batch, loss: .ppo(clipLow: 0.8, clipHigh: 1.2), optimizer: Self.adam)
            for (logprobs, sample) in zip(step.logprobs, samples) {
                #expect(Array(logprobs.suffix(sample.tokens.count)) == sample.logprobs)
            }
            await trainer.close()
        }
    }

    /// Everything that a run learns from its server.
    private struct Course: Equatable {
        var steps: [TrainStepResult] = []
        var forward: [[Float]] = []
        var restored: [[Float]] = []
        var samples: [[SampledSequence]] = []
        var scores: [Float?] = []
        var likeliest: PromptLogprobs
        var saved: [[SampledSequence]] = []
    }

    /// A run of all losses and requests in one dialect; `nil` asks the server for it.
    private static func course(_ dialect: WireDialect?, loraRank: Int?) async throws -> Course {
        var course: Course?
        try await TinyServer.with { endpoint, _ in
            var endpoint = endpoint
            endpoint.dialect = dialect
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            #expect(session.dialect == dialect ?? .protobufWithSequences)
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: loraRank, seed: 7)
            #expect(trainer.profile.dialect == session.dialect)
            let batch = (1...5).map { number in
                let length = 2 + 3 * number
                return Datum(
                    inputTokens: (0..<length).map { TokenID(($0 * 7 + number) % 63) },
                    targetTokens: (1...length).map { TokenID(($0 * 7 + number) % 63) },
                    weights: (0..<length).map { $0 < 2 ? 0 : 1 },
                    logprobs: (0..<length).map { $0 < 2 ? 0 : -4.2 + 0.1 * Float($0 % 3) },
                    advantages: (0..<length).map { $0 < 2 ? 0 : Float(number) / 3 - 1 })
            }
            let losses: [LossFunction] = [
                .crossEntropy, .importanceSampling, .ppo(clipLow: 0.8, clipHigh: 1.2),
                .cispo(clipLow: 0.7, clipHigh: 1.3), .dro(beta: 0.05),
            ]
            var steps: [TrainStepResult] = []
            for loss in losses { steps.append(try await trainer.trainStep(batch, loss: loss, optimizer: adam)) }
            let forward = try await trainer.forward(batch)
            let reference = try await trainer.saveState(named: "state")
            let path = try await trainer.saveSampler(named: "weights")
            let sampler = try #require(try await trainer.publishSampler(policyVersion: 5) as? TinkerSampler)
            _ = try await trainer.trainStep(batch, loss: .crossEntropy, optimizer: adam)
            try await trainer.loadState(from: reference)
            let drawing = SamplingParameters(maxTokens: 6, temperature: 0.9, topP: 0.95, stopTokens: [63], seed: 11)
            let named = try await session.createSampler(modelPath: path, policyVersion: 5)
            course = Course(
                steps: steps, forward: forward, restored: try await trainer.forward(batch),
                samples: [try await sampler.sample(prompt: [4, 2], count: 5, parameters: drawing)],
                scores: try await sampler.logprobs(of: [1, 2, 3, 4, 5]),
                likeliest: try await sampler.topLogprobs(of: [9, 8, 7], k: 3),
                saved: [try await named.sample(prompt: [4, 2], count: 5, parameters: drawing)])
            await trainer.close()
        }
        return try #require(course)
    }

    @Test(arguments: [nil, 4]) func allDialectsGiveTheSameBits(loraRank: Int?) async throws {
        let probed = try await Self.course(nil, loraRank: loraRank)
        #expect(probed.steps.allSatisfy { $0.gradientNorm ?? 0 > 0 && $0.loss != nil })
        #expect(probed.restored == probed.forward)
        #expect(probed.saved == probed.samples)
        #expect(probed.scores.count == 5 && probed.scores[0] == nil && probed.scores[1] != nil)
        for dialect in WireDialect.allCases {
            #expect(try await Self.course(dialect, loraRank: loraRank) == probed, "\(dialect)")
        }
    }

    /// More versions than a server keeps for clients that never close a sampler.
    @Test func everyVersionIsSampledUntilItsSamplerIsGone() async throws {
        try await TinyServer.with { endpoint, _ in
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: nil, seed: 0)
            #expect(trainer.maximumLiveSamplers == nil)
            let parameters = SamplingParameters(maxTokens: 6, stopTokens: [63], seed: 5)
            let lesson = Datum(supervised: [1, 5, 9, 13, 17], weights: [0, 0, 1, 1, 1])
            var samplers: [TinkerSampler] = []
            var drawn: [[SampledSequence]] = []
            for version in 0..<12 {
                let sampler = try #require(try await trainer.publishSampler(policyVersion: version) as? TinkerSampler)
                drawn.append(try await sampler.sample(prompt: [1, 5], count: 2, parameters: parameters))
                samplers.append(sampler)
                _ = try await trainer.trainStep([lesson], loss: .crossEntropy, optimizer: Self.adam)
            }
            #expect(Set(drawn.map { $0.map(\.logprobs) }).count == 12)
            for (sampler, earlier) in zip(samplers, drawn) {
                #expect(try await sampler.sample(prompt: [1, 5], count: 2, parameters: parameters) == earlier)
            }
            let names = samplers.map(\.samplingSession)
            samplers.removeFirst(11)
            for name in names.dropLast() {
                while case .success = await Self.information(name, session) {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            #expect(try await samplers[0].sample(prompt: [1, 5], count: 2, parameters: parameters) == drawn[11])
            await trainer.close()
        }
    }

    private static func information(
        _ name: String, _ session: TinkerSession
    ) async -> Result<TinkerCheckpoints.SamplerInformation, BackendError> {
        do throws(BackendError) { return .success(try await session.checkpoints.sampler(name)) } catch {
            return .failure(error)
        }
    }

    /// A reference beside the trainer: another model of the same server, which training does not move.
    @Test(arguments: [nil, 4]) func anUntrainedModelStaysWhatItIs(loraRank: Int?) async throws {
        try await TinyServer.with { endpoint, _ in
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: loraRank, seed: 0)
            let other = try await session.createTrainer(baseModel: "tiny", loraRank: loraRank, seed: 0)
            let reference = UntrainedReference(other)
            let lesson = Datum(supervised: [1, 5, 9, 13, 17], weights: [0, 0, 1, 1, 1])
            let before = try await trainer.forward([lesson])
            #expect(try await reference.logprobs([lesson]) == before)
            #expect(try await reference.logprobs([]).isEmpty)
            for _ in 0..<3 { _ = try await trainer.trainStep([lesson], loss: .crossEntropy, optimizer: Self.adam) }
            #expect(try await trainer.forward([lesson]) != before)
            #expect(try await reference.logprobs([lesson]) == before)
            // Freeing one of them leaves the session to the other.
            #expect(await other.unload())
            #expect(await !other.unload())
            _ = try await trainer.trainStep([lesson], loss: .crossEntropy, optimizer: Self.adam)
            await trainer.close()
        }
    }

    @Test func manySamplesInFlightAreReproducible() async throws {
        try await TinyServer.with { endpoint, _ in
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            let sampler = try await session.createSampler(baseModel: "tiny", policyVersion: 0)
            func draw() async throws -> [Int: [SampledSequence]] {
                try await withThrowingTaskGroup(of: (Int, [SampledSequence]).self) { group in
                    for number in 0..<64 {
                        group.addTask {
                            let parameters = SamplingParameters(maxTokens: 8, stopTokens: [63], seed: Int64(number))
                            return (number, try await sampler.sample(prompt: [1, 2], count: 1, parameters: parameters))
                        }
                    }
                    return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
                }
            }
            let first = try await draw()
            #expect(first.count == 64)
            #expect(try await draw() == first)
            await session.close()
        }
    }

    @Test func refusalsAreReported() async throws {
        try await TinyServer.with { endpoint, _ in
            var intruder = endpoint
            intruder.apiKey = "tml-wrong"
            let refusal = await backendError { () async throws(BackendError) in
                try await TinkerSession.connect(intruder, transport: HTTPClient())
            }
            #expect(refusal?.kind == "unauthorized")

            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            let unknown = await backendError { () async throws(BackendError) in
                try await session.createTrainer(baseModel: "huge", loraRank: nil, seed: 0)
            }
            #expect(unknown?.description.contains("huge") == true)
            let trainer = try await session.createTrainer(baseModel: "tiny", loraRank: nil, seed: 0)
            let missing = await backendError { () async throws(BackendError) in
                try await trainer.loadState(from: "tinker://nowhere/weights/none")
            }
            #expect(missing != nil)
            await trainer.close()
        }
    }
}
