import Synchronization

/// What the calls of one tool came to.
public struct ToolUsage: Sendable, Hashable {
    public var calls = 0
    /// Calls that the tool failed to answer; those that the policy got wrong are not among them.
    public var outages = 0
    /// Time spent in the tool, summed over calls that may have run at once.
    public var seconds = 0.0
    /// In US dollars.
    public var cost = 0.0
}

/// Adds up what the calls of a router's tools came to. Timings are no part of an episode, which stays a function of its key.
final class ToolMeter: Sendable {
    private let usage: Mutex<[ToolUsage]>

    init(count: Int) { usage = Mutex([ToolUsage](repeating: ToolUsage(), count: count)) }

    func record(_ place: Int, isOutage: Bool, time: Duration, cost: Double) {
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
        usage.withLock { usage in
            usage[place].calls += 1
            usage[place].outages += isOutage ? 1 : 0
            usage[place].seconds += seconds
            usage[place].cost += cost
        }
    }

    var snapshot: [ToolUsage] { usage.withLock { $0 } }
}
