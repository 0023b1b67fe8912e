import Dispatch
import EmbeddedBackend
import Foundation
import Primitives
import Synchronization
import Testing
import Transport

@testable import Backends

/// Training on the embedded backend, sampling on a fleet that loads what the trainer saved and serves it with a real engine.
@Suite(.serialized) struct FleetTrainerTests {
    /// A stand-in whose answers come from the weights in the directory that it was told to load.
    private static func engine(_ kind: FleetEndpoint.Kind) throws -> FleetStandIn {
        let samplers = Atomically<[String: SamplingEngine]>([:])
        return try FleetStandIn(kind) { directory, prompt, parameters in
            if samplers.value[directory] == nil {
                let engine = SamplingEngine(weights: try DecoderWeights.load(directory: directory), threads: 1)
                samplers.update { $0[directory] = engine }
            }
            guard let engine = samplers.value[directory] else { throw EngineError.stopped }
            let request = SamplingEngine.Request(
                prompt: prompt, maxTokens: parameters.maxTokens, temperature: Float(parameters.temperature),
                stopTokens: parameters.stopTokens, seed: parameters.seed)
            // Connections of the stand-in have threads of their own, which may wait.
            let done = DispatchSemaphore(value: 0)
            let answer = Atomically<Result<SamplingEngine.Completion, any Error>?>(nil)
            Task {
                do {
                    let completion = try await engine.sample(request)
                    answer.value = .success(completion)
                } catch {
                    answer.value = .failure(error)
                }
                done.signal()
            }
            done.wait()
            guard let completion = try answer.value?.get() else { throw EngineError.stopped }
            return SampledSequence(
                tokens: completion.tokens, logprobs: completion.logprobs,
                stopReason: completion.stoppedByToken ? .stop : .length)
        }
    }

    private static func withTrainer(
        _ body: (_ trainer: TinkerTrainer, _ checkpoints: EmbeddedCheckpoints) async throws -> Void
    ) async throws {
        try await TinyServer.with { endpoint, checkpoints in
            var endpoint = endpoint
            endpoint.dialect = .json
            let session = try await TinkerSession.connect(endpoint, transport: HTTPClient())
            try await body(
                try await session.createTrainer(baseModel: TinyServer.model, loraRank: nil, seed: 0), checkpoints)
        }
    }

    /// What the sampler drew, as the trainer is asked about it.
    private static func datums(_ prompt: [TokenID], _ samples: [SampledSequence]) -> [Datum] {
        let padding = [Float](repeating: 0, count: prompt.count - 1)
        return samples.map { sample in
            let full = prompt + sample.tokens
            return Datum(
                inputTokens: Array(full.dropLast()), targetTokens: Array(full.dropFirst()),
                weights: padding + sample.tokens.map { _ in 1 }, logprobs: padding + sample.logprobs,
                advantages: padding + sample.tokens.map { _ in 0.5 })
        }
    }

    /// The stand-in for vLLM takes a whole model's directory as an adapter's, which changes nothing for the client.
    @Test(arguments: [(FleetEndpoint.Kind.vllm, FleetWeights.Form.adapter), (.vllm, .full), (.sglang, .full)])
    func aPublishedVersionIsWhatIsSampled(kind: FleetEndpoint.Kind, form: FleetWeights.Form) async throws {
        try await Self.withTrainer { trainer, checkpoints in
            let standIns = [try Self.engine(kind), try Self.engine(kind)]
            let fleet = try await RolloutFleet.connect(.test(standIns, form: form), transport: HTTPClient())
            let deleted = Atomically<[String]>([])
            let fleetTrainer = FleetTrainer(
                trainer, fleet: fleet,
                locator: WeightsLocator(hint: "the embedded backend's checkpoints") {
                    checkpoints.modelDirectory(of: $0)
                },
                saveSampler: { try await trainer.saveSampler(named: $0) },
                deleteSampler: { reference in
                    try? checkpoints.delete(reference)
                    deleted.update { $0.append(reference) }
                })
            let prompt: [TokenID] = [3, 1, 4]
            let parameters = SamplingParameters(maxTokens: 12, stopTokens: [63], seed: 100)
            var drawn: [[SampledSequence]] = []
            var directories: [String] = []
            for version in 0..<3 {
                let sampler = try await fleetTrainer.publishSampler(policyVersion: version)
                #expect(sampler.policyVersion == version)
                directories.append(try #require(sampler as? FleetPolicySampler).weights.directory)
                let samples = try await sampler.sample(prompt: prompt, count: 4, parameters: parameters)
                let batch = Self.datums(prompt, samples)
                // The trainer's logprobs before its step are those of the weights that were published.
                let step = try await fleetTrainer.trainStep(
                    batch, loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.05))
                for (logprobs, sample) in zip(step.logprobs, samples) {
                    #expect(logprobs.suffix(sample.tokens.count) == sample.logprobs[...])
                }
                // The weights have moved, what was published has not.
                #expect(try await sampler.sample(prompt: prompt, count: 4, parameters: parameters) == samples)
                drawn.append(samples)
            }
            #expect(Set(drawn.map { $0.map(\.logprobs) }).count == 3)
            #expect(try #require(fleetTrainer.publicationTime).loading > .zero)
            let deadline = ContinuousClock.now + .seconds(900)
            while deleted.value.count < 3, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(deleted.value.count == 3)
            for directory in directories { #expect(!FileManager.default.fileExists(atPath: directory)) }
            await fleetTrainer.close()
            for standIn in standIns { #expect(standIn.state.value.adapters.isEmpty) }
        }
    }

    /// Adapters of several versions are loaded beside one another, each until its sampler is gone.
    @Test(arguments: [FleetEndpoint.Kind.vllm, .sglang]) func olderAdaptersAreSampledAsLongAsTheyAreWanted(
        kind: FleetEndpoint.Kind
    ) async throws {
        try await Self.withTrainer { trainer, checkpoints in
            let standIns = [try FleetStandIn(kind), try FleetStandIn(kind)]
            let fleet = try await RolloutFleet.connect(.test(standIns, form: .adapter), transport: HTTPClient())
            let fleetTrainer = FleetTrainer(
                trainer, fleet: fleet,
                locator: WeightsLocator(hint: "-") { checkpoints.modelDirectory(of: $0) },
                saveSampler: { try await trainer.saveSampler(named: $0) })
            #expect(fleetTrainer.maximumLiveSamplers == nil)
            let parameters = SamplingParameters(maxTokens: 12, stopTokens: [9], seed: 100)
            var samplers: [any PolicySampler] = []
            var drawn: [[SampledSequence]] = []
            for version in 0..<4 {
                samplers.append(try await fleetTrainer.publishSampler(policyVersion: version))
                drawn.append(try await samplers[version].sample(prompt: [3, 1], count: 2, parameters: parameters))
            }
            #expect(Set(drawn.map { $0.map(\.logprobs) }).count == 4)
            for (sampler, earlier) in zip(samplers, drawn) {
                #expect(try await sampler.sample(prompt: [3, 1], count: 2, parameters: parameters) == earlier)
            }
            #expect(standIns.allSatisfy { $0.state.value.adapters.count == 4 })
            samplers.removeFirst(3)
            while standIns.contains(where: { $0.state.value.adapters.count > 1 }) {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await samplers[0].sample(prompt: [3, 1], count: 2, parameters: parameters) == drawn[3])
            await fleetTrainer.close()
        }
    }

    @Test func wholeModelsReplaceOneAnother() async throws {
        try await Self.withTrainer { trainer, checkpoints in
            let standIn = try FleetStandIn(.vllm)
            let fleet = try await RolloutFleet.connect(.test([standIn], form: .full), transport: HTTPClient())
            let fleetTrainer = FleetTrainer(
                trainer, fleet: fleet,
                locator: WeightsLocator(hint: "-") { checkpoints.modelDirectory(of: $0) },
                saveSampler: { try await trainer.saveSampler(named: $0) })
            #expect(fleetTrainer.maximumLiveSamplers == 1)
            let parameters = SamplingParameters(maxTokens: 4, stopTokens: [9], seed: 1)
            let older = try #require(try await fleetTrainer.publishSampler(policyVersion: 0) as? FleetPolicySampler)
            let newer = try await fleetTrainer.publishSampler(policyVersion: 1)
            let error = await fleetError { () async throws(FleetError) in
                try await older.sample(prompt: [1], count: 1, parameters: parameters)
            }
            #expect(error == .retired(weights: older.weights.name))
            _ = try await newer.sample(prompt: [1], count: 1, parameters: parameters)
            await fleetTrainer.close()
        }
    }

    @Test func aDirectoryThatTheFleetCannotReadIsNamed() async throws {
        try await Self.withTrainer { trainer, _ in
            let standIn = try FleetStandIn(.vllm)
            standIn.state.update { $0.lasting["/v1/load_lora_adapter"] = .status(404) }
            let fleet = try await RolloutFleet.connect(.test([standIn]), transport: HTTPClient())
            let saved = Atomically<[String]>([])
            let fleetTrainer = FleetTrainer(
                trainer, fleet: fleet, locator: WeightsLocator(template: "/mnt/weights/{model}/{name}"),
                saveSampler: { try await trainer.saveSampler(named: $0) },
                deleteSampler: { reference in saved.update { $0.append(reference) } })
            do {
                _ = try await fleetTrainer.publishSampler(policyVersion: 7)
                Issue.record("the publication succeeded")
            } catch {
                let text = "\(error)"
                #expect(
                    text.contains(standIn.url) && text.contains("/mnt/weights/model_") && text.contains("--enable-lora")
                )
            }
            #expect(saved.value.count == 1)
            await fleetTrainer.close()
        }
    }
}
