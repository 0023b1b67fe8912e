import Testing

@testable import Training

@Suite struct LearningRateScheduleTests {
    /// `transformers.get_linear_schedule_with_warmup` and `get_cosine_schedule_with_warmup` with 2 warm-up steps of 10,
    /// at scheduler steps 2…9.
    static let linear = [1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125]
    static let cosine = [
        1, 0.9619397662556434, 0.8535533905932737, 0.6913417161825449, 0.5, 0.3086582838174552, 0.14644660940672627,
        0.03806023374435663,
    ]

    @Test(arguments: [
        (LearningRateSchedule.Shape.linear, linear), (.cosine, cosine), (.constant, linear.map { _ in 1 }),
    ])
    func decayAgreesWithTransformers(shape: LearningRateSchedule.Shape, factors: [Double]) {
        let schedule = LearningRateSchedule(shape: shape, peak: 3e-4, warmupSteps: 2, totalSteps: 10)
        for (offset, factor) in factors.enumerated() {
            #expect(abs(schedule.rate(step: 3 + offset) - 3e-4 * factor) < 1e-16)
        }
    }

    @Test func warmupRisesEvenlyAndNeverStartsAtZero() {
        let schedule = LearningRateSchedule(peak: 1, warmupSteps: 3, totalSteps: 10)
        #expect((1...5).map { schedule.rate(step: $0) } == [0.25, 0.5, 0.75, 1, 1])
    }

    @Test func theDecayEndsAtItsFinalFraction() {
        let schedule = LearningRateSchedule(shape: .linear, peak: 2, totalSteps: 4, finalFraction: 0.5)
        #expect((1...6).map { schedule.rate(step: $0) } == [2, 1.75, 1.5, 1.25, 1, 1])
    }

    @Test func aScheduleThatIsAllWarmupStillHasARate() {
        let schedule = LearningRateSchedule(shape: .cosine, peak: 1, warmupSteps: 4, totalSteps: 4)
        #expect((1...5).allSatisfy { schedule.rate(step: $0) > 0 })
    }
}
