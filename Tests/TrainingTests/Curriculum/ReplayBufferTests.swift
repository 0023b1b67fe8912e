import Primitives
import Testing

@testable import Training

@Suite struct ReplayBufferTests {
    private func simulated(_ policy: ReplayPolicy, lag: Int = 0) -> SimulatedCurriculum {
        SimulatedCurriculum(CurriculumConfiguration(replay: policy), count: 20, perStep: 6, lag: lag)
    }

    static let policies = (0..<16).map { number in
        var random = CounterRandom(seed: 23, stage: .synthesis, step: number)
        return ReplayPolicy(
            groupsPerStep: 1 + random.integer(below: 6), maximumStaleness: 1 + random.integer(below: 5),
            informativeOnly: random.integer(below: 2) == 0, maximumUses: 1 + random.integer(below: 3))
    }

    /// Checked against the rules by brute force: who may be replayed, and that nobody better was passed over.
    @Test(arguments: policies) func replaysFollowTheRules(policy: ReplayPolicy) {
        let trace = simulated(policy).run(steps: 40)
        var uses: [ReplayChoice: Int] = [:]
        var replayed = 0
        for (index, choices) in trace.replays.enumerated() {
            let step = index + 1
            let usable = trace.outcomes.prefix(index).flatMap(\.groups).filter { group in
                group.wasShipped && (group.isInformative || !policy.informativeOnly)
                    && step - group.sampledStep <= policy.maximumStaleness
            }.map { ReplayChoice(sampledStep: $0.sampledStep, place: $0.place) }
                .filter { uses[$0, default: 0] < policy.maximumUses }
            #expect(Set(choices).isSubset(of: usable))
            #expect(Set(choices).count == min(policy.groupsPerStep, usable.count))
            #expect(choices == choices.sorted { ($0.sampledStep, $0.place) < ($1.sampledStep, $1.place) })
            func rank(_ choice: ReplayChoice) -> (Int, Int) { (uses[choice, default: 0], -choice.sampledStep) }
            let worstChosen = choices.map(rank).max { $0 < $1 }
            let bestLeft = usable.filter { !choices.contains($0) }.map(rank).min { $0 < $1 }
            if let worstChosen, let bestLeft { #expect(worstChosen <= bestLeft) }
            for choice in choices { uses[choice, default: 0] += 1 }
            replayed += choices.count
        }
        #expect(replayed > 20)
        #expect(uses.values.allSatisfy { $0 <= policy.maximumUses })
    }

    @Test func askingForAReplayUsesNothingUp() {
        let simulated = simulated(ReplayPolicy(groupsPerStep: 2))
        var curriculum = simulated.curriculum()
        for step in 1...5 {
            let plan = curriculum.plan(step: step)
            #expect(curriculum.replay(step: step) == curriculum.replay(step: step))
            curriculum.record(simulated.outcome(of: plan))
        }
    }
}
