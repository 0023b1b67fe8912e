import Agents

/// How episodes are played.
public struct AgentSection: Sendable {
    public enum Outages: String, CaseIterable, Sendable {
        /// A tool's outage fails the episode, which is played again and, if need be, not trained on.
        case fail
        /// The policy reads of it.
        case observe
    }

    public struct Recording: Sendable, Hashable {
        public var path: String
        public var mode: RecordingMode
    }

    public var budgets: EpisodeBudgets
    public var rules: EpisodeRules
    /// Whether the tools' schemas are put in the system message; a model that learned them in SFT needs none.
    public var describesTools: Bool
    public var passages: Int
    public var selection: ToolSelectionMethod
    /// The most tools on offer in a turn, where the selection ranks them.
    public var toolsOffered: Int
    /// Where the answers of networked tools are kept or taken from.
    public var recording: Recording?
    /// Episodes that run at the same time.
    public var concurrency: Int

    init(_ section: RecipeSection) {
        budgets = EpisodeBudgets(
            maximumTurns: section.integer("turns", default: 6, in: 1...1000),
            maximumTokensPerTurn: section.integer("tokens_per_turn", default: 64, in: 1...1_000_000),
            maximumEpisodeTokens: section.integer("episode_tokens", default: 768, in: 16...10_000_000),
            maximumObservationTokens: section.integer("observation_tokens", default: 160, in: 1...1_000_000))
        budgets.maximumResponseTokens = section.limit("response_tokens", in: 0...10_000_000)
        budgets.maximumToolCalls = section.limit("tool_calls", in: 0...100_000)
        budgets.maximumRepetitions = section.limit("repetitions", default: 3, in: 0...1000)
        if budgets.maximumRepetitions == 1 {
            section.reader.complain(
                section.place(of: "repetitions"),
                "agent.repetitions is 1, which would end an episode at its first tool call; expected 0 for no limit, or 2 or "
                    + "more")
        }
        let seconds = section.number("time_limit_s", default: 0, in: 0...1e6)
        budgets.maximumTime = seconds > 0 ? .seconds(seconds) : nil
        rules = EpisodeRules(
            callsPerTurn: section.integer("calls_per_turn", default: 1, in: 1...1000),
            reminders: section.integer("reminders", default: 0, in: 0...100),
            failsOnOutage: section.choice("outages", default: Outages.fail) != .observe)
        let rate = section.number("tool_failure_rate", default: 0, in: 0...1)
        let kinds = section.toolFailures("tool_failures")
        rules.toolFailures = rate > 0 ? ToolFailureSimulation(rate: rate, kinds: kinds) : nil
        describesTools = section.boolean("describe_tools", default: false)
        passages = section.integer("passages", default: 1, in: 1...100)
        selection = section.choice("tool_selection", default: ToolSelectionMethod.all) ?? .all
        toolsOffered = section.integer("tools_offered", default: 4, in: 1...1000)
        if section.has("recording") {
            let file = section.section("recording")
            recording = Recording(
                path: file.file("file"),
                mode: file.choice("mode", default: RecordingMode.replayOrRecord) ?? .replayOrRecord)
            file.finish()
        }
        section.knows("recording")
        concurrency = section.integer("concurrency", default: 128, in: 1...100_000)
        section.finish()
    }
}

extension RecipeSection {
    /// A bound, 0 for none.
    fileprivate func limit(_ key: String, default value: Int = 0, in range: ClosedRange<Int>) -> Int? {
        let limit = integer(key, default: value, in: range)
        return limit > 0 ? limit : nil
    }

    /// A list of simulated failures, by default all.
    func toolFailures(_ key: String) -> [ToolFailureSimulation.Kind] {
        let known = ToolFailureSimulation.Kind.allCases.map(\.rawValue)
        return texts(key, default: known).compactMap { text in
            let kind = ToolFailureSimulation.Kind(rawValue: text)
            if kind == nil {
                reader.complain(
                    place(of: key),
                    "\(name).\(key): there is no failure `\(text)`; failures are \(known.joined(separator: ", "))")
            }
            return kind
        }
    }
}
