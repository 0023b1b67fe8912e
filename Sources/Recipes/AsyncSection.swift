import Training

/// How rollouts and training overlap (`rl.async`), and how many candidates a step may look at (`rl.dynamic_sampling`).
public struct AsyncSection: Sendable {
    /// What becomes of an episode that has grown long.
    public enum Stragglers: String, CaseIterable, Sendable {
        /// It is played to its end.
        case wait
        /// It ends at `straggler_tokens`, as at any budget of tokens.
        case cut
        /// After every `straggler_tokens` the next policy goes on with it, and its group is trained that much later.
        case carry
    }

    public var overlap: OverlapConfiguration
    /// `nil` without dynamic sampling.
    public var maximumCandidates: Int?
    /// The most tokens that an episode may write in training, where stragglers are cut.
    public var cutAfterTokens: Int?
    public var inFlight: InFlightLimit

    /// - Parameters:
    ///   - section: `rl`.
    ///   - concurrency: `agent.concurrency`, from which the limits on episodes in flight are taken where they are not given.
    init(_ section: RecipeSection, groupsPerStep: Int, concurrency: Int) {
        overlap = OverlapConfiguration()
        inFlight = InFlightLimit(initial: concurrency, maximum: concurrency)
        if let sampling = section.optionalSection("dynamic_sampling") {
            maximumCandidates = sampling.integer(
                "maximum_candidates", default: 4 * groupsPerStep, in: groupsPerStep...10_000_000)
            sampling.finish()
        }
        // Not recorded where it is absent, so that recipes of earlier runs resolve to what they did.
        guard let async = section.optionalSection("async") else { return }
        overlap.maximumStaleness = async.integer("max_staleness", default: 0, in: 0...1000)
        overlap.minibatches = async.integer("minibatches", default: 1, in: 1...groupsPerStep)
        readStragglers(async)
        if let limits = async.optionalSection("in_flight") {
            let maximum = limits.integer("maximum", default: concurrency, in: 1...1_000_000)
            inFlight = InFlightLimit(
                initial: limits.integer("initial", default: min(concurrency, maximum), in: 1...maximum),
                minimum: limits.integer("minimum", default: 1, in: 1...maximum), maximum: maximum)
            limits.finish()
        }
        async.finish()
    }

    private mutating func readStragglers(_ async: RecipeSection) {
        switch async.choice("stragglers", default: Stragglers.wait) ?? .wait {
        case .wait:
            if async.has("straggler_tokens") {
                async.reader.complain(
                    async.place(of: "straggler_tokens"),
                    "rl.async.straggler_tokens has no meaning where rl.async.stragglers is wait; set that to cut or carry"
                )
            }
            async.knows("straggler_tokens")
        case .cut: cutAfterTokens = async.integer("straggler_tokens", default: nil, in: 1...10_000_000)
        case .carry: overlap.tokensPerVersion = async.integer("straggler_tokens", default: nil, in: 1...10_000_000)
        }
    }

    /// What a plan says of it; nothing where rollouts and training alternate.
    var planLines: [String] {
        var lines: [String] = []
        if let maximumCandidates {
            lines.append("up to \(maximumCandidates) groups a step, until enough of them have mixed rewards")
        }
        if overlap.maximumStaleness > 0 {
            lines.append("sampled up to \(overlap.maximumStaleness) steps ahead of training")
        }
        if overlap.minibatches > 1 { lines.append("\(overlap.minibatches) minibatches, each trained as it arrives") }
        if let tokens = overlap.tokensPerVersion {
            lines.append("after every \(tokens) tokens of an episode the next policy goes on with it")
        }
        if let cutAfterTokens { lines.append("episodes are cut after \(cutAfterTokens) tokens of their own") }
        return lines
    }
}
