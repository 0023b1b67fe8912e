import Foundation
import Primitives

/// What a server's sampler says of itself.
extension BackendProbe {
    private static let prompt: [TokenID] = Array(ProbeData.tokens.prefix(4))
    private static let samples = 4
    private static let length = 8
    private static let seed: Int64 = 1_000
    /// A temperature at which models that are sure of themselves still draw different samples, and at which the logprobs of
    /// the model and of what was drawn from lie apart.
    private static let heat = 2.0

    func measureSampling() async throws(BackendError) {
        let outcome = try await model.attempt { trainer throws(BackendError) in
            guard let sampler = try await trainer.publishSampler(policyVersion: 0) as? TinkerSampler else {
                throw BackendError.unsupported(detail: "it has no sampler")
            }
            let warm = try await self.draw(sampler, count: Self.samples, temperature: 1, seed: Self.seed)
            let hot = try await self.draw(sampler, count: Self.samples, temperature: Self.heat, seed: Self.seed)
            try await self.compareLogprobs(warm: warm, hot: hot, trainer)
            try await self.compareSeeds(hot, sampler)
            return sampler
        }
        switch outcome {
        case .success(let sampler): try await measurePromptLogprobs(sampler)
        case .failure(let error):
            for field in [ProfileField.logprobs, .seeds, .promptLogprobs] {
                record.note(field, .assumed("sampling was refused: \(error)"))
            }
        }
    }

    private func draw(
        _ sampler: TinkerSampler, count: Int, temperature: Double, seed: Int64
    ) async throws(BackendError) -> [SampledSequence] {
        let parameters = SamplingParameters(
            maxTokens: Self.length, temperature: temperature, stopTokens: [], seed: seed)
        return try await sampler.sample(prompt: Self.prompt, count: count, parameters: parameters)
    }

    /// The mean distance of the sampler's logprobs from the trainer's, at both temperatures.
    private func compareLogprobs(
        warm: [SampledSequence], hot: [SampledSequence], _ trainer: TinkerTrainer
    ) async throws(BackendError) {
        func distance(_ samples: [SampledSequence]) async throws(BackendError) -> Double {
            let datums = samples.map { sample in
                Datum(
                    supervised: Self.prompt + sample.tokens,
                    weights: [Float](repeating: 1, count: Self.prompt.count + sample.tokens.count))
            }
            let trained = try await trainer.forward(datums)
            let distances = zip(samples, trained).flatMap { sample, logprobs in
                zip(logprobs.suffix(sample.tokens.count), sample.logprobs).map { abs(Double($0) - Double($1)) }
            }
            return distances.isEmpty ? 0 : distances.reduce(0, +) / Double(distances.count)
        }
        let (same, apart) = (try await distance(warm), try await distance(hot))
        let isProcessed = apart > 2 * same + 0.005
        record.note(
            .logprobs,
            .measured(
                "sampler and trainer differ by \(Self.short(same)) nats a token at temperature 1 and by \(Self.short(apart)) "
                    + "at \(Self.short(Self.heat))")
        ) { $0.logprobSpace = isProcessed ? .processed : .raw }
    }

    private func compareSeeds(_ hot: [SampledSequence], _ sampler: TinkerSampler) async throws(BackendError) {
        let tokens = hot.map(\.tokens)
        guard tokens.count == Self.samples else { return }
        let again = try await draw(sampler, count: Self.samples, temperature: Self.heat, seed: Self.seed).map(\.tokens)
        let next = try await draw(sampler, count: 1, temperature: Self.heat, seed: Self.seed + 1).map(\.tokens)
        let convention: BackendProfile.SeedConvention
        let evidence: String
        if again != tokens {
            (convention, evidence) = (.ignored, "the same request gave other samples")
        } else if Set(tokens).count == 1 {
            // A model that is sure of itself says the same from every seed.
            let chance = exp(Double(Self.samples - 1) * hot[0].logprobs.reduce(0) { $0 + Double($1) })
            guard chance < 1e-3 else {
                return record.note(.seeds, .assumed("the model is too sure of itself to draw different samples"))
            }
            (convention, evidence) = (.sameForAll, "all samples of a request are equal")
        } else if next.first == tokens[1] {
            (convention, evidence) = (.seedPlusIndex, "the second sample is the first one of the next seed")
        } else {
            (convention, evidence) = (.perRequest, "repeated requests agree, neighbouring seeds do not meet")
        }
        record.note(.seeds, .measured(evidence)) { $0.seedConvention = convention }
    }

    private func measurePromptLogprobs(_ sampler: TinkerSampler) async throws(BackendError) {
        let outcome = try await model.attempt { _ throws(BackendError) in
            try await sampler.promptLogprobs(of: Self.prompt)
        }
        switch outcome {
        case .success(let values) where values.count == Self.prompt.count && values[0] == nil:
            record.note(.promptLogprobs, .measured("\(values.count) for \(values.count) tokens, the first null")) {
                $0.promptLogprobs = .leadingNull
            }
        case .success(let values) where values.count == Self.prompt.count - 1:
            record.note(.promptLogprobs, .measured("\(values.count) for \(values.count + 1) tokens")) {
                $0.promptLogprobs = .shortened
            }
        case .success, .failure:
            record.note(.promptLogprobs, .measured("none were given")) { $0.promptLogprobs = .unavailable }
        }
    }
}

extension TinkerSampler {
    /// The logprobs that the server gives for a prompt, as they come.
    func promptLogprobs(of prompt: [TokenID]) async throws(BackendError) -> [Float?] {
        var request = SampleRequest(scoring: prompt)
        request.wantsPromptLogprobs = true
        return try await self.request(request).promptLogprobEntries("`prompt_logprobs`")
    }
}
