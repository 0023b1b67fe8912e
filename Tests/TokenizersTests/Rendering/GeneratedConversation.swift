import Primitives

@testable import Tokenizers

/// Conversations of a policy with a user and tools, drawn from texts that provoke tokens across their seams.
struct GeneratedConversation {
    private var random: CounterRandom

    init(seed: Int) { random = CounterRandom(seed: UInt64(seed), stage: .evaluation) }

    mutating func choose(_ count: Int) -> Int { random.integer(below: count) }

    mutating func text() -> String {
        let fragments = [
            "Marfan", " syndrome", "\n", "\n\n", "  ", " FBN1", ">", "<", "\"", "\\", "é", "A\u{30A}", "漢", " 12", "'s",
            ".", "\u{338}", "\r\n", "\t", "…", "<think>", "</think>", "<|im_end|>", "User:",
        ]
        return (0..<1 + choose(8)).map { _ in random.pick(fragments) }.joined()
    }

    /// Text as a careful model writes it: neither markup nor white space at its ends.
    mutating func plainText() -> String {
        let words = ["Marfan", " syndrome", "\n\n", "  ", " FBN1", "é", "漢", " 12", "'s", ".", "\u{338}", "…"]
        return "So" + (0..<choose(8)).map { _ in random.pick(words) }.joined() + "!"
    }

    /// A turn of the policy that every format can say.
    mutating func turn(thinks: Bool, calls: Int) -> Message {
        Message(
            role: .assistant, content: calls > 0 && choose(2) == 0 ? "" : plainText(),
            thinking: thinks ? plainText() : nil,
            toolCalls: (0..<calls).map { _ in
                ToolCall(name: "search", arguments: ["query": .string(plainText()), "limit": .integer(choose(9))])
            })
    }

    /// What tools answered, or what the user says next.
    mutating func replies(to turn: Message) -> [Message] {
        turn.toolCalls.isEmpty
            ? [Message(role: .user, content: text())]
            : turn.toolCalls.map { Message(role: .tool, content: text(), name: $0.name) }
    }
}
