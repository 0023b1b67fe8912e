import Knowledge

/// The links of one kind between candidates and findings: all manifestations together, or one relation of context.
struct FindingLinks: Sendable {
    struct Link: Sendable {
        /// The candidate's number.
        var candidate: Int32
        /// The disease that the source speaks of: the candidate, or a category that it inherits from.
        var holder: EntityIndex
        /// What the source says the disease has: the finding, or a kind or category of it.
        var finding: EntityIndex
        /// How often the finding is seen, 1 for a circumstance; `nil` where it is said not to occur.
        var frequency: Double?
        var basis: Basis
    }

    enum Basis: Sendable, Hashable {
        /// A fact of the graph.
        case edge(RelationIndex)
        /// A row of the table of frequencies.
        case row(Int32)
        /// The finding is the disease itself or a category of it.
        case identity
    }

    /// `manifestation`, or the relation's name.
    let kind: String
    let isManifestation: Bool
    /// Whether candidates have any link of this kind, by number.
    let isDescribed: [Bool]
    let describedCount: Int
    private let links: [Link]
    private let ranges: [EntityIndex: Range<Int>]

    /// - Parameter links: grouped by candidate in ascending order, at most one of a candidate and a finding.
    init(
        kind: String, isManifestation: Bool, candidateCount: Int, links: [Link]
    ) {
        self.kind = kind
        self.isManifestation = isManifestation
        var isDescribed = [Bool](repeating: false, count: candidateCount)
        for link in links { isDescribed[Int(link.candidate)] = true }
        self.isDescribed = isDescribed
        describedCount = isDescribed.count { $0 }
        let order = links.indices.sorted { (links[$0].finding, $0) < (links[$1].finding, $1) }
        self.links = order.map { links[$0] }
        var ranges: [EntityIndex: Range<Int>] = [:]
        var start = 0
        while start < order.count {
            let finding = links[order[start]].finding
            var end = start + 1
            while end < order.count, links[order[end]].finding == finding { end += 1 }
            ranges[finding] = start..<end
            start = end
        }
        self.ranges = ranges
    }

    /// The links of a finding, ascending by candidate.
    subscript(finding: EntityIndex) -> ArraySlice<Link> { ranges[finding].map { links[$0] } ?? [] }

    func hasLinks(_ finding: EntityIndex) -> Bool { ranges[finding] != nil }

    /// What candidates are linked to, ascending.
    var findings: [EntityIndex] { ranges.keys.sorted() }
}
