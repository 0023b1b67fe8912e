import Primitives
import Testing

@testable import Synthesis

struct ThoughtRewriterTests {
    private static let thought =
        "The passage about vorosis B says that the gene GQB causes it in 12 families, so the next thing to look up is GQB."
    private static let names = ["vorosis B", "GQB", "1p2.1"]

    @Test(
        arguments: [
            ("GQB causes vorosis B in 12 families; look up GQB.", nil),
            ("", ThoughtRewriter.Fault.empty),
            ("<b>GQB causes vorosis B in 12 families.</b>", .markup),
            ("GQB causes it in 12 families.", .lostFact),
            ("vorosis B is caused in 12 families; look up.", .lostFact),
            ("GQB causes vorosis B; look up GQB.", .lostFact),
            ("GQB causes vorosis B in 12 families at 1p2.1.", .newName),
            ("GQB causes vorosis B in 12 families of Rome.", .newName),
            ("GQB causes vorosis B in 12 families, 3 of them old.", .newName),
            (thought + " Indeed, it does.", .notShorter),
        ] as [(String, ThoughtRewriter.Fault?)])
    func checksWhatIsLostAndAdded(text: String, fault: ThoughtRewriter.Fault?) {
        #expect(ThoughtRewriter.fault(in: text, of: Self.thought, names: Self.names) == fault)
    }

    private static let messages = [
        Message(role: .user, content: "What?"),
        Message(
            role: .assistant, content: "", thinking: thought,
            toolCalls: [ToolCall(name: "search", arguments: ["query": "GQB"], id: "call_1")]),
        Message(role: .tool, content: "GQB causes vorosis B.", toolCallID: "call_1"),
        Message(role: .assistant, content: "<answer>GQB</answer>", thinking: "Done."),
    ]

    @Test func takesAShorterThoughtAndLeavesTheRest() async throws {
        let shorter = "GQB causes vorosis B in 12 families; look up GQB."
        let model = ScriptedModel([ScriptedModel.text("Go on."), ScriptedModel.text(shorter)])
        let outcome = try await ThoughtRewriter(model: model, seed: 1)
            .rewrite(Self.messages, entities: Self.names.map { [$0] }).get()
        #expect(outcome.messages[1].thinking == shorter)
        #expect(outcome.rewritten == 1 && outcome.kept == 0)
        #expect(outcome.faults == [.lostFact: 1])
        #expect(outcome.usage.tokens.requests == 2)
        var expected = Self.messages
        expected[1].thinking = shorter
        #expect(outcome.messages == expected)
        #expect(outcome.bytesBefore - outcome.bytesAfter == Self.thought.utf8.count - shorter.utf8.count)
    }

    @Test func keepsTheThoughtWhereNoAttemptHolds() async throws {
        let model = ScriptedModel([ScriptedModel.text("Go on.")])
        let outcome = try await ThoughtRewriter(model: model, attempts: 3, seed: 1)
            .rewrite(Self.messages, entities: []).get()
        #expect(outcome.messages == Self.messages)
        #expect(outcome.kept == 1)
        #expect(model.prompts.count == 3)
        #expect(Set(model.prompts.map(\.seed)).count == 3)
    }
}
