import Backends
import Primitives
import Tokenizers

/// Runs the turn loop of one episode: sample, parse, answered?, run tools, observe, continue.
///
/// The runner holds no state of an episode, so that one runner serves any number of them at once.
public struct EpisodeRunner: Sendable {
    public let renderer: any ChatRenderer
    public let tokenizer: Tokenizer
    public let tools: ToolRouter
    public let budgets: EpisodeBudgets
    public let describesTools: Bool
    public let sampling: EpisodeSampling

    /// - Parameters:
    ///   - tokenizer: the renderer's, which cuts long observations.
    ///   - describesTools: whether the prompt lists the tools; a policy trained on one tool set may know them already.
    public init(
        renderer: any ChatRenderer, tokenizer: Tokenizer, tools: ToolRouter, budgets: EpisodeBudgets,
        describesTools: Bool = true, sampling: EpisodeSampling = EpisodeSampling()
    ) {
        self.renderer = renderer
        self.tokenizer = tokenizer
        self.tools = tools
        self.budgets = budgets
        self.describesTools = describesTools
        self.sampling = sampling
    }

    /// Runs one episode to its end.
    ///
    /// Whatever the policy writes ends in a ``Episode/Termination``. Thrown are ``AgentError`` for a sampler that broke
    /// its contract, the sampler's own errors, and `CancellationError`.
    public func run(messages: [Message], sampler: any PolicySampler, key: EpisodeKey) async throws -> Episode {
        var conversation = try Conversation(
            renderer: renderer, messages: messages, tools: describesTools ? tools.descriptions.map(\.json) : [])
        var record = EpisodeRecord(
            prompt: conversation.tokens, messages: messages, policyVersion: sampler.policyVersion)
        guard conversation.tokens.count < budgets.maximumEpisodeTokens else {
            return record.episode(endedBy: .tokenBudget)
        }

        for turn in 0..<budgets.maximumTurns {
            try Task.checkCancellation()
            let room = min(
                budgets.maximumTokensPerTurn, budgets.maximumEpisodeTokens - conversation.tokens.count)
            let sampled = try await sample(
                conversation.tokens, atMost: room, from: sampler, seed: key.samplingSeed(turn: turn), turn: turn)
            let parsed = conversation.append(sampled: sampled.tokens)
            let format = TurnFormat(parsed)
            record.append(sampled, parsed: parsed, violation: format.violation)

            if format.answers { return record.episode(endedBy: .answered) }
            guard format.callsTools else { return record.episode(endedBy: ending(parsed, room: room)) }
            guard turn + 1 < budgets.maximumTurns else { break }

            let observations = try await observe(parsed)
            record.countErrors(in: observations)
            let newMessages = observations.map(\.message)
            let growth = try conversation.append(newMessages)
            guard conversation.tokens.count < budgets.maximumEpisodeTokens else {
                return record.episode(endedBy: .tokenBudget)
            }
            switch growth {
            case .extended(let appended): record.append(appended, messages: newMessages)
            case .restarted: record.restart(conversation.tokens, messages: newMessages)
            }
        }
        return record.episode(endedBy: .turnBudget)
    }

    /// One sampled continuation, checked against the sampler's contract.
    private func sample(
        _ prompt: [TokenID], atMost limit: Int, from sampler: any PolicySampler, seed: Int64, turn: Int
    ) async throws -> SampledSequence {
        let parameters = SamplingParameters(
            maxTokens: limit, temperature: sampling.temperature, topP: sampling.topP, topK: sampling.topK,
            stopTokens: renderer.stop.tokens, stopTexts: renderer.stop.texts, seed: seed)
        let sequences = try await sampler.sample(prompt: prompt, count: 1, parameters: parameters)
        let problem: String? =
            if sequences.count != 1 {
                "\(sequences.count) sequences"
            } else if sequences[0].tokens.isEmpty {
                "a sequence without tokens"
            } else if sequences[0].tokens.count > limit {
                "\(sequences[0].tokens.count) tokens where at most \(limit) were asked for"
            } else if sequences[0].logprobs.count != sequences[0].tokens.count {
                "\(sequences[0].logprobs.count) logprobs for \(sequences[0].tokens.count) tokens"
            } else if !sequences[0].logprobs.allSatisfy(\.isFinite) {
                "a logprob that is not finite"
            } else {
                nil
            }
        if let problem {
            throw AgentError.unusableSample(turn: turn, policyVersion: sampler.policyVersion, problem: problem)
        }
        return sequences[0]
    }

    /// Why a turn without call and answer ends the episode.
    private func ending(_ parsed: ParsedTurn, room: Int) -> Episode.Termination {
        guard parsed.termination == .truncated else { return .noToolCall }
        return room < budgets.maximumTokensPerTurn ? .tokenBudget : .turnTruncated
    }

    /// Runs the turn's calls one after the other; unreadable calls are observed as errors after the readable ones.
    private func observe(_ parsed: ParsedTurn) async throws -> [Observation] {
        var observations: [Observation] = []
        for call in parsed.message.toolCalls {
            try Task.checkCancellation()
            let result = await tools.run(call)
            observations.append(observation(result, of: call.name))
        }
        return observations
            + parsed.toolCallErrors.map { observation(ToolResult(ToolFailure(.invalidCall, $0)), of: nil) }
    }

    private func observation(_ result: ToolResult, of name: String?) -> Observation {
        let content = cut(result.content)
        return Observation(message: Message(role: .tool, content: content, name: name), isError: result.isError)
    }

    /// The longest beginning of a text that is whole characters and encodes to at most the bound of tokens.
    private func cut(_ text: String) -> String {
        let tokens = tokenizer.encodePlainText(text)
        guard tokens.count > budgets.maximumObservationTokens else { return text }
        var count = budgets.maximumObservationTokens
        while count > 0 {
            var beginning = tokenizer.decode(Array(tokens.prefix(count)))
            while beginning.last == "\u{FFFD}", !text.hasPrefix(beginning) { beginning.removeLast() }
            if tokenizer.encodePlainText(beginning).count <= budgets.maximumObservationTokens { return beginning }
            count -= 1
        }
        return ""
    }
}
