/// Which questions a reinforcement stage asks how often, and which of their groups it trains on again. Without any of it
/// the stage goes through its questions in shuffled epochs (``QuestionSchedule``).
public struct CurriculumConfiguration: Sendable, Equatable {
    /// From easy to hard; empty or one: no pools.
    public var pools: [DifficultyPool]
    public var evidence: PassRateEvidence
    public var window: HardnessWindow?
    public var balance: QuestionBalance
    public var replay: ReplayPolicy?

    public init(
        pools: [DifficultyPool] = [], evidence: PassRateEvidence = PassRateEvidence(), window: HardnessWindow? = nil,
        balance: QuestionBalance = .none, replay: ReplayPolicy? = nil
    ) {
        self.pools = pools
        self.evidence = evidence
        self.window = window
        self.balance = balance
        self.replay = replay
    }

    /// Whether the questions of a step are those of ``QuestionSchedule``.
    public var asksInEpochs: Bool { pools.count < 2 && window == nil && balance == .none }

    /// What keeps this from being a curriculum; empty where nothing does. Each sentence begins with the key that it is
    /// about, as recipes name it.
    public var problems: [String] {
        DifficultyPool.problems(in: pools) + evidence.problems + (window?.problems ?? []) + (replay?.problems ?? [])
    }
}

/// A part of the questions that gets a share of every step.
///
/// A question is in the first pool that takes it. What counts is its observed pass rate once there is enough evidence
/// (``PassRateEvidence``) and the pools have bounds on it, and its certificate's difficulty before; a question of unknown
/// difficulty is in the middle pool (`pools[count / 2]`) until it has been tried.
public struct DifficultyPool: Sendable, Equatable {
    public var name: String
    /// The part of the places in relation to the other pools' shares; positive. Pools without a question leave theirs to
    /// the others.
    public var share: Double
    /// The pool takes questions of a difficulty below; `nil` in the last pool, and in all where difficulty does not count.
    public var difficultyBelow: Double?
    /// The pool takes questions that are answered more often; `nil` in the last pool, and in all where pass rates do not
    /// count.
    public var passRateAbove: Double?

    public init(name: String, share: Double, difficultyBelow: Double? = nil, passRateAbove: Double? = nil) {
        self.name = name
        self.share = share
        self.difficultyBelow = difficultyBelow
        self.passRateAbove = passRateAbove
    }

    static func problems(in pools: [DifficultyPool]) -> [String] {
        guard let last = pools.last else { return [] }
        var problems: [String] = []
        for (number, pool) in pools.enumerated() {
            if !(pool.share > 0 && pool.share.isFinite) {
                problems.append(
                    "pools[\(number)].share is \(pool.share); it must be positive, or the pool would never be asked")
            }
            if pools.prefix(number).contains(where: { $0.name == pool.name }) {
                problems.append("pools[\(number)].name is `\(pool.name)`, which another pool has")
            }
        }
        for (key, bounds, ascends) in [
            ("difficulty_below", pools.map(\.difficultyBelow), true),
            ("pass_rate_above", pools.map(\.passRateAbove), false),
        ] where bounds.contains(where: { $0 != nil }) {
            if bounds.last != .some(nil) {
                problems.append(
                    "pools[\(pools.count - 1)].\(key) cannot be kept: the last pool (`\(last.name)`) takes what the "
                        + "others leave")
            }
            let inner = bounds.dropLast()
            if let missing = inner.firstIndex(of: nil) {
                problems.append("pools[\(missing)].\(key) is missing; all pools but the last have it, or none")
            }
            let given = inner.compactMap(\.self)
            if zip(given, given.dropFirst()).contains(where: { ascends ? $0 >= $1 : $0 <= $1 }) {
                problems.append(
                    "pools.\(key) must \(ascends ? "rise" : "fall") from pool to pool, because pools go from easy to hard"
                )
            }
        }
        if pools.count > 1, pools.dropLast().contains(where: { $0.difficultyBelow == nil && $0.passRateAbove == nil }) {
            problems.append("pools need difficulty_below or pass_rate_above in all but the last")
        }
        return problems
    }
}

/// How much must be known of a question before its pass rate counts, and how much of it is remembered.
///
/// The pass rate is that of the newest groups which together hold at least ``memory`` attempts: counts of whole groups, so
/// that it is exact and a policy that has learned is not judged by what it could not do long ago.
public struct PassRateEvidence: Sendable, Equatable {
    /// Episodes, played to their end, that a question needs within the memory.
    public var minimumAttempts: Int
    public var memory: Int

    public init(minimumAttempts: Int = 8, memory: Int = 32) {
        self.minimumAttempts = minimumAttempts
        self.memory = memory
    }

    var problems: [String] {
        var problems: [String] = []
        if minimumAttempts < 1 { problems.append("minimum_attempts is \(minimumAttempts); it must be positive") }
        if memory < minimumAttempts {
            problems.append(
                "memory is \(memory) attempts, but minimum_attempts asks for \(minimumAttempts); remember at least as many"
            )
        }
        return problems
    }
}

/// Pass rates outside which a question teaches little: nearly all or nearly none of its answers are right.
///
/// A question outside is never lost. It rests and is asked again when the rest is over, or it goes into a pool of its own
/// that has a small share; each new outcome decides anew. Where fewer questions are awake than a step needs, those that
/// rest longest are woken early.
public struct HardnessWindow: Sendable, Equatable {
    public enum Outside: Sendable, Equatable {
        /// Not asked until as many questions have been asked as `epochs` passes over all of them would ask.
        case rest(epochs: Int)
        /// Asked with this share of the places, above 0 and below 1; the pools divide the rest.
        case share(Double)
    }

    public var lower: Double
    public var upper: Double
    public var outside: Outside

    public init(lower: Double, upper: Double, outside: Outside = .rest(epochs: 2)) {
        self.lower = lower
        self.upper = upper
        self.outside = outside
    }

    var problems: [String] {
        var problems: [String] = []
        if !(0 <= lower && lower <= upper && upper <= 1) {
            problems.append("window.lower is \(lower) and window.upper \(upper); expected 0 ≤ lower ≤ upper ≤ 1")
        }
        switch outside {
        case .rest(let epochs) where epochs < 1:
            problems.append("window.rest_epochs is \(epochs); it must be positive")
        case .share(let share) where !(share > 0 && share < 1):
            problems.append(
                "window.outside_share is \(share); it must lie between 0 and 1, both excluded, or questions would be lost"
            )
        default: break
        }
        return problems
    }
}

/// What gets equal parts of a pool's places.
public enum QuestionBalance: String, Sendable, CaseIterable {
    case none
    /// Within each pool every specialty that has a question there is asked equally often, whatever the number of its
    /// questions; those without a specialty count as one.
    case specialty
}

/// Training again on groups of earlier steps.
public struct ReplayPolicy: Sendable, Equatable {
    public var groupsPerStep: Int
    /// The most steps between the one that a group was sampled for and the one that trains it again.
    public var maximumStaleness: Int
    /// Whether only groups with unequal rewards are replayed. Groups that a filter kept from the trainer never are.
    public var informativeOnly: Bool
    /// How often one group is replayed at most.
    public var maximumUses: Int

    public init(groupsPerStep: Int, maximumStaleness: Int = 4, informativeOnly: Bool = true, maximumUses: Int = 1) {
        self.groupsPerStep = groupsPerStep
        self.maximumStaleness = maximumStaleness
        self.informativeOnly = informativeOnly
        self.maximumUses = maximumUses
    }

    var problems: [String] {
        [
            ("groups_per_step", groupsPerStep), ("maximum_staleness", maximumStaleness), ("uses", maximumUses),
        ].filter { $0.1 < 1 }.map { "replay.\($0.0) is \($0.1); it must be positive" }
    }
}
