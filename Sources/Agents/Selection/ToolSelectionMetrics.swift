/// How selections and the calls that followed them fit together, over a log.
public struct ToolSelectionMetrics: Sendable, Hashable {
    /// Calls of one tool that was not on offer.
    public struct Refusal: Sendable, Hashable {
        public var tool: String
        public var calls: Int
    }

    /// Turns of the log.
    public private(set) var decisions = 0
    public private(set) var calls = 0
    /// Calls of the tool that the selection scored highest among those on offer.
    public private(set) var callsOfBest = 0
    /// Calls of tools that exist and were not on offer.
    public private(set) var callsNotOffered = 0
    /// Calls of names that are no tools.
    public private(set) var callsOfNoTool = 0
    /// The tools that were called although they were not on offer, with the number of calls, by name.
    public private(set) var refused: [Refusal] = []
    /// Tools on offer, summed over the decisions, and tools there were.
    public private(set) var offered = 0
    public private(set) var available = 0
    /// Decisions whose question and turn the log has with a reward, and the sum of what they fell short of the best
    /// reward logged for that question and turn.
    public private(set) var rewarded = 0
    public private(set) var totalRegret = 0.0

    /// The share of calls that went to the tool the selection thought best; `nil` without calls.
    public var agreement: Double? { calls == 0 ? nil : Double(callsOfBest) / Double(calls) }
    /// The share of calls whose tool was on offer; `nil` without calls.
    public var coverage: Double? {
        calls == 0 ? nil : Double(calls - callsNotOffered - callsOfNoTool) / Double(calls)
    }
    /// The mean share of the tools that was on offer; `nil` without decisions.
    public var breadth: Double? { available == 0 ? nil : Double(offered) / Double(available) }
    /// The mean shortfall from the best logged reward; `nil` where the log has no reward.
    public var regret: Double? { rewarded == 0 ? nil : totalRegret / Double(rewarded) }

    public init(_ records: [ToolSelectionRecord]) {
        struct Situation: Hashable {
            var question: String
            var turn: Int
        }
        var best: [Situation: Double] = [:]
        for record in records {
            guard let reward = record.reward else { continue }
            let situation = Situation(question: record.state.question, turn: record.state.turn)
            best[situation] = max(best[situation] ?? reward, reward)
        }
        var refusals: [String: Int] = [:]
        for record in records {
            decisions += 1
            offered += record.selection.offered.count
            available += record.selection.choices.count
            let names = Set(record.selection.choices.map(\.tool))
            let top = record.selection.best
            for call in record.calls {
                calls += 1
                if call.tool == top { callsOfBest += 1 }
                if !names.contains(call.tool) {
                    callsOfNoTool += 1
                } else if !record.selection.offers(call.tool) {
                    callsNotOffered += 1
                    refusals[call.tool, default: 0] += 1
                }
            }
            let situation = Situation(question: record.state.question, turn: record.state.turn)
            if let reward = record.reward, let highest = best[situation] {
                rewarded += 1
                totalRegret += highest - reward
            }
        }
        refused = refusals.sorted { $0.key < $1.key }.map { Refusal(tool: $0.key, calls: $0.value) }
    }

    /// The same log as if another policy had chosen: how far its offers fit the calls that were made. Rewards stay those
    /// of the calls as they were made.
    public init(_ records: [ToolSelectionRecord], replayedBy policy: any ToolSelectionPolicy) {
        self.init(
            records.map { record in
                var record = record
                record.selection = policy.selection(for: record.state)
                return record
            })
    }
}
