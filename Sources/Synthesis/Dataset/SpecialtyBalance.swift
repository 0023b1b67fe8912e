import Primitives

/// Chooses conversations so that specialties are as the recipe wants them and, within each, the kinds of task take turns.
public struct SpecialtyBalance: Sendable, Hashable {
    /// What questions without a specialty are counted as.
    public static let unassigned = "unassigned"

    /// The most conversations of a specialty that is not in `targets`; `nil` keeps all. Questions without a specialty are all
    /// kept, unless `targets` has a number for ``unassigned``.
    public var target: Int?
    public var targets: [String: Int]

    public init(target: Int? = nil, targets: [String: Int] = [:]) {
        self.target = target
        self.targets = targets
    }

    /// What the balance looks at.
    public struct Item: Sendable, Hashable {
        public var specialty: String?
        /// The kind of task; items of one kind compete with each other first.
        public var kind: String

        public init(specialty: String?, kind: String) {
            self.specialty = specialty
            self.kind = kind
        }
    }

    /// What there was of a specialty and what was taken.
    public struct Share: Sendable, Hashable {
        public var specialty: String
        /// `nil` where no number was asked for.
        public var target: Int?
        public var available: Int
        public var taken: Int
        /// How many are missing.
        public var shortfall: Int { max(0, (target ?? 0) - taken) }
    }

    public struct Choice: Sendable, Hashable {
        /// The indices of the items taken, ascending.
        public var taken: [Int]
        /// In alphabetical order of the specialties; those that were asked for and have nothing are there too.
        public var shares: [Share]
    }

    /// The same choice for the same items and seed. Which items of a kind are taken is drawn at random.
    public func choose(_ items: [Item], seed: UInt64) -> Choice {
        var groups: [String: [String: [Int]]] = [:]
        for (index, item) in items.enumerated() {
            groups[item.specialty ?? Self.unassigned, default: [:]][item.kind, default: []].append(index)
        }
        var taken: [Int] = []
        var shares: [Share] = []
        for (number, specialty) in Set(groups.keys).union(targets.keys).sorted().enumerated() {
            let kinds = (groups[specialty] ?? [:]).sorted { $0.key < $1.key }
            let available = kinds.reduce(0) { $0 + $1.value.count }
            let wanted = targets[specialty] ?? (specialty == Self.unassigned ? nil : target)
            let chosen = Self.alternating(
                kinds.enumerated().map { position, kind in
                    var random = CounterRandom(
                        seed: seed, stage: .synthesis, step: number,
                        group: TrajectoryKey.Stream.balance.rawValue, sample: position % (1 << 16))
                    var indices = kind.value
                    random.shuffle(&indices)
                    return indices
                }, count: min(wanted ?? available, available))
            taken += chosen
            shares.append(
                Share(specialty: specialty, target: wanted, available: available, taken: chosen.count))
        }
        return Choice(taken: taken.sorted(), shares: shares)
    }

    /// One of each list in turn until there are `count`.
    private static func alternating(_ lists: [[Int]], count: Int) -> [Int] {
        var result: [Int] = []
        var round = 0
        while result.count < count {
            for list in lists where round < list.count && result.count < count { result.append(list[round]) }
            round += 1
        }
        return result
    }
}
