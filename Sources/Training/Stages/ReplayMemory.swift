import Storage

/// The groups of the last steps, for those that are trained again; what is not in memory is read from the rollouts.
struct ReplayMemory {
    private let run: RunDirectory
    /// How many steps after its sampling a group may be trained again; `nil` where none is.
    private let maximumStaleness: Int?
    private var groups: [ReplayChoice: RolloutGroup] = [:]

    init(run: RunDirectory, maximumStaleness: Int?) {
        self.run = run
        self.maximumStaleness = maximumStaleness
    }

    /// The groups that are trained again in a step.
    /// - Throws: ``TrainingError/unreadable(path:problem:)`` where the rollouts that hold one are gone.
    mutating func groups(_ choices: [ReplayChoice], step: Int) async throws -> [RolloutGroup] {
        var chosen: [RolloutGroup] = []
        for choice in choices {
            var trainedStep = choice.sampledStep
            while groups[choice] == nil, trainedStep < step {
                for group in try await run.rollouts(step: trainedStep) { groups[group.choice] = group }
                trainedStep += 1
            }
            guard let group = groups[choice] else {
                throw TrainingError.unreadable(
                    path: run.layout.rollouts,
                    problem: "group \(choice.place) of step \(choice.sampledStep), which step \(step) trains again, is "
                        + "missing in the rollouts of the steps from \(choice.sampledStep) on")
            }
            chosen.append(group)
        }
        return chosen
    }

    /// Keeps the groups that a step has trained, and lets go of those that are too old.
    mutating func keep(_ trained: [RolloutGroup], step: Int) {
        guard let maximumStaleness else { return }
        for group in trained { groups[group.choice] = group }
        groups = groups.filter { $0.key.sampledStep + maximumStaleness > step }
    }
}

extension RolloutGroup {
    fileprivate var choice: ReplayChoice { ReplayChoice(sampledStep: step, place: index) }
}
