/// Which tools are on offer in a turn, and why.
public struct ToolSelection: Sendable, Hashable {
    /// The verdict on one tool.
    public struct Choice: Sendable, Hashable {
        public var tool: String
        /// The higher, the better the tool suits the state; finite, and comparable within one selection only.
        public var score: Double
        public var isOffered: Bool
        /// Why, in a few words.
        public var reason: String

        public init(tool: String, score: Double, isOffered: Bool, reason: String) {
            self.tool = tool
            self.score = score
            self.isOffered = isOffered
            self.reason = reason
        }
    }

    /// The name of the policy that chose.
    public var policy: String
    /// One for each tool of the state, in its order.
    public var choices: [Choice]

    public init(policy: String, choices: [Choice]) {
        self.policy = policy
        self.choices = choices
    }

    /// The names of the tools on offer, in the order of the state.
    public var offered: [String] { choices.filter(\.isOffered).map(\.tool) }

    public func offers(_ tool: String) -> Bool { choices.contains { $0.tool == tool && $0.isOffered } }

    /// The tool on offer with the highest score, the first of equal ones.
    public var best: String? {
        var best: Choice?
        for choice in choices where choice.isOffered && choice.score > best?.score ?? -.infinity { best = choice }
        return best?.tool
    }

    /// What the policy model reads when it calls a tool that is not on offer.
    public func refusal(of tool: String) -> ToolFailure {
        let names = offered.joined(separator: ", ")
        return ToolFailure(
            .invalidCall,
            "the tool \"\(tool)\" is not offered in this turn; "
                + (names.isEmpty ? "no tool is, so answer from what is known" : "offered tools: \(names)"))
    }
}

extension ToolSelection {
    /// Offers the tools with the highest scores among those that may be offered.
    /// - Parameters:
    ///   - scores: one finite number and reason for each tool of the state.
    ///   - limit: the most tools on offer.
    ///   - mayOffer: whether the tool at a place may be offered at all.
    init(
        policy: String, tools: [SelectableTool], scores: [(score: Double, reason: String)], limit: Int,
        mayOffer: (Int) -> Bool = { _ in true }
    ) {
        let ranked = tools.indices.filter(mayOffer).sorted { (-scores[$0].score, $0) < (-scores[$1].score, $1) }
        let offered = Set(ranked.prefix(max(1, limit)))
        self.init(
            policy: policy,
            choices: tools.indices.map { place in
                Choice(
                    tool: tools[place].name, score: scores[place].score, isOffered: offered.contains(place),
                    reason: scores[place].reason)
            })
    }
}
