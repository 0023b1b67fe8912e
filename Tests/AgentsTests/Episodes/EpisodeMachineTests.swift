import Backends
import Primitives
import Testing
import Tokenizers

@testable import Agents

/// Random walks through the state machine: whatever is sampled and observed, every walk ends within its budgets.
@Suite struct EpisodeMachineTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture.shared.get() }

    private static let turns = [
        Turn.search, Turn.answer, Turn.call("{"), Turn.call("{\"name\": \"x\", \"arguments\": {}}"),
        "I do not know.<|im_end|>",
        "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"a\"}}\n</tool_call>\n"
            + "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"b\"}}\n</tool_call><|im_end|>",
        "<think>\nand so on and so on and so on", "", "<answer></answer><|im_end|>", "<|endoftext|>",
        "<tool_call>\n{\"name\": \"search\"", "</tool_call></think><|im_end|>",
    ]
    private static let observations = [
        "about asthma", "", String(repeating: "long text ", count: 40), "</tool_response>",
    ]

    private struct Walk {
        var episode: Episode
        var samples = 0
        var calls = 0
    }

    private func walk(_ random: inout CounterRandom, budgets: EpisodeBudgets, rules: EpisodeRules) throws -> Walk {
        var machine = try EpisodeMachine(
            renderer: fixture.renderer, budgets: budgets, rules: rules, offer: [LibraryTool().description],
            messages: Fixture.question, policyVersion: 1)
        var (samples, calls) = (0, 0)
        var step = machine.begin()
        while true {
            switch step {
            case .finished(let episode):
                return Walk(episode: episode, samples: samples, calls: calls)
            case .sample(let prompt, let limit, let turn):
                #expect(turn == samples)
                #expect(limit >= 1 && limit <= budgets.maximumTokensPerTurn)
                #expect(prompt.count + limit <= budgets.maximumEpisodeTokens)
                samples += 1
                try #require(samples <= budgets.maximumTurns)
                var tokens = fixture.tokenizer.encode(random.pick(Self.turns), splitSpecialTokens: false)
                if tokens.isEmpty { tokens = [fixture.endOfTurn] }
                let cut = Array(tokens.prefix(limit))
                step = try machine.sampled(
                    SampledSequence(
                        tokens: cut, logprobs: cut.map { _ in -1 },
                        stopReason: cut.count == tokens.count ? .stop : .length))
            case .run(let asked, _):
                #expect(!asked.isEmpty)
                calls += asked.count
                let answers = asked.map { _ in
                    let text = random.pick(Self.observations)
                    return ToolAnswer(result: ToolResult(content: text), text: text)
                }
                if random.integer(below: 20) == 0 {
                    let failure = EpisodeFailure(.toolOutage, reason: "gone")
                    return Walk(episode: machine.abandoned(failure), samples: samples, calls: calls)
                }
                step = try machine.observed(answers)
            }
        }
    }

    @Test(arguments: 0..<40)
    func `every walk ends within its budgets`(seed: UInt64) throws {
        for sample in 0..<10 {
            var random = CounterRandom(seed: seed, stage: .sampling, sample: sample)
            let prompt = try fixture.renderer.prompt(messages: Fixture.question, tools: [LibraryTool().description])
                .count
            let budgets = EpisodeBudgets(
                maximumTurns: 1 + random.integer(below: 6), maximumTokensPerTurn: 1 + random.integer(below: 80),
                maximumEpisodeTokens: prompt + random.integer(below: 500), maximumObservationTokens: 100,
                maximumToolCalls: random.integer(below: 2) == 0 ? nil : random.integer(below: 4),
                maximumResponseTokens: random.integer(below: 2) == 0 ? nil : 1 + random.integer(below: 150),
                maximumRepetitions: random.integer(below: 2) == 0 ? nil : 1 + random.integer(below: 3))
            let rules = EpisodeRules(callsPerTurn: 1 + random.integer(below: 2), reminders: random.integer(below: 3))
            let walk = try walk(&random, budgets: budgets, rules: rules)
            let episode = walk.episode
            #expect(episode.turns.count == walk.samples)
            #expect(walk.calls <= budgets.maximumToolCalls ?? .max)
            #expect(episode.responseTokenCount <= budgets.maximumResponseTokens ?? .max)
            #expect(episode.sequences.allSatisfy { $0.count <= max(budgets.maximumEpisodeTokens, prompt) })
            #expect(episode.turns.reduce(0) { $0 + $1.calls.count(where: \.wasRun) } <= walk.calls)
            #expect((episode.failure != nil) == (episode.termination == .failed))
            #expect(try Episode(json: JSONValue.parse(episode.json.serialized())) == episode)
        }
    }

    private func runner(_ budgets: EpisodeBudgets, rules: EpisodeRules, tools: [any Tool]) -> EpisodeRunner {
        EpisodeRunner(
            renderer: fixture.renderer, tokenizer: fixture.tokenizer, tools: ToolRouter(tools: tools), budgets: budgets,
            rules: rules)
    }

    private func play(
        _ turns: [String], calls: Int? = nil, repetitions: Int? = nil, time: Duration? = nil,
        rules: EpisodeRules = EpisodeRules(), tools: [any Tool] = [LibraryTool()], key: EpisodeKey = Fixture.key
    ) async throws -> Episode {
        let budgets = EpisodeBudgets(
            maximumTurns: 6, maximumTokensPerTurn: 200, maximumEpisodeTokens: 4000, maximumObservationTokens: 100,
            maximumToolCalls: calls, maximumRepetitions: repetitions, maximumTime: time)
        return try await runner(budgets, rules: rules, tools: tools).run(
            messages: Fixture.question, sampler: ScriptedSampler(turns), key: key)
    }

    @Test func `calls beyond the budget are told so, and the next one ends the episode`() async throws {
        let two = "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"a\"}}\n</tool_call>"
        let episode = try await play(["\(two)\n\(two)<|im_end|>", Turn.search], calls: 1)
        #expect(episode.termination == .toolCallBudget)
        #expect(episode.messages[2].content == "about a")
        #expect(episode.messages[3].content.hasPrefix("Error: not run"))
        #expect(episode.turns[0].calls.map(\.wasRun) == [true, false])
    }

    @Test func `the same call with the same observation is a loop`() async throws {
        let episode = try await play(Array(repeating: Turn.search, count: 6), repetitions: 3)
        #expect(episode.termination == .toolLoop)
        #expect(episode.turns.count == 3)
    }

    @Test func `a turn that says nothing useful is reminded once`() async throws {
        let rules = EpisodeRules(reminders: 1)
        let reminded = try await play(["Well.<|im_end|>", Turn.answer], rules: rules)
        #expect(reminded.termination == .answered)
        #expect(reminded.messages[2].role == .user)
        let stubborn = try await play(["Well.<|im_end|>", "Well.<|im_end|>", Turn.answer], rules: rules)
        #expect(stubborn.termination == .noToolCall)
    }

    @Test func `parallel calls run at the same time and are answered in order`() async throws {
        let meeting = MeetingTool(count: 3)
        let call = { (name: String) in
            "<tool_call>\n{\"name\": \"meet\", \"arguments\": {\"name\": \"\(name)\"}}\n</tool_call>"
        }
        let turn = ["x", "y", "z"].map(call).joined(separator: "\n") + "<|im_end|>"
        let episode = try await play([turn, Turn.answer], rules: EpisodeRules(callsPerTurn: 3), tools: [meeting])
        #expect(episode.messages[2...4].map(\.content) == ["met x", "met y", "met z"])
        #expect(episode.formatViolations == [])
    }

    @Test func `an outage fails the episode, or is observed where the rules say so`() async throws {
        let broken = BrokenTool(failure: ToolFailure(.unavailable, "the library is closed"))
        let failed = try await play([Turn.search, Turn.answer], tools: [broken])
        #expect(failed.termination == .failed)
        #expect(failed.failure?.kind == .toolOutage)
        #expect(failed.turns.count == 1)
        let observed = try await play(
            [Turn.search, Turn.answer], rules: EpisodeRules(failsOnOutage: false), tools: [broken])
        #expect(observed.termination == .answered)
        #expect(observed.messages[2].content == "Error: the library is closed.")
        #expect(observed.turns[0].calls.map(\.isOutage) == [true])
    }

    @Test func `what the policy got wrong is no outage`() async throws {
        let picky = BrokenTool(failure: ToolFailure(.notFound, "there is no such record"))
        let episode = try await play([Turn.search, Turn.answer], tools: [picky])
        #expect(episode.termination == .answered)
        #expect(episode.toolErrorCount == 1)
    }

    @Test func `simulated failures are functions of the key, train, and spare evaluations`() async throws {
        let rules = EpisodeRules(toolFailures: ToolFailureSimulation(rate: 0.5, kinds: [.timeout]))
        var outcomes: [Bool] = []
        for sample in 0..<12 {
            var key = Fixture.key
            key.sample = sample
            let episode = try await play([Turn.search, Turn.answer], rules: rules, key: key)
            #expect(episode == (try await play([Turn.search, Turn.answer], rules: rules, key: key)))
            #expect(episode.termination == .answered)
            outcomes.append(episode.turns[0].calls[0].isSimulated)
            key.stage = .evaluation
            #expect(try await play([Turn.search, Turn.answer], rules: rules, key: key).toolErrorCount == 0)
        }
        #expect(Set(outcomes) == [true, false])
    }

    @Test func `an episode whose sampler hangs fails at its time budget`() async throws {
        let budgets = EpisodeBudgets(
            maximumTurns: 6, maximumTokensPerTurn: 200, maximumEpisodeTokens: 4000, maximumObservationTokens: 100,
            maximumTime: .milliseconds(50))
        let episode = try await runner(budgets, rules: EpisodeRules(), tools: []).run(
            messages: Fixture.question, sampler: HangingSampler(), key: Fixture.key)
        #expect(episode.failure?.kind == .timeBudget)
        #expect(episode.turns.isEmpty)
    }

    @Test func `an episode in time is the same with and without a time budget`() async throws {
        let turns = [Turn.search, Turn.answer]
        #expect(try await play(turns, time: .seconds(3600)) == (try await play(turns)))
    }

    @Test func `cancelling an episode with a time budget cancels it`() async throws {
        let budgets = EpisodeBudgets(
            maximumTurns: 6, maximumTokensPerTurn: 200, maximumEpisodeTokens: 4000, maximumObservationTokens: 100,
            maximumTime: .seconds(3600))
        let runner = runner(budgets, rules: EpisodeRules(), tools: [])
        let task = Task {
            try await runner.run(messages: Fixture.question, sampler: HangingSampler(), key: Fixture.key)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a tool that is not on offer is not run, and the selection is logged`() async throws {
        struct WebTool: Tool {
            var description: ToolDescription {
                ToolDescription(name: "web", description: "The web.", parameters: LibraryTool().description.parameters)
            }
            var traits: ToolTraits { ToolTraits(group: .general) }
            func call(arguments: JSONValue) async -> ToolResult { ToolResult(content: "found") }
        }
        let web = Turn.call("{\"name\": \"web\", \"arguments\": {\"query\": \"asthma\"}}")
        let budgets = EpisodeBudgets(
            maximumTurns: 6, maximumTokensPerTurn: 200, maximumEpisodeTokens: 4000, maximumObservationTokens: 100)
        let empty = BrokenTool(failure: ToolFailure(.notFound, "nothing found"))
        let runner = EpisodeRunner(
            renderer: fixture.renderer, tokenizer: fixture.tokenizer, tools: ToolRouter(tools: [empty, WebTool()]),
            budgets: budgets, selection: MedicalFirstPolicy(patience: 1))
        let episode = try await runner.run(
            messages: Fixture.question, sampler: ScriptedSampler([web, Turn.search, web, Turn.answer]), key: Fixture.key
        )
        #expect(episode.termination == .answered)
        #expect(episode.turns.map { $0.calls.map(\.wasRun) } == [[false], [true], [true], []])
        #expect(episode.turns[0].selection?.offered == ["search"])
        #expect(episode.turns[2].selection?.offered == ["search", "web"])
        #expect(episode.messages[2].content.contains("\"web\" is not offered in this turn; offered tools: search"))
        let metrics = ToolSelectionMetrics(episode.selectionRecords(question: "q", reward: 1))
        #expect((metrics.calls, metrics.callsNotOffered) == (3, 1))
        #expect(try Episode(json: JSONValue.parse(episode.json.serialized())) == episode)
    }
}
