import Backends
import Primitives
import Tokenizers

/// Plays episodes: asks the sampler and the tools what an ``EpisodeMachine`` wants to know.
///
/// The runner holds no state of an episode, so that one runner serves any number of them at once.
public struct EpisodeRunner: Sendable {
    public let renderer: any ChatRenderer
    public let tokenizer: Tokenizer
    public let tools: ToolRouter
    public var budgets: EpisodeBudgets
    public let rules: EpisodeRules
    public let describesTools: Bool
    /// Chooses the tools on offer in each turn; `nil` offers all.
    public let selection: (any ToolSelectionPolicy)?
    public var sampling: EpisodeSampling

    /// - Parameters:
    ///   - tokenizer: the renderer's, which cuts long observations.
    ///   - describesTools: whether the prompt lists the tools; a policy trained on one tool set may know them already.
    public init(
        renderer: any ChatRenderer, tokenizer: Tokenizer, tools: ToolRouter, budgets: EpisodeBudgets,
        rules: EpisodeRules = EpisodeRules(), describesTools: Bool = true,
        selection: (any ToolSelectionPolicy)? = nil, sampling: EpisodeSampling = EpisodeSampling()
    ) {
        self.selection = selection
        self.renderer = renderer
        self.tokenizer = tokenizer
        self.tools = tools
        self.budgets = budgets
        self.rules = rules
        self.describesTools = describesTools
        self.sampling = sampling
    }

    /// Plays one episode to its end.
    ///
    /// Whatever the policy writes ends in a ``Episode/Termination``. A sampler that breaks its contract, a tool's outage
    /// and the end of the time budget make the episode a failed one. Thrown are the sampler's own errors, a chat format
    /// that cannot say an observation, and `CancellationError`.
    public func run(messages: [Message], sampler: any PolicySampler, key: EpisodeKey) async throws -> Episode {
        let machine = try EpisodeMachine(
            renderer: renderer, budgets: budgets, rules: rules, offer: describesTools ? tools.descriptions : [],
            messages: messages, policyVersion: sampler.policyVersion)
        guard let limit = budgets.maximumTime else {
            return try await play(machine, selector(messages), sampler: sampler, key: key, clock: nil)
        }
        let clock = ServiceClock()
        return try await withThrowingTaskGroup(of: Episode?.self) { group in
            group.addTask {
                try await ServiceClock.$current.withValue(clock) {
                    try await play(machine, selector(messages), sampler: sampler, key: key, clock: clock)
                }
            }
            group.addTask {
                try await clock.expire(after: limit)
                return nil
            }
            var episode = try await group.next() ?? nil
            group.cancelAll()
            if episode == nil { episode = try await group.next() ?? nil }
            guard let episode else { throw CancellationError() }
            return episode
        }
    }

    private func selector(_ messages: [Message]) -> EpisodeSelector? {
        selection.map { policy in
            EpisodeSelector(
                policy: policy, question: messages.last { $0.role == .user }?.content ?? "", tools: tools.selectable)
        }
    }

    private func play(
        _ start: EpisodeMachine, _ startSelector: EpisodeSelector?, sampler: any PolicySampler, key: EpisodeKey,
        clock: ServiceClock?
    ) async throws -> Episode {
        var machine = start
        var selector = startSelector
        var step = machine.begin()
        do {
            while true {
                switch step {
                case .finished(let episode):
                    return episode
                case .sample(let prompt, let limit, let turn):
                    try Task.checkCancellation()
                    selector?.begin(turn: turn, budgets: machine.remaining, suspended: tools.suspended)
                    let seed = key.samplingSeed(turn: turn)
                    switch try await sample(prompt, atMost: limit, from: sampler, seed: seed) {
                    case .success(let sequence): step = try machine.sampled(sequence, selection: selector?.selection)
                    case .failure(let problem):
                        return machine.abandoned(problem.failure(turn: turn, policyVersion: sampler.policyVersion))
                    }
                case .run(let calls, let turn):
                    try Task.checkCancellation()
                    let refusals = calls.map { selector?.refusal(of: $0) }
                    let answers = try await answers(to: calls, refusals, turn: turn, key: key)
                    // A tool that was cancelled says that it is out of order.
                    try Task.checkCancellation()
                    selector?.record(calls, answers, turn: turn)
                    if let outage = outage(in: answers, of: calls) { return machine.abandoned(outage) }
                    step = try machine.observed(answers)
                }
            }
        } catch  where clock?.hasExpired == true {
            let limit = budgets.maximumTime?.components.seconds ?? 0
            return machine.abandoned(
                EpisodeFailure(.timeBudget, reason: "the episode was not over after \(limit) seconds"))
        }
    }

    /// One sampled continuation, checked against the sampler's contract.
    private func sample(
        _ prompt: [TokenID], atMost limit: Int, from sampler: any PolicySampler, seed: Int64
    ) async throws -> Result<SampledSequence, UnusableSample> {
        let parameters = SamplingParameters(
            maxTokens: limit, temperature: sampling.temperature, topP: sampling.topP, topK: sampling.topK,
            stopTokens: renderer.stop.tokens, stopTexts: renderer.stop.texts, seed: seed)
        let sequences = try await sampler.sample(prompt: prompt, count: 1, parameters: parameters)
        return UnusableSample(sequences, limit: limit).map { .failure($0) } ?? .success(sequences[0])
    }

    /// Runs calls at the same time; the answers are in the calls' order.
    private func answers(
        to calls: [ToolCall], _ refusals: [ToolFailure?], turn: Int, key: EpisodeKey
    ) async throws -> [ToolAnswer] {
        let failures = simulatedFailures(count: calls.count, turn: turn, key: key)
        if calls.count == 1 { return [try await answer(to: calls[0], refusals[0], failing: failures[0])] }
        return try await withThrowingTaskGroup(of: (Int, ToolAnswer).self) { group in
            for (place, call) in calls.enumerated() {
                group.addTask { (place, try await answer(to: call, refusals[place], failing: failures[place])) }
            }
            var answers = [ToolAnswer?](repeating: nil, count: calls.count)
            for try await (place, answer) in group { answers[place] = answer }
            return answers.compactMap(\.self)
        }
    }

    private func answer(
        to call: ToolCall, _ refusal: ToolFailure?, failing kind: ToolFailureSimulation.Kind?
    ) async throws -> ToolAnswer {
        if let refusal {
            let result = ToolResult(refusal)
            return ToolAnswer(result: result, text: result.content, wasRun: false)
        }
        var (result, isTrusted) = try await tools.route(call)
        // A call that failed by itself stays what it is.
        let isSimulated = kind != nil && !result.isError
        if let kind, isSimulated {
            result = ToolFailureSimulation.observation(of: kind, tool: call.name, result: result)
            isTrusted = isTrusted || kind != .cut
        }
        let text = ObservationText(tokenizer: tokenizer, maximumTokens: budgets.maximumObservationTokens)
            .text(result.content, of: call.name, isTrusted: isTrusted)
        return ToolAnswer(result: result, text: text, isKnown: tools.has(call.name), isSimulated: isSimulated)
    }

    private func simulatedFailures(count: Int, turn: Int, key: EpisodeKey) -> [ToolFailureSimulation.Kind?] {
        guard let simulation = rules.toolFailures, key.stage != .evaluation else {
            return [ToolFailureSimulation.Kind?](repeating: nil, count: count)
        }
        var random = key.random(turn: turn)
        return (0..<count).map { _ in simulation.draw(from: &random) }
    }

    private func outage(in answers: [ToolAnswer], of calls: [ToolCall]) -> EpisodeFailure? {
        guard rules.failsOnOutage else { return nil }
        return zip(calls, answers).first { !$1.isSimulated && $1.result.failure?.isOutage == true }.map {
            call, answer in
            EpisodeFailure(.toolOutage, reason: "\(call.name): \(answer.result.content)")
        }
    }
}
