/// Gives out places one by one so that after any number of them each taker has its share within one place.
///
/// The quota method of Balinski and Young ("Fair Representation", 1982) as a schedule: of those that have not yet got what
/// is due to them by now, rounded up, the one whose next place falls due first gets it (Steiner and Yeomans, "Level
/// Schedules for Mixed-Model, Just-in-Time Processes", 1993). Takers that can take nothing are left out, and their shares
/// go to the others in proportion while that lasts.
struct FairTurns: Sendable {
    private let shares: [Double]
    /// What is due to each taker less what it got, in places.
    private var credit: [Double]

    /// - Parameter shares: positive, in any unit.
    init(shares: [Double]) {
        self.shares = shares
        credit = [Double](repeating: 0, count: shares.count)
    }

    /// Who gets the next place; `nil` where nobody can take it.
    mutating func next(_ canTake: (Int) -> Bool) -> Int? {
        let takers = shares.indices.filter(canTake)
        let total = takers.reduce(0) { $0 + shares[$1] }
        guard let first = takers.first else { return nil }
        for taker in takers { credit[taker] += shares[taker] / total }
        /// Places until the next one falls due.
        func deadline(_ taker: Int) -> Double { (1 - credit[taker]) / shares[taker] }
        // Sums of shares are rounded; what is due by less than this is not due.
        let due = takers.filter { credit[$0] > 1e-9 }
        var chosen = due.first ?? first
        for taker in due where deadline(taker) < deadline(chosen) - 1e-9 { chosen = taker }
        if due.isEmpty {
            for taker in takers where credit[taker] > credit[chosen] { chosen = taker }
        }
        credit[chosen] -= 1
        return chosen
    }
}
