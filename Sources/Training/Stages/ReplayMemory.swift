import Storage

/// The groups of the last steps, for those that are trained again; what is not in memory is read from the rollouts.
struct ReplayMemory {
    private let run: RunDirectory
    private var steps: [Int: [RolloutGroup]] = [:]

    init(run: RunDirectory) { self.run = run }

    /// - Throws: ``TrainingError/unreadable(path:problem:)`` where the rollouts that a choice names are gone.
    mutating func groups(_ choices: [ReplayChoice]) async throws -> [RolloutGroup] {
        var groups: [RolloutGroup] = []
        for choice in choices {
            if steps[choice.trainedStep] == nil {
                steps[choice.trainedStep] = try await run.rollouts(step: choice.trainedStep)
            }
            let group = steps[choice.trainedStep]?.first { $0.step == choice.sampledStep && $0.index == choice.place }
            guard let group else {
                throw TrainingError.unreadable(
                    path: run.layout.rollouts(step: choice.trainedStep),
                    problem: "group \(choice.place) of step \(choice.sampledStep), which is to be trained again, is missing")
            }
            groups.append(group)
        }
        return groups
    }

    /// - Parameter age: how many steps back a group may be; `nil` where none is trained again.
    mutating func keep(_ groups: [RolloutGroup], step: Int, within age: Int?) {
        guard let age else { return }
        steps[step] = groups
        steps = steps.filter { $0.key > step - age }
    }
}
