import Backends
import Primitives
import Tokenizers

/// An answer to one tool call of the policy.
struct ToolAnswer: Sendable {
    var result: ToolResult
    /// What the policy reads.
    var text: String
    /// Whether there is a tool of the called name.
    var isKnown = true
    /// Whether the tool was asked; one that is not on offer is not.
    var wasRun = true
    var isSimulated = false
}

/// One episode as a small state machine: what happened goes in, what is to be done next comes out. Nothing here waits, asks
/// anybody or draws a random number.
///
///     prompt → sample → parse → tool calls → observations → sample → … → answer, budget or failure
///
/// Invariants: every walk ends, because each sample uses up one of ``EpisodeBudgets/maximumTurns``; at most
/// ``EpisodeBudgets/maximumToolCalls`` calls are asked for; no sample is asked for that the token budgets have no room for;
/// tokens are only appended.
struct EpisodeMachine {
    enum Step {
        /// Sample a continuation of the prompt of at least one and at most `limit` tokens, then ``EpisodeMachine/sampled(_:)``.
        case sample(prompt: [TokenID], limit: Int, turn: Int)
        /// Run the calls, at the same time or one after the other, then ``EpisodeMachine/observed(_:)`` their answers in
        /// their order.
        case run([ToolCall], turn: Int)
        case finished(Episode)
    }

    private let renderer: any ChatRenderer
    private let budgets: EpisodeBudgets
    private let rules: EpisodeRules
    private let offer: [ToolDescription]
    private var conversation: Conversation
    private var record: EpisodeRecord
    private var history = CallHistory()
    private var parsed: ParsedTurn?
    private var turn = 0
    private var callsRun = 0
    private var responseTokens = 0
    private var remindersLeft: Int

    /// - Parameter offer: the tools that the prompt lists.
    init(
        renderer: any ChatRenderer, budgets: EpisodeBudgets, rules: EpisodeRules, offer: [ToolDescription],
        messages: [Message], policyVersion: Int
    ) throws(TokenizerError) {
        self.renderer = renderer
        self.budgets = budgets
        self.rules = rules
        self.offer = offer
        remindersLeft = rules.reminders
        conversation = try Conversation(renderer: renderer, messages: messages, tools: offer.map(\.json))
        record = EpisodeRecord(prompt: conversation.tokens, messages: messages, policyVersion: policyVersion)
    }

    /// What is to be done first.
    func begin() -> Step { nextSample() }

    /// Takes what the policy wrote.
    /// - Parameter selection: which tools were on offer, where a policy selects them.
    mutating func sampled(
        _ sequence: SampledSequence, selection: ToolSelection? = nil
    ) throws(TokenizerError) -> Step {
        let limit = room
        let turnText = conversation.append(sampled: sequence.tokens)
        let format = TurnFormat(turnText, callsPerTurn: rules.callsPerTurn)
        record.append(sequence, parsed: turnText, violation: format.violation, selection: selection)
        responseTokens += sequence.tokens.count
        parsed = turnText
        turn += 1

        if format.answers { return finished(.answered) }
        guard format.callsTools else { return try remind(or: ending(turnText, limit: limit), of: turnText) }
        guard turn < budgets.maximumTurns else { return finished(.turnBudget) }
        let calls = turnText.message.toolCalls
        guard calls.isEmpty || callsLeft > 0 else { return finished(.toolCallBudget) }
        let admitted = Array(calls.prefix(callsLeft))
        callsRun += admitted.count
        return admitted.isEmpty ? try observed([]) : .run(admitted, turn: turn - 1)
    }

    /// Takes the answers to the calls that were asked for, in their order.
    mutating func observed(_ answers: [ToolAnswer]) throws(TokenizerError) -> Step {
        guard let parsed else { preconditionFailure("observations follow a sampled turn") }
        let calls = parsed.message.toolCalls
        precondition(answers.count <= calls.count, "there are more answers than calls")
        let refused = calls.dropFirst(answers.count).map { call in
            Message(
                role: .tool, content: "Error: not run; no tool calls are left. Answer with what you know.",
                name: call.name, toolCallID: call.id)
        }
        let unreadable = parsed.toolCallErrors.map { problem in
            Message(role: .tool, content: ToolResult(ToolFailure(.invalidCall, problem)).content)
        }
        let messages = zip(calls, answers).map { call, answer in
            Message(role: .tool, content: answer.text, name: call.name, toolCallID: call.id)
        }
        record.complete(answers)
        let isLoop = zip(calls, answers).map { history.count($0, observing: $1.text) }.max() ?? 0
        if let limit = budgets.maximumRepetitions, isLoop >= limit { return finished(.toolLoop) }
        return try extend(by: messages + refused + unreadable)
    }

    /// The episode as far as it came.
    func abandoned(_ failure: EpisodeFailure) -> Episode { record.episode(endedBy: .failed, failure: failure) }

    /// What is left of the budgets before the coming turn.
    var remaining: ToolSelectionState.Budgets {
        ToolSelectionState.Budgets(
            turns: budgets.maximumTurns - turn, calls: budgets.maximumToolCalls.map { max(0, $0 - callsRun) },
            tokens: max(0, room))
    }

    private var callsLeft: Int { budgets.maximumToolCalls.map { max(0, $0 - callsRun) } ?? .max }

    /// The most tokens that the next turn may have.
    private var room: Int {
        let context = budgets.maximumEpisodeTokens - conversation.tokens.count
        let response = budgets.maximumResponseTokens.map { $0 - responseTokens } ?? .max
        return min(budgets.maximumTokensPerTurn, context, response)
    }

    private func nextSample() -> Step {
        guard turn < budgets.maximumTurns else { return finished(.turnBudget) }
        guard room > 0 else { return finished(.tokenBudget) }
        return .sample(prompt: conversation.tokens, limit: room, turn: turn)
    }

    private func finished(_ termination: Episode.Termination) -> Step {
        .finished(record.episode(endedBy: termination))
    }

    /// Why a turn without call and answer ends the episode.
    private func ending(_ turn: ParsedTurn, limit: Int) -> Episode.Termination {
        guard turn.termination == .truncated else { return .noToolCall }
        return limit < budgets.maximumTokensPerTurn ? .tokenBudget : .turnTruncated
    }

    private mutating func remind(
        or termination: Episode.Termination, of parsed: ParsedTurn
    ) throws(TokenizerError) -> Step {
        guard remindersLeft > 0, turn < budgets.maximumTurns, termination != .tokenBudget else {
            return finished(termination)
        }
        remindersLeft -= 1
        let problem =
            parsed.termination == .truncated
            ? "Your last turn was cut at \(budgets.maximumTokensPerTurn) tokens." : "Your last turn held neither."
        return try extend(by: [
            Message(
                role: .user, content: "\(problem) Go on with a tool call or with <answer>your answer</answer>.")
        ])
    }

    private mutating func extend(by messages: [Message]) throws(TokenizerError) -> Step {
        let growth = try conversation.append(messages)
        guard conversation.tokens.count < budgets.maximumEpisodeTokens else { return finished(.tokenBudget) }
        switch growth {
        case .extended(let appended): record.append(appended, messages: messages)
        case .restarted: record.restart(conversation.tokens, messages: messages)
        }
        return nextSample()
    }
}
