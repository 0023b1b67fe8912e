import Foundation

extension LossFunction {
    /// The objective of one token without its weight, and its derivative with respect to the trainer's logprob.
    /// - Parameters:
    ///   - logprob: the trainer's logprob of the target.
    ///   - samplerLogprob: the sampler's.
    func objective(logprob: Double, samplerLogprob: Double, advantage: Double) -> (value: Double, derivative: Double) {
        switch self {
        case .crossEntropy:
            return (logprob, 1)
        case .importanceSampling:
            let value = exp(logprob - samplerLogprob) * advantage
            return (value, value)
        case .ppo(let low, let high):
            let ratio = exp(logprob - samplerLogprob)
            let plain = ratio * advantage
            let clipped = min(max(ratio, low), high) * advantage
            return plain <= clipped ? (plain, plain) : (clipped, 0)
        case .cispo(let low, let high):
            let coefficient = min(max(exp(logprob - samplerLogprob), low), high) * advantage
            return (coefficient * logprob, coefficient)
        case .dro(let beta):
            let distance = logprob - samplerLogprob
            return (advantage * logprob - 0.5 * beta * distance * distance, advantage - beta * distance)
        }
    }

    /// The loss of a batch, minus the weighted sum of the objectives, given the trainer's logprobs of its targets.
    func loss(of datums: [Datum], logprobs: [[Float]]) -> Double {
        var loss = 0.0
        for (datum, logprobs) in zip(datums, logprobs) {
            for (index, weight) in datum.weights.enumerated() where weight != 0 {
                loss -=
                    Double(weight)
                    * objective(
                        logprob: Double(logprobs[index]), samplerLogprob: Double(datum.logprobs[index]),
                        advantage: Double(datum.advantages[index])
                    ).value
            }
        }
        return loss
    }
}
