import Primitives

/// Whether a sampler stays what it is once there is a newer one.
extension BackendProbe {
    /// What a step and a newer sampler did, as sums of logprobs of ``ProbeData/tokens``.
    private struct Versions {
        /// By the trainer: before the step, after it, and after the older sampler was asked again.
        var trained: (before: Double, after: Double, end: Double)
        /// By the older sampler before the step, the newer one, and the older one again; `nil` where the server does not say.
        var sampled: (before: Double, newer: Double, again: Double)?
    }

    /// Steps that move less than this, in nats, prove nothing.
    private static let leastMove = 0.05

    func measureVersions() async throws(BackendError) {
        // A model of which nothing was sampled yet, and which is given up afterwards.
        await model.discard()
        let outcome = try await model.attempt { trainer throws(BackendError) in try await self.versions(of: trainer) }
        await model.discard()
        switch outcome {
        case .success(let versions): note(versions)
        case .failure(let error):
            record.note(.samplerVersions, .assumed("the measurement was refused: \(error)"))
        }
    }

    private func versions(of trainer: TinkerTrainer) async throws(BackendError) -> Versions {
        func trained() async throws(BackendError) -> Double {
            try await trainer.forward([ProbeData.supervised()])[0].reduce(0) { $0 + Double($1) }
        }
        let older = try await trainer.publishSampler(policyVersion: 0)
        let first = try await asked(older)
        let before = try await trained()
        // A few tenths of a nat: more than rounding, less than what ruins a model.
        let rate = tinyRate.map { $0 * 25 } ?? 0.5 * Self.tinyEpsilon / (unit * unit)
        _ = try await displacement(
            [[ProbeData.supervised()]], .crossEntropy, sendsWeights: true, rate: rate, of: trainer)
        let after = try await trained()
        let newer = try await asked(try await trainer.publishSampler(policyVersion: 1))
        let again = try await asked(older)
        var versions = Versions(trained: (before, after, try await trained()))
        if let first, let newer, let again { versions.sampled = (first, newer, again) }
        return versions
    }

    /// Makes a sampler work, and returns what it says of ``ProbeData/tokens`` where the server tells that.
    private func asked(_ sampler: any PolicySampler) async throws(BackendError) -> Double? {
        guard let sampler = sampler as? TinkerSampler else { return nil }
        guard record.profile.promptLogprobs != .unavailable else {
            _ = try await sampler.sample(
                prompt: ProbeData.tokens, count: 1,
                parameters: SamplingParameters(maxTokens: 1, stopTokens: [], seed: 1))
            return nil
        }
        return try await sampler.promptLogprobs(of: ProbeData.tokens).reduce(0) { $0 + Double($1 ?? 0) }
    }

    private func note(_ versions: Versions) {
        let trained = versions.trained
        let move = abs(trained.after - trained.before)
        guard move > Self.leastMove else {
            return record.note(.samplerVersions, .assumed("training steps do not move the model visibly"))
        }
        if abs(trained.end - trained.after) > move / 2 {
            return record.note(
                .samplerVersions,
                .measured(
                    "asking an older sampler moved the trained model by \(Self.short(trained.end - trained.after)) nats"
                )
            ) { $0.samplerVersions = 1 }
        }
        guard let sampled = versions.sampled else {
            return record.note(
                .samplerVersions, .measured("asking an older sampler leaves the trained model alone")
            ) { $0.samplerVersions = nil }
        }
        let difference = abs(sampled.newer - sampled.before)
        guard difference > Self.leastMove else {
            return record.note(.samplerVersions, .assumed("a newer sampler says the same as an older one"))
        }
        let isKept = abs(sampled.again - sampled.before) < difference / 2
        record.note(
            .samplerVersions,
            .measured(
                "an older sampler " + (isKept ? "answers as before" : "answers with newer weights")
                    + " after a step that moved the newer one by \(Self.short(sampled.newer - sampled.before)) nats")
        ) { $0.samplerVersions = isKept ? nil : 1 }
    }
}
