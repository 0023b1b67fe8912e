import Primitives

/// A group to train on again.
public struct ReplayChoice: Sendable, Hashable {
    /// The step that the group was sampled for.
    public var sampledStep: Int
    /// Its place among the candidates of that step.
    public var place: Int

    public init(sampledStep: Int, place: Int) {
        self.sampledStep = sampledStep
        self.place = place
    }
}

/// The groups that may be trained on again, and how often each was.
struct ReplayBuffer: Sendable {
    private struct Entry: Sendable {
        var choice: ReplayChoice
        var uses = 0
    }

    private let policy: ReplayPolicy
    private let seed: UInt64
    /// By the step and place that they were sampled for.
    private var entries: [Entry] = []

    init(policy: ReplayPolicy, seed: UInt64) {
        self.policy = policy
        self.seed = seed
    }

    /// The groups that a step replays: the least used first, of those the newest, of those any. In the order of their steps
    /// and places.
    func choices(step: Int) -> [ReplayChoice] {
        var random = CounterRandom(
            seed: seed, stage: .reinforcement, step: step, turn: CurriculumTurn.replay.rawValue)
        return entries.map { (entry: $0, lot: random.next()) }
            .filter { isUsable($0.entry, step: step) && $0.entry.choice.sampledStep < step }
            .sorted {
                ($0.entry.uses, -$0.entry.choice.sampledStep, $0.lot, $0.entry.choice.place)
                    < ($1.entry.uses, -$1.entry.choice.sampledStep, $1.lot, $1.entry.choice.place)
            }
            .prefix(policy.groupsPerStep).map(\.entry.choice)
            .sorted { ($0.sampledStep, $0.place) < ($1.sampledStep, $1.place) }
    }

    /// Counts the step's replays, takes in its groups and lets go of what no later step can use.
    mutating func record(_ outcome: StepOutcome) {
        let replayed = Set(choices(step: outcome.step))
        for index in entries.indices where replayed.contains(entries[index].choice) { entries[index].uses += 1 }
        entries += outcome.groups.filter { $0.wasShipped && ($0.isInformative || !policy.informativeOnly) }
            .map { Entry(choice: ReplayChoice(sampledStep: $0.sampledStep, place: $0.place)) }
        entries = entries.filter { isUsable($0, step: outcome.step + 1) }
        entries.sort { ($0.choice.sampledStep, $0.choice.place) < ($1.choice.sampledStep, $1.choice.place) }
    }

    private func isUsable(_ entry: Entry, step: Int) -> Bool {
        entry.uses < policy.maximumUses && step - entry.choice.sampledStep <= policy.maximumStaleness
    }
}
