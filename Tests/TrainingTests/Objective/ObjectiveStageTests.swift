import Testing

@testable import Training

/// The objective in the stage: what it asks the trainer for arrives.
@Suite struct ObjectiveStageTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func launch(
        _ name: String, _ objective: PolicyObjective
    ) async throws -> (weights: UInt64, rows: [StepMetrics]) {
        var run = SmallRun(path: directory.path + "/" + name)
        run.objective = objective
        let weights = try await run.launch().weights
        return (weights, try run.rows().filter { $0.stage == .reinforcement && $0["train/updated"] == 1 })
    }

    /// The sampler is the trainer's own policy, so every ratio is 1 and every form of the loss sends the same datums.
    @Test(arguments: [
        PolicyObjective(loss: .gspo(clipLow: 0.9, clipHigh: 1.1)),
        PolicyObjective(loss: .ppo(clipLow: 0.8, clipHigh: 1.2, dualClip: 3)),
        PolicyObjective(mismatch: MismatchCorrection(.tokenTruncation(maximum: 2))),
        PolicyObjective(mismatch: MismatchCorrection(.sequenceMask(low: 0.5, high: 2), geometricBounds: 0.99...1.01)),
    ])
    func aFreshSamplerLeavesNothingToCorrect(objective: PolicyObjective) async throws {
        let plain = try await launch("plain", PolicyObjective())
        let other = try await launch("other", objective)
        #expect(other.weights == plain.weights)
        #expect(!other.rows.isEmpty)
        for row in other.rows where objective.mismatch != nil {
            #expect(row["mismatch/mean"] == 1 && row["mismatch/effective_sample_size"] == 1)
            #expect(row["mismatch/out_of_bound_fraction"] == 0 && row["mismatch/rejected_fraction"] == 0)
        }
    }

    @Test func shapingReachesTheAdvantages() async throws {
        let shaping = RewardShaping(length: LengthShaping(output: 0.5, input: 0, turns: 0))
        let plain = try await launch("plain", PolicyObjective())
        let shaped = try await launch("shaped", PolicyObjective(shaping: shaping))
        #expect(shaped.weights != plain.weights)
        #expect(shaped.rows.allSatisfy { ($0["reward/judged/mean"] ?? 1) < ($0["reward/mean"] ?? 0) })
    }
}
