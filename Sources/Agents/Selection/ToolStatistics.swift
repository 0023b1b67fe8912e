/// What was recorded of tools: a fold over calls, and nothing else, so that it can be made again from a log.
public struct ToolStatistics: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var tool: String
        public var calls: Int
        /// Calls that the tool failed, not its caller.
        public var outages: Int
        public var usefulness: Double
        /// US dollars.
        public var cost: Double
        public var seconds: Double

        public init(
            tool: String, calls: Int = 0, outages: Int = 0, usefulness: Double = 0, cost: Double = 0,
            seconds: Double = 0
        ) {
            self.tool = tool
            self.calls = calls
            self.outages = outages
            self.usefulness = usefulness
            self.cost = cost
            self.seconds = seconds
        }
    }

    /// Sums over the calls of each tool, by name.
    public private(set) var entries: [Entry]

    public init() { entries = [] }

    public init(_ calls: [SelectionCall]) {
        self.init()
        for call in calls { add(call) }
    }

    /// Takes entries as they are, in the order of names; sums those of one name.
    init(entries: [Entry]) {
        self.init()
        for entry in entries { add(entry) }
    }

    /// The sums of a tool; zeros where it was never called.
    public subscript(tool: String) -> Entry {
        let place = place(of: tool)
        return place < entries.count && entries[place].tool == tool ? entries[place] : Entry(tool: tool)
    }

    public var callCount: Int { entries.reduce(0) { $0 + $1.calls } }

    public mutating func add(_ call: SelectionCall) {
        add(
            Entry(
                tool: call.tool, calls: 1, outages: call.isOutage ? 1 : 0, usefulness: call.usefulness,
                cost: call.cost, seconds: call.seconds))
    }

    private mutating func add(_ entry: Entry) {
        let place = place(of: entry.tool)
        guard place < entries.count, entries[place].tool == entry.tool else {
            entries.insert(entry, at: place)
            return
        }
        entries[place].calls += entry.calls
        entries[place].outages += entry.outages
        entries[place].usefulness += entry.usefulness
        entries[place].cost += entry.cost
        entries[place].seconds += entry.seconds
    }

    public func adding(_ calls: [SelectionCall]) -> ToolStatistics {
        calls.reduce(into: self) { $0.add($1) }
    }

    /// The place of the first entry whose name is not below `tool`.
    private func place(of tool: String) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].tool < tool { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
