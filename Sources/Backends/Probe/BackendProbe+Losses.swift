import Primitives

/// Which policy losses a server computes, and how it reads their weights and clips.
extension BackendProbe {
    func measureLosses() async throws(BackendError) {
        // At q = logp the gradient of r · A is A · ∇logp: that of cross-entropy, if the loss is what the API says.
        let plain = ProbeData.policy(logprobs: logprobs)
        let importance = try await attempt(plain, .importanceSampling, sendsWeights: true)
        var sendsWeights = true
        var size = importance
        if case .failure(let refusal) = importance {
            size = try await attempt(plain, .importanceSampling, sendsWeights: false)
            if case .success = size {
                sendsWeights = false
                record.note(.policyWeights, .measured("a policy loss with weights was refused: \(refusal)")) {
                    $0.policyWeights = .refused
                }
            }
        }
        switch size {
        case .success(let size):
            noteSupport("importance_sampling", isAsDocumented: isNear(size, unit), evidence: size)
        case .failure(let refusal):
            noteSupport("importance_sampling", isAsDocumented: false, evidence: nil, refusal: refusal)
            return noteLosses()
        }
        if sendsWeights { try await measureWeights(plain: size) }
        try await measureClips(plain, sendsWeights: sendsWeights)
        try await measureDirectReward(sendsWeights: sendsWeights)
        noteLosses()
    }

    /// - Parameter plain: the size with weights and advantages of 1.
    private func measureWeights(plain: Result<Double, BackendError>) async throws(BackendError) {
        // The masked positions pull the other way. Were all advantages 1, a mean over the mask could move the sequence as far
        // as one over all positions.
        let mask = ProbeData.mask(last: 3)
        let signs = mask.map { 1 - 2 * $0 }
        let all = try await attempt(
            ProbeData.policy(logprobs: logprobs, advantages: signs), .importanceSampling, sendsWeights: true)
        let some = try await attempt(
            ProbeData.policy(logprobs: logprobs, weights: mask, advantages: signs), .importanceSampling,
            sendsWeights: true)
        let none = try await attempt(ProbeData.policy(logprobs: logprobs), .importanceSampling, sendsWeights: false)
        guard case .success(let some) = some, case .success(let all) = all, case .success(let plain) = plain else {
            return record.note(.policyWeights, .assumed("the measurement was refused"))
        }
        let omitted =
            switch none {
            case .success(let size) where isNear(size, plain): "without weights every position counts"
            case .success(let size): "without weights the norm is \(Self.short(size))"
            case .failure: "requests without weights are refused"
            }
        let ignores = isNear(some, all)
        record.note(
            .policyWeights,
            .measured(
                "gradient \(Self.short(all)) with weights of 1, \(Self.short(some)) with a mask; \(omitted)")
        ) { $0.policyWeights = ignores ? .ignored : .honoured }
    }

    /// At a ratio of 1, bounds of 0.2 and 0.5 clip: PPO has no gradient then, and CISPO half of it. Where the bounds are
    /// distances from 1 instead, both have the whole.
    private func measureClips(_ plain: Datum, sendsWeights: Bool) async throws(BackendError) {
        var evidence: [String] = []
        var areRatios = true
        for (loss, expected) in [
            (LossFunction.ppo(clipLow: 0.2, clipHigh: 0.5), 0.0), (.cispo(clipLow: 0.2, clipHigh: 0.5), 0.5),
        ] {
            switch try await attempt(plain, loss, sendsWeights: sendsWeights) {
            case .success(let size):
                let isAsDocumented = abs(size / unit - expected) < 0.1
                areRatios = areRatios && isAsDocumented
                evidence.append(
                    "\(loss.wireName) clipped to [0.2, 0.5] at ratio 1 leaves \(Self.short(size / unit)) of the gradient"
                )
                noteSupport(loss.wireName, isAsDocumented: true, evidence: size)
            case .failure(let refusal):
                noteSupport(loss.wireName, isAsDocumented: false, evidence: nil, refusal: refusal)
            }
        }
        guard !evidence.isEmpty else { return }
        record.note(.clipConvention, .measured(evidence.joined(separator: "; "))) {
            $0.clipConvention = areRatios ? .absoluteRatios : .other
        }
    }

    /// With `q = logp + 1` and beta 1 the derivative of DRO is `A + 1`: twice that of the others.
    private func measureDirectReward(sendsWeights: Bool) async throws(BackendError) {
        let shifted = ProbeData.policy(logprobs: logprobs.map { $0 + 1 })
        switch try await attempt(shifted, .dro(beta: 1), sendsWeights: sendsWeights) {
        case .success(let size): noteSupport("dro", isAsDocumented: isNear(size, 2 * unit), evidence: size / unit)
        case .failure(let refusal): noteSupport("dro", isAsDocumented: false, evidence: nil, refusal: refusal)
        }
    }

    private func attempt(
        _ datum: Datum, _ loss: LossFunction, sendsWeights: Bool
    ) async throws(BackendError) -> Result<Double, BackendError> {
        try await model.attempt { trainer throws(BackendError) in
            try await self.size([[datum]], loss, sendsWeights: sendsWeights, of: trainer)
        }
    }

    private func isNear(_ size: Double, _ expected: Double) -> Bool {
        abs(size - expected) <= (tinyRate == nil ? 0.03 : 0.25) * abs(expected)
    }

    private func noteSupport(_ loss: String, isAsDocumented: Bool, evidence: Double?, refusal: BackendError? = nil) {
        if isAsDocumented {
            record.note(.losses, record.origin(of: .losses)) { $0.losses.insert(loss) }
        } else {
            let reason =
                refusal.map { "refused: \($0)" } ?? "gradient \(Self.short(evidence ?? .nan)) is not as documented"
            missingLosses.append("\(loss) (\(reason))")
            record.note(.losses, record.origin(of: .losses)) { $0.losses.remove(loss) }
        }
    }

    private func noteLosses() {
        let missing = missingLosses.isEmpty ? "all were computed" : missingLosses.joined(separator: "; ")
        record.note(.losses, .measured(missing))
    }
}
