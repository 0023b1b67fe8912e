import Primitives

/// Chooses items so that every specialty has as many as asked for, and says honestly where there are fewer.
public struct SpecialtyBalance: Sendable, Hashable {
    public struct Row: Sendable, Hashable {
        public var specialty: String
        public var wanted: Int
        public var available: Int
        public var chosen: Int
        public var shortfall: Int { max(0, wanted - chosen) }
    }

    /// In the order of the specialties asked for.
    public private(set) var rows: [Row] = []
    /// Positions of the chosen items, ascending.
    public private(set) var chosen: [Int] = []
    /// Items without one of the specialties, which are never chosen.
    public private(set) var unassigned = 0

    /// Chooses at random within each specialty.
    ///
    /// - Parameters:
    ///   - specialties: that of each item.
    ///   - total: what is wanted altogether, divided evenly; the first specialties get one more where it leaves a rest.
    ///   - fillsUp: whether specialties that have more make up for those that have fewer, so that the total is reached
    ///     where it can be.
    public init(
        of specialties: [String?], names: [String] = SpecialtyAssignment.names, total: Int, fillsUp: Bool = false,
        random: inout CounterRandom
    ) {
        var members: [String: [Int]] = [:]
        for (index, specialty) in specialties.enumerated() {
            if let specialty, names.contains(specialty) {
                members[specialty, default: []].append(index)
            } else {
                unassigned += 1
            }
        }
        var pools: [[Int]] = []
        for (position, name) in names.enumerated() {
            var pool = members[name] ?? []
            random.shuffle(&pool)
            let wanted = total / names.count + (position < total % names.count ? 1 : 0)
            rows.append(Row(specialty: name, wanted: wanted, available: pool.count, chosen: min(wanted, pool.count)))
            pools.append(pool)
        }
        if fillsUp {
            var missing = total - rows.reduce(0) { $0 + $1.chosen }
            while missing > 0,
                let next = rows.indices.filter({ rows[$0].chosen < rows[$0].available })
                    .min(by: { (rows[$0].chosen, $0) < (rows[$1].chosen, $1) })
            {
                rows[next].chosen += 1
                missing -= 1
            }
        }
        chosen = zip(rows, pools).flatMap { $1.prefix($0.chosen) }.sorted()
    }

    /// One line per specialty, for people.
    public var summary: String {
        var lines = rows.map { row in
            "\(row.specialty): \(row.chosen) of \(row.wanted) wanted"
                + (row.shortfall > 0 ? ", \(row.shortfall) short (only \(row.available) available)" : "")
        }
        if unassigned > 0 { lines.append("without a specialty: \(unassigned)") }
        return lines.joined(separator: "\n")
    }

    public var json: JSONValue {
        [
            "specialties": .array(
                rows.map { row -> JSONValue in
                    [
                        "name": .string(row.specialty), "wanted": .integer(row.wanted),
                        "available": .integer(row.available), "chosen": .integer(row.chosen),
                        "shortfall": .integer(row.shortfall),
                    ]
                }),
            "unassigned": .integer(unassigned),
        ]
    }
}
