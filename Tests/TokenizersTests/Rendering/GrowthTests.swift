import Primitives
import Testing

@testable import Tokenizers

/// The extension rule in every format: a prompt that extends the last one says what a full rendering would say, and where
/// it cannot, a full rendering takes its place.
@Suite("Conversations grow in every format")
struct GrowthTests {
    private static let tool: JSONValue = [
        "type": "function",
        "function": [
            "name": "search", "description": "Searches",
            "parameters": ["type": "object", "properties": ["query": ["type": "string"]]],
        ],
    ]

    private static func conversation(
        _ setting: GrowthSetting, _ generated: inout GeneratedConversation
    ) throws -> Conversation {
        var messages = [Message(role: .user, content: generated.text())]
        if generated.choose(2) == 0 { messages.insert(Message(role: .system, content: generated.plainText()), at: 0) }
        let describesTools = setting.callsAtMost > 0 && setting.template == nil && generated.choose(2) == 0
        return try Conversation(
            renderer: setting.renderer(), messages: messages, tools: describesTools ? [tool] : [])
    }

    private static func replies(
        _ step: GrowthSetting.Step, to turn: Message, _ generated: inout GeneratedConversation
    ) -> [Message] {
        guard step.followUp == .tool else { return [Message(role: .user, content: generated.text())] }
        return (0..<max(1, turn.toolCalls.count)).map { _ in
            Message(role: .tool, content: generated.text(), name: "search")
        }
    }

    private static func step(
        _ setting: GrowthSetting, after conversation: Conversation, _ generated: inout GeneratedConversation
    ) -> GrowthSetting.Step {
        GrowthSetting.Step(
            isAfterTool: conversation.messages.last?.role == .tool,
            followUp: setting.callsAtMost > 0 && generated.choose(3) > 0 ? .tool : .user)
    }

    private static func full(_ conversation: Conversation) throws -> RenderedConversation {
        try conversation.renderer.render(
            conversation.messages, tools: conversation.tools, addsGenerationPrompt: true)
    }

    private static func isEqual(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }

    @Test(
        "A careful policy's turns extend the sequence to a full rendering wherever the format allows it",
        arguments: GrowthSetting.all)
    func canonicalTurns(setting: GrowthSetting) throws {
        let tokenizer = try setting.tokenizer
        for seed in 0..<12 {
            var generated = GeneratedConversation(seed: seed)
            var conversation = try Self.conversation(setting, &generated)
            for _ in 0..<3 {
                let step = Self.step(setting, after: conversation, &generated)
                let turn = setting.turn(step, &generated)
                let before = conversation.tokens
                let sampled = tokenizer.encode(setting.canonicalText(turn), splitSpecialTokens: false)
                let parsed = conversation.append(sampled: sampled)
                #expect(parsed == ParsedTurn(message: turn, termination: .endOfTurn), "\(seed)")
                let replies = Self.replies(step, to: turn, &generated)
                if setting.refuses(step) {
                    let error = #expect(throws: TokenizerError.self) { try conversation.append(replies) }
                    #expect(error?.description.contains("messages[") == true)
                    #expect(conversation.tokens == before + sampled)
                    break
                }
                let growth = try conversation.append(replies)
                let full = try Self.full(conversation)
                switch growth {
                case .extended(let appended):
                    #expect(!setting.restarts(step), "\(seed) \(step)")
                    #expect(conversation.tokens == before + sampled + appended)
                case .restarted(let reason):
                    #expect(setting.restarts(step), "\(seed) \(step): \(reason)")
                    #expect(reason.utf8.count > 20)
                }
                if setting.writesAsHistory {
                    // Text alone has many tokenizations, and a turn may end inside a token of the full rendering.
                    let isSame =
                        setting.name == "role-colon"
                        ? Self.isEqual(tokenizer.decode(conversation.tokens), tokenizer.decode(full.tokens))
                        : conversation.tokens == full.tokens
                    #expect(isSame, "\(seed)")
                }
            }
        }
    }

    @Test(
        "Whatever the policy samples, its ids are kept or all is rendered anew, and it never writes another's turn",
        arguments: GrowthSetting.all)
    func hostileTurns(setting: GrowthSetting) throws {
        let tokenizer = try setting.tokenizer
        let framing = FramingTokens(tokenizer)
        for seed in 0..<20 {
            var generated = GeneratedConversation(seed: 1000 + seed)
            var conversation = try Self.conversation(setting, &generated)
            for _ in 0..<3 {
                let step = Self.step(setting, after: conversation, &generated)
                let turn = setting.turn(step, &generated)
                let before = conversation.tokens
                let sampled = try HostileTurn(setting).sampled(turn, &generated)
                let parsed = conversation.append(sampled: sampled)
                let index = conversation.messages.count - 1
                #expect(conversation.tokens == before + sampled)
                let growth: Conversation.Growth
                do {
                    growth = try conversation.append(Self.replies(step, to: turn, &generated))
                } catch {
                    // A template may refuse; what is written in Swift goes on.
                    #expect(setting.template != nil, "\(seed): \(error)")
                    break
                }
                let full = try Self.full(conversation)
                switch growth {
                case .extended(let appended):
                    #expect(conversation.tokens == before + sampled + appended)
                    #expect(conversation.messages[index] == parsed.message)
                    let controls = full.segments.compactMap { segment -> TokenID? in
                        if case .control(let id, _) = segment.content { id } else { nil }
                    }
                    #expect(framing.among(conversation.tokens) == framing.among(controls), "\(seed)")
                    guard generated.choose(4) == 0 else { continue }
                    let end = tokenizer.decode(appended).utf8
                    let goesOnAlike = tokenizer.decode(full.tokens).utf8.suffix(end.count).elementsEqual(end)
                    #expect(goesOnAlike, "\(seed)")
                case .restarted(let reason):
                    #expect(conversation.tokens == full.tokens)
                    #expect(reason.utf8.count > 20)
                }
            }
        }
    }

    @Test("What gpt-oss cannot say again is said as nearly as it can be, and the reason tells what is missing")
    func unsayableTurns() throws {
        let renderer = try GPTOSSRenderer(tokenizer: HarmonyVocabulary.tokenizer())
        func grown(_ text: String) throws -> (Conversation, Conversation.Growth) {
            var conversation = try Conversation(renderer: renderer, messages: [Message(role: .user, content: "Q")])
            _ = conversation.append(sampled: renderer.tokenizer.encode(text, splitSpecialTokens: false))
            let growth = try conversation.append([Message(role: .tool, content: "T", name: "f")])
            return (conversation, growth)
        }
        let call = " to=functions.f<|channel|>commentary json<|message|>"
        let preamble = "<|channel|>commentary<|message|>B<|end|><|start|>assistant"
        let twice = "<|channel|>analysis<|message|>A<|end|><|start|>assistant" + preamble + call + "{}<|call|>"
        var (conversation, growth) = try grown(twice)
        guard case .restarted(let reason) = growth else {
            Issue.record("\(growth)")
            return
        }
        #expect(reason.hasSuffix("the conversation goes on without the turn's thinking"))
        #expect(conversation.messages[1].content == "B")
        #expect(conversation.messages[1].toolCalls.count == 1)
        (conversation, growth) = try grown(call + "{<|call|>")
        guard case .restarted(let reason) = growth else {
            Issue.record("\(growth)")
            return
        }
        #expect(reason.hasSuffix("with the user in the place of tools that were not called"))
        #expect(conversation.messages[2] == Message(role: .user, content: "T"))
    }

    @Test("Text that ended a turn is neither repeated nor left out")
    func stopText() throws {
        let renderer = try RoleColonRenderer(tokenizer: SmallVocabulary.tokenizer())
        func text(after turn: String, _ role: Message.Role) throws -> (String, extends: Bool) {
            var conversation = try Conversation(renderer: renderer, messages: [Message(role: .user, content: "Q")])
            _ = conversation.append(sampled: renderer.tokenizer.encodePlainText(turn))
            let growth = try conversation.append([Message(role: role, content: "next")])
            guard case .extended = growth else { return (renderer.tokenizer.decode(conversation.tokens), false) }
            return (renderer.tokenizer.decode(conversation.tokens), true)
        }
        let expected = "User: Q\n\nAssistant: A\n\nUser: next\n\nAssistant:"
        for turn in [" A\n\nUser:", " A\n\nUser: ne", " A", " A\n\n"] {
            let (text, extends) = try text(after: turn, .user)
            #expect(extends, "\(turn)")
            #expect(text == expected)
        }
        #expect(try text(after: " A\n\nUser:x", .user) == (expected, false))
        #expect(try text(after: " A\n\nUser:", .system).extends == false)
        #expect(try text(after: " A", .system).extends)
    }

    @Test("A policy that writes its own answer and its next turn gets a new sequence", arguments: GrowthSetting.all)
    func forgedTurns(setting: GrowthSetting) throws {
        let tokenizer = try setting.tokenizer
        for seed in 0..<8 {
            var generated = GeneratedConversation(seed: 2000 + seed)
            let start = try Self.conversation(setting, &generated)
            let step = Self.step(setting, after: start, &generated)
            if setting.refuses(step) || setting.restarts(step) { continue }
            let turn = setting.turn(step, &generated)
            let sampled = tokenizer.encode(setting.canonicalText(turn), splitSpecialTokens: false)
            var honest = start
            _ = honest.append(sampled: sampled)
            guard
                case .extended(let appended) = try honest.append(
                    [Message(role: step.followUp == .tool ? .tool : .user, content: "forged", name: "search")])
            else {
                Issue.record("\(seed)")
                continue
            }
            // With and without the end of the first turn, which stops a sampler.
            // Where text alone ends a turn, a turn that does not end there says what it says.
            for end in setting.name == "role-colon" ? [0] : [0, 1] {
                var forging = start
                let second = tokenizer.encode(setting.canonicalText(turn), splitSpecialTokens: false)
                _ = forging.append(sampled: Array(sampled.dropLast(end)) + appended + second)
                let growth = try forging.append(Self.replies(step, to: turn, &generated))
                guard case .restarted = growth else {
                    Issue.record("\(seed) \(end): a forged turn was extended")
                    continue
                }
            }
        }
    }
}
