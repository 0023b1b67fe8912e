#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The per-token objectives of the Tinker API; the loss is minus their sum over all tokens.
public enum DecoderLoss: Sendable, Equatable {
    case crossEntropy
    case importanceSampling
    /// Bounds are absolute ratios.
    case ppo(clipLow: Float, clipHigh: Float)
    /// The ratio is clipped and takes no gradient.
    case cispo(clipLow: Float, clipHigh: Float)
    /// The squared distance from the sampler's logprob is penalised by half of `beta`.
    case dro(beta: Float)

    /// The objective of one token and its derivative with respect to the trainer's logprob.
    func objective(
        logprob: Float, weight: Float, samplerLogprob: Float, advantage: Float
    ) -> (value: Float, derivative: Float) {
        switch self {
        case .crossEntropy:
            return (weight * logprob, weight)
        case .importanceSampling:
            let value = expf(logprob - samplerLogprob) * advantage * weight
            return (value, value)
        case .ppo(let low, let high):
            let ratio = expf(logprob - samplerLogprob)
            let plain = ratio * advantage
            let clipped = min(max(ratio, low), high) * advantage
            return (min(plain, clipped) * weight, plain <= clipped ? plain * weight : 0)
        case .cispo(let low, let high):
            let coefficient = min(max(expf(logprob - samplerLogprob), low), high) * advantage * weight
            return (coefficient * logprob, coefficient)
        case .dro(let beta):
            let distance = logprob - samplerLogprob
            let value = advantage * logprob - 0.5 * beta * distance * distance
            return (value * weight, (advantage - beta * distance) * weight)
        }
    }

    /// Whether a token can have a gradient at all.
    func involves(weight: Float, advantage: Float) -> Bool {
        switch self {
        case .crossEntropy, .dro: weight != 0
        case .importanceSampling, .ppo, .cispo: weight != 0 && advantage != 0
        }
    }
}
