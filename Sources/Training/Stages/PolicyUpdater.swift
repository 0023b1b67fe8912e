import Backends
import Evaluation

/// One step's way from groups to new weights.
struct PolicyUpdater<Environment: RolloutEnvironment> {
    let configuration: GRPOConfiguration
    let session: StageSession
    let engine: RolloutEngine<Environment>
    let reference: (any ReferencePolicy)?

    private var objective: PolicyObjective { configuration.objective }

    /// What a step did.
    struct Outcome {
        /// All groups that arrived, in order.
        var arrived: [JudgedGroup] = []
        /// Groups of earlier steps that were trained again.
        var replayed: [JudgedGroup] = []
        fileprivate(set) var parts: [(update: PolicyUpdate, logprobs: [[Float]])] = []
        /// Of each optimizer step.
        fileprivate(set) var gradientNorms: [Double?] = []

        var hasUpdated: Bool { !gradientNorms.isEmpty }
    }

    /// Trains the next step.
    /// - Returns: `nil` where the stop signal came before its groups were there.
    func callAsFunction(
        replaying replayed: [RolloutGroup], progress: inout StageProgress, timer: inout StepTimer
    ) async throws -> Outcome? {
        let step = progress.step + 1
        var outcome = Outcome()
        if configuration.overlap.minibatches > 1 {
            guard try await stream(step, progress: &progress, timer: &timer, into: &outcome) else { return nil }
        } else {
            let arrived = try await timer.measure("rollout") { try await engine.groups(of: step) }
            guard let arrived else { return nil }
            try checkFailures(in: arrived, of: arrived.reduce(0) { $0 + $1.episodes.count }, step: step)
            let groups = try await timer.measure("reference") { try await referenced(arrived + replayed) }
            let judged = objective.judge(groups)
            outcome.arrived = Array(judged.prefix(arrived.count))
            outcome.replayed = Array(judged.dropFirst(arrived.count))
            let shipped = judged.filter(\.isShipped)
            let parts = (0..<configuration.substeps).map { place in
                shipped[Self.range(place, of: configuration.substeps, count: shipped.count)].flatMap(\.sequences)
            }
            let proximal = try await timer.measure("train") {
                try await proximalLogprobs(parts)
            }
            for (place, part) in parts.enumerated() {
                try await update(part, proximal: proximal?[place], &progress, &timer, into: &outcome)
            }
        }
        return outcome
    }

    private var trainer: any PolicyTrainer { session.context.trainer }

    private func optimizer(step: Int) -> AdamParameters {
        var optimizer = configuration.optimizer
        optimizer.learningRate = configuration.schedule.rate(step: step)
        return optimizer
    }

    /// The places of one of `parts` almost equal parts.
    static func range(_ place: Int, of parts: Int, count: Int) -> Range<Int> {
        place * count / parts..<(place + 1) * count / parts
    }

    /// One optimizer step.
    /// - Parameter proximal: the trainer's logprobs from before the first one of this step, where the objective wants them.
    private func update(
        _ sequences: [PolicySequence], proximal: [[Float]]?, _ progress: inout StageProgress, _ timer: inout StepTimer,
        into outcome: inout Outcome
    ) async throws {
        guard !sequences.isEmpty else { return }
        let isFirst = outcome.parts.isEmpty
        var inner = progress
        let (update, result) = try await timer.measure("train") {
            var current = isFirst ? proximal : nil
            if objective.needsTrainerLogprobs, current == nil { current = try await trainerLogprobs(sequences) }
            let update = objective.update(sequences, trainerLogprobs: current, proximalLogprobs: proximal)
            let result = try await session.train(
                update.datums, loss: update.loss, optimizer: optimizer(step: inner.step + 1), progress: &inner)
            return (update, result)
        }
        progress = inner
        outcome.parts.append((update, result.logprobs))
        outcome.gradientNorms.append(result.gradientNorm)
    }

    /// Takes the gradients of each minibatch as soon as its groups are there. Each is normalised by itself and has an equal
    /// share. A server that averages over the datums of a step is sent all of them at the end, with the same gradient.
    private func stream(
        _ step: Int, progress: inout StageProgress, timer: inout StepTimer, into outcome: inout Outcome
    ) async throws -> Bool {
        let count = configuration.overlap.minibatches
        let sendsAtOnce = trainer.profile.lossReduction == .tokenSum
        var updates: [PolicyUpdate] = []
        let start = progress
        for place in 0..<count {
            let places = Self.range(place, of: count, count: configuration.questionsPerStep)
            // A trainer with gradients that wait cannot be saved: a step of which a part was sent is finished.
            let heedsStop = outcome.parts.isEmpty
            let groups = try await timer.measure("rollout") {
                try await engine.groups(of: step, places: places, heedsStop: heedsStop)
            }
            guard let groups else { return false }
            try checkFailures(
                in: outcome.arrived.map(\.group) + groups,
                of: configuration.questionsPerStep * configuration.groupSize, step: step)
            let judged = objective.judge(try await timer.measure("reference") { try await referenced(groups) })
            outcome.arrived += judged
            let sequences = judged.filter(\.isShipped).flatMap(\.sequences)
            guard !sequences.isEmpty else { continue }
            let update = try await timer.measure("train") {
                let wantsLogprobs = objective.needsTrainerLogprobs || objective.needsProximalLogprobs
                return objective.update(
                    sequences, trainerLogprobs: wantsLogprobs ? try await trainerLogprobs(sequences) : nil,
                    share: 1 / Double(count))
            }
            updates.append(update)
            if sendsAtOnce { try await accumulate(update, total: 0, start, &timer, &outcome) }
        }
        guard !updates.isEmpty else { return true }
        if !sendsAtOnce {
            let total = updates.reduce(0) { $0 + $1.datums.count }
            for update in updates { try await accumulate(update, total: total, start, &timer, &outcome) }
        }
        var inner = progress
        let result = try await timer.measure("train") {
            try await session.optimizerStep(optimizer(step: step), progress: &inner)
        }
        progress = inner
        outcome.gradientNorms.append(result.gradientNorm)
        return true
    }

    private func accumulate(
        _ update: PolicyUpdate, total: Int, _ progress: StageProgress, _ timer: inout StepTimer,
        _ outcome: inout Outcome
    ) async throws {
        let pass = try await timer.measure("train") {
            try await session.accumulate(update.datums, loss: update.loss, ofTotal: total, progress: progress)
        }
        outcome.parts.append((update, pass.logprobs))
    }

    private func proximalLogprobs(_ parts: [[PolicySequence]]) async throws -> [[[Float]]]? {
        guard objective.needsProximalLogprobs else { return nil }
        var logprobs: [[[Float]]] = []
        for part in parts { logprobs.append(try await trainerLogprobs(part)) }
        return logprobs
    }

    private func trainerLogprobs(_ sequences: [PolicySequence]) async throws -> [[Float]] {
        sequences.isEmpty ? [] : try await trainer.forward(objective.bareDatums(sequences))
    }

    /// The groups with the reference policy's logprobs, where the objective wants them.
    private func referenced(_ groups: [RolloutGroup]) async throws -> [RolloutGroup] {
        guard let reference else { return groups }
        var groups = groups
        let sequences = groups.flatMap { group in
            group.episodes.indices.flatMap { group.sequences(ofEpisode: $0, advantage: 0) }
        }
        var logprobs = try await reference.logprobs(objective.bareDatums(sequences)).makeIterator()
        for place in groups.indices {
            groups[place].referenceLogprobs = groups[place].episodes.map { scored in
                scored.episode.sequences.map { _ in logprobs.next() ?? [] }
            }
        }
        return groups
    }

    /// Stops the run where so many of a step's episodes failed that something must be broken.
    /// - Parameters:
    ///   - groups: those of the step that are there so far.
    ///   - count: the episodes of the whole step.
    private func checkFailures(in groups: [RolloutGroup], of count: Int, step: Int) throws(TrainingError) {
        let failed = groups.flatMap(\.episodes).compactMap(\.episode.failure)
        guard let first = failed.first, Double(failed.count) > configuration.failures.maximumShare * Double(count)
        else {
            return
        }
        throw .tooManyFailures(
            stage: .reinforcement, step: step, failed: failed.count, count: count, reason: first.reason)
    }
}

extension PolicyUpdater.Outcome {
    /// What the trainer said, per token of all that was trained; of several optimizer steps the mean of their losses.
    func record(in row: inout StepMetrics) {
        let norms = gradientNorms.compactMap(\.self)
        RolloutMetrics.record(
            parts.map { ($0.update, $0.logprobs) },
            gradientNorm: norms.isEmpty ? nil : norms.reduce(0, +) / Double(norms.count), in: &row)
        row["loss"] = row["loss"].map { $0 / Double(gradientNorms.count) }
        row["train/optimizer_steps"] = Double(gradientNorms.count)
        row["replay/groups"] = Double(replayed.count)
    }
}
