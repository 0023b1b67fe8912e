import Backends
import Primitives
import Testing
import Tokenizers

@testable import Agents

@Suite struct EpisodeRunnerTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture.shared.get() }

    private func run(_ turns: [String], runner: EpisodeRunner? = nil) async throws -> (Episode, ScriptedSampler) {
        let sampler = try ScriptedSampler(turns)
        let episode = try await (runner ?? fixture.runner()).run(
            messages: Fixture.question, sampler: sampler, key: Fixture.key)
        return (episode, sampler)
    }

    @Test func `search, observe, answer`() async throws {
        let (episode, _) = try await run([Turn.search, Turn.answer])
        #expect(episode.termination == .answered)
        #expect(episode.messages.map(\.role) == [.user, .assistant, .tool, .assistant])
        #expect(episode.messages[1].toolCalls == [ToolCall(name: "search", arguments: ["query": "asthma"])])
        #expect(episode.messages[2] == Message(role: .tool, content: "about asthma", name: "search"))
        #expect(episode.finalText.contains("<answer>salbutamol</answer>"))
        #expect(!episode.finalText.contains("I know"))
        #expect((episode.toolCallCount, episode.toolErrorCount) == (1, 0))
        #expect(episode.formatViolations == [])
        #expect(!episode.wasTruncated)
        #expect(episode.policyVersion == 7)
    }

    @Test func `tokens are the prompt, what was sampled and what was framed, and nothing else`() async throws {
        let texts = [Turn.search, Turn.call("{bad"), Turn.answer]
        let (episode, sampler) = try await run(texts)
        let sampled = texts.map { fixture.tokenizer.encode($0, splitSpecialTokens: false) }
        let prompt = try fixture.renderer.prompt(
            messages: Fixture.question, tools: [LibraryTool().description])
        var expected = prompt
        var mask = prompt.map { _ in false }
        for (turn, tokens) in sampled.enumerated() {
            #expect(sampler.requests[turn].prompt == expected)
            expected += tokens
            mask += tokens.map { _ in true }
            if turn + 1 < sampled.count {
                let observation = episode.messages[2 + 2 * turn]
                let continuation = fixture.tokenizer.encode(
                    "\n<|im_start|>user\n<tool_response>\n\(observation.content)\n</tool_response><|im_end|>\n"
                        + "<|im_start|>assistant\n", splitSpecialTokens: false)
                expected += continuation
                mask += continuation.map { _ in false }
            }
        }
        #expect(episode.tokens == expected)
        #expect(episode.policyMask == mask)
        #expect(zip(episode.policyMask, episode.logprobs).allSatisfy { $0 == ($1 != 0) })
        #expect(episode.turns.map { Array(episode.tokens[$0.range]) } == sampled)
        #expect(episode.logprobs[episode.turns[1].range].first == -Float(1) / 7 - 1)
        #expect(episode.responseTokenCount == sampled.reduce(0) { $0 + $1.count })
        #expect(episode.promptTokenCount == prompt.count)
    }

    @Test func `tokens that do not re-encode to themselves are kept`() async throws {
        let letters = "<answer>salbutamol</answer>".utf8.map { byte in
            fixture.tokenizer.encode(String(decoding: [byte], as: UTF8.self))
        }
        let sampled = letters.flatMap { $0 } + [fixture.endOfTurn]
        let episode = try await fixture.runner().run(
            messages: Fixture.question, sampler: ScriptedSampler([sampled]), key: Fixture.key)
        #expect(fixture.tokenizer.encode(fixture.tokenizer.decode(sampled), splitSpecialTokens: false) != sampled)
        #expect(Array(episode.tokens[episode.turns[0].range]) == sampled)
        #expect(episode.termination == .answered)
    }

    @Test func `each turn has the seed of its place in the run`() async throws {
        let (_, sampler) = try await run([Turn.search, Turn.answer])
        let seeds = (0..<2).map { turn in
            CounterRandom(seed: 1, stage: .reinforcement, step: 2, group: 3, sample: 4, turn: turn).seed63
        }
        #expect(sampler.requests.map(\.parameters.seed) == seeds)
        #expect(sampler.requests.allSatisfy { $0.parameters.stopTokens == fixture.renderer.stop.tokens })
    }

    @Test func `a turn that history would render otherwise begins a sequence of its own`() async throws {
        let ended = Turn.search.replacing("<|im_end|>", with: "<|endoftext|>")
        let (episode, sampler) = try await run([ended, Turn.answer])
        #expect(episode.termination == .answered)
        try #require(episode.sequences.count == 2)
        #expect(
            sampler.requests[1].prompt
                == Array(episode.tokens[episode.sequences[1].lowerBound..<episode.turns[1].range.lowerBound]))
        #expect(try Episode(json: JSONValue.parse(episode.json.serialized())) == episode)
    }

    @Test(arguments: [
        "{\"name\": \"search\", \"arguments\": {\"query\": \"asthma\"}", "not json", "", "[]",
        "{\"name\": \"serach\", \"arguments\": {}}", "{\"name\": \"search\", \"arguments\": {\"q\": 1}}",
        "{\"name\": \"search\", \"arguments\": {}}",
    ])
    func `a bad call is observed as an error and the loop goes on`(json: String) async throws {
        let (episode, _) = try await run([Turn.call(json), Turn.answer])
        #expect(episode.termination == .answered)
        #expect(episode.messages[2].role == .tool)
        #expect(episode.messages[2].content.hasPrefix("Error: "), "\(episode.messages[2].content)")
        #expect((episode.toolCallCount, episode.toolErrorCount) == (1, 1))
    }

    @Test func `an unreadable call is a format violation, a call that a tool refuses is none`() async throws {
        let (unreadable, _) = try await run([Turn.call("{"), Turn.answer])
        #expect(unreadable.formatViolations.count == 1)
        #expect(unreadable.formatViolations.first?.hasPrefix("turn 1: ") == true)
        let (refused, _) = try await run([Turn.call("{\"name\": \"x\", \"arguments\": {}}"), Turn.answer])
        #expect(refused.formatViolations == [])
    }

    @Test func `a turn without call and answer ends the episode`() async throws {
        let (episode, sampler) = try await run(["I do not know.<|im_end|>", Turn.answer])
        #expect(episode.termination == .noToolCall)
        #expect(sampler.requests.count == 1)
        #expect(episode.finalText == "I do not know.")
        #expect(episode.formatViolations == ["turn 1: neither a tool call nor an answer"])
    }

    @Test func `the turn budget ends the episode before tools run in vain`() async throws {
        let (episode, _) = try await run([Turn.search, Turn.search, Turn.answer], runner: fixture.runner(turns: 2))
        #expect(episode.termination == .turnBudget)
        #expect(episode.turns.count == 2)
        #expect(episode.toolCallCount == 2)
        #expect(episode.messages.last?.role == .assistant)
        #expect(episode.policyMask.last == true)
    }

    @Test func `a turn cut by its bound ends the episode and is said to be cut`() async throws {
        let (episode, sampler) = try await run([Turn.answer], runner: fixture.runner(perTurn: 8))
        #expect(episode.termination == .turnTruncated)
        #expect(sampler.requests[0].parameters.maxTokens == 8)
        #expect(episode.responseTokenCount == 8)
        #expect(episode.wasTruncated)
        #expect(!episode.formatViolations.isEmpty)
    }

    @Test func `a cut turn whose call is whole goes on`() async throws {
        let whole = fixture.tokenizer.encode(Turn.search, splitSpecialTokens: false)
        let (episode, sampler) = try await run(
            [Turn.search, Turn.answer], runner: fixture.runner(perTurn: whole.count - 1))
        #expect(episode.turns[0].wasTruncated)
        #expect(episode.turns[0].violation == "the turn was cut before its end")
        #expect(sampler.requests.count == 2)
        #expect(episode.messages[2].content == "about asthma")
    }

    @Test func `the episode's token bound holds whatever runs out`() async throws {
        let prompt = try fixture.renderer.prompt(messages: Fixture.question, tools: [LibraryTool().description]).count
        let (whole, _) = try await run([Turn.search, Turn.answer])
        for bound in 1...whole.tokens.count {
            let (episode, _) = try await run([Turn.search, Turn.answer], runner: fixture.runner(episode: bound))
            #expect(episode.tokens.count <= max(bound, prompt))
            #expect(episode.tokens == Array(whole.tokens.prefix(episode.tokens.count)))
            if episode.termination != .answered { #expect(episode.termination == .tokenBudget) }
            #expect(episode.turns.isEmpty == (bound <= prompt))
        }
    }

    @Test func `long observations are cut at whole characters within their bound`() async throws {
        let runner = fixture.runner(tools: [LibraryTool(prefix: String(repeating: "\u{E9}\u{1F600}", count: 50))])
        for bound in [0, 1, 2, 3, 7, 20] {
            var bounded = EpisodeBudgets(
                maximumTurns: 3, maximumTokensPerTurn: 200, maximumEpisodeTokens: 4000, maximumObservationTokens: 0)
            bounded.maximumObservationTokens = bound
            let (episode, _) = try await run(
                [Turn.search, Turn.answer],
                runner: EpisodeRunner(
                    renderer: fixture.renderer, tokenizer: fixture.tokenizer, tools: runner.tools, budgets: bounded))
            let content = episode.messages[2].content
            #expect(fixture.tokenizer.encodePlainText(content).count <= bound)
            #expect(!content.unicodeScalars.contains("\u{FFFD}"))
            let kept =
                content.hasSuffix(ObservationText.cutMark)
                ? content.dropLast(ObservationText.cutMark.count) : content[...]
            #expect(String(repeating: "\u{E9}\u{1F600}", count: 50).hasPrefix(kept))
            if bound == 20 { #expect(!kept.isEmpty && kept != content) }
        }
    }

    @Test func `control tokens in an observation stay text`() async throws {
        let runner = fixture.runner(tools: [LibraryTool(prefix: "<|im_end|>")])
        let (episode, _) = try await run([Turn.search, Turn.answer], runner: runner)
        let plain = try await run([Turn.search, Turn.answer]).0
        let ends = { (episode: Episode) in episode.tokens.count { $0 == fixture.endOfTurn } }
        #expect(ends(episode) == ends(plain))
    }

    @Test func `several calls in one turn all run and violate the format`() async throws {
        let call = "<tool_call>\n{\"name\": \"search\", \"arguments\": {\"query\": \"gout\"}}\n</tool_call>"
        let (episode, _) = try await run(["\(call)\n\(call)<|im_end|>", Turn.answer])
        #expect(episode.messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant])
        #expect(episode.toolCallCount == 2)
        #expect(episode.formatViolations == ["turn 1: 2 tool calls in one turn; expected one"])
    }

    @Test func `the same key gives the same episode, another key another one`() async throws {
        let choices = [Turn.search, Turn.answer, Turn.call("{"), Turn.call("{\"name\": \"x\", \"arguments\": {}}")]
        let sampler = SeededSampler(choices: choices.map { fixture.tokenizer.encode($0, splitSpecialTokens: false) })
        let runner = fixture.runner()
        let runs = { () async throws -> [Episode] in
            try await withThrowingTaskGroup(of: (Int, Episode).self) { group in
                for sample in 0..<16 {
                    group.addTask {
                        var key = Fixture.key
                        key.sample = sample
                        return (sample, try await runner.run(messages: Fixture.question, sampler: sampler, key: key))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        let first = try await runs()
        #expect(try await runs() == first)
        #expect(Set(first).count > 1)
    }

    @Test(arguments: [
        [], [SampledSequence(tokens: [], logprobs: [], stopReason: .stop)],
        [SampledSequence(tokens: [1, 2], logprobs: [-1], stopReason: .stop)],
        [SampledSequence(tokens: [1], logprobs: [.nan], stopReason: .stop)],
        [SampledSequence(tokens: [1], logprobs: [-.infinity], stopReason: .stop)],
        [
            SampledSequence(
                tokens: Array(repeating: 1, count: 9), logprobs: Array(repeating: -1, count: 9), stopReason: .stop)
        ],
        Array(repeating: SampledSequence(tokens: [1], logprobs: [-1], stopReason: .stop), count: 2),
        [
            SampledSequence(
                tokens: [1, 2], logprobs: [-1, -1], stopReason: .stop,
                versionSpans: [VersionSpan(tokenCount: 1, policyVersion: 3)])
        ],
    ])
    func `a sampler that breaks its contract fails the episode`(sequences: [SampledSequence]) async throws {
        let episode = try await fixture.runner(perTurn: 8).run(
            messages: Fixture.question, sampler: FixedSampler(sequences: sequences), key: Fixture.key)
        #expect(episode.termination == .failed)
        #expect(episode.failure?.kind == .unusableSample)
        #expect(episode.failure?.reason.contains("policy version 3 answered turn 1") == true)
        #expect(episode.turns.isEmpty)
    }

    @Test(
        arguments: [
            ([[], []], [], 7), ([[(2, 7)], []], [], 7), ([[(1, 7), (1, 8)], []], [(1, 7), (1, 8), (1, 7)], 7),
            ([[(2, 6)], []], [(2, 6), (1, 7)], 6), ([[], [(1, 9)]], [(2, 7), (1, 9)], 7),
            ([[(2, 8)], [(1, 8)]], [], 8), ([[(1, 7), (1, 8)], [(1, 8)]], [(1, 7), (2, 8)], 7),
        ] as [([[(Int, Int)]], [(Int, Int)], Int)])
    func `an episode knows which version wrote which of its tokens`(
        turns: [[(Int, Int)]], expected: [(Int, Int)], first: Int
    ) {
        func spans(_ pairs: [(Int, Int)]) -> [VersionSpan] {
            pairs.map { VersionSpan(tokenCount: $0.0, policyVersion: $0.1) }
        }
        var record = EpisodeRecord(prompt: [1], messages: [], policyVersion: 7)
        for (count, turn) in zip([2, 1], turns) {
            let sampled = SampledSequence(
                tokens: Array(repeating: 5, count: count), logprobs: Array(repeating: -1, count: count),
                stopReason: .stop, versionSpans: spans(turn))
            let parsed = ParsedTurn(message: Message(role: .assistant, content: ""), termination: .endOfTurn)
            record.append(sampled, parsed: parsed, violation: nil, selection: nil)
            record.append([9], messages: [])
        }
        let episode = record.episode(endedBy: .turnBudget)
        #expect(episode.versionSpans == spans(expected))
        #expect(episode.policyVersion == first)
    }

    @Test func `a cancelled episode ends at once`() async throws {
        let sampler = try ScriptedSampler([Turn.answer])
        let runner = fixture.runner()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await runner.run(messages: Fixture.question, sampler: sampler, key: Fixture.key)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(sampler.requests.isEmpty)
    }
}
