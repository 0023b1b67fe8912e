/// How often a question was answered correctly of late (see ``PassRateEvidence``), in whole numbers.
struct PassRate: Sendable, Equatable {
    private struct Group: Sendable, Equatable {
        var attempts: Int
        var correct: Int
    }

    /// The newest groups, oldest first: the fewest that hold the memory's attempts, or all.
    private var groups: [Group] = []
    private(set) var attempts = 0
    private(set) var correct = 0

    /// - Parameter memory: see ``PassRateEvidence/memory``.
    mutating func record(attempts newAttempts: Int, correct newCorrect: Int, memory: Int) {
        guard newAttempts > 0 else { return }
        groups.append(Group(attempts: newAttempts, correct: newCorrect))
        attempts += newAttempts
        correct += newCorrect
        while let oldest = groups.first, attempts - oldest.attempts >= memory {
            groups.removeFirst()
            attempts -= oldest.attempts
            correct -= oldest.correct
        }
    }

    /// `nil` before there are `minimumAttempts`.
    func rate(minimumAttempts: Int) -> Double? {
        attempts >= max(1, minimumAttempts) ? Double(correct) / Double(attempts) : nil
    }
}
