import Primitives

/// The trajectories of a run of the teacher, in the order of the questions.
public struct TrajectorySet: Sendable {
    public var trajectories: [Trajectory]

    public init(trajectories: [Trajectory]) { self.trajectories = trajectories }

    public var kept: [Trajectory] { trajectories.filter { $0.rejection == nil } }

    /// For people.
    public var summary: String { "teacher: \(kept.count) of \(trajectories.count) trajectories kept" }

    /// How many were rejected for each kind of reason, in alphabetical order.
    public var rejectionCounts: [(kind: String, count: Int)] {
        var counts: [String: Int] = [:]
        for trajectory in trajectories {
            if let kind = trajectory.rejection?.kind { counts[kind, default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// What is learnt from: the kept trajectories, weighted on what the assistant wrote.
    public var examples: [SupervisedExample] {
        kept.map { SupervisedExample(questionID: $0.questionID, messages: $0.messages) }
    }

    /// Writes `trajectories.jsonl.zst` (all of them, with reasons) and `supervised.jsonl.zst` (the examples).
    public func write(directory: String) throws(SynthesisError) {
        try DatasetFile.write(trajectories.map(\.json), directory + "/trajectories.jsonl.zst")
        try SupervisedExample.write(examples, to: directory + "/supervised.jsonl.zst")
    }
}
