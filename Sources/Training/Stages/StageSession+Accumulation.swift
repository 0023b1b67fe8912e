import Backends

extension StageSession {
    /// One optimizer step on the sum of the gradients of several passes. Answers are in the order of the passes.
    ///
    /// Gradients of passes wait in the trainer only. A launch that ends between two of them leaves nothing behind: the next
    /// one restores the weights and begins the step again.
    func train(
        passes: [[Datum]], loss: LossFunction, optimizer: AdamParameters, progress: inout StageProgress
    ) async throws -> TrainStepResult {
        guard passes.count > 1 else {
            return try await train(passes.first ?? [], loss: loss, optimizer: optimizer, progress: &progress)
        }
        let total = passes.reduce(0) { $0 + $1.count }
        var result = TrainStepResult(logprobs: [], loss: 0, gradientNorm: nil)
        for datums in passes {
            let pass = try await accumulate(datums, loss: loss, ofTotal: total, progress: progress)
            result.logprobs += pass.logprobs
            if let sum = result.loss, let loss = pass.loss { result.loss = sum + loss } else { result.loss = nil }
        }
        let step = try await optimizerStep(optimizer, progress: &progress)
        result.gradientNorm = step.gradientNorm
        result.metrics = step.metrics
        return result
    }
}
