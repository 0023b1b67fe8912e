import Primitives
import Testing

@testable import Synthesis

struct MaskFilterTests {
    private static let names = [["alba"], ["borin", "borinum"], ["cetra"], ["dolin"]]

    private static func text(_ message: Message) -> String {
        ([message.thinking ?? "", message.content] + message.toolCalls.map(\.argumentsText)).joined(separator: " ")
    }

    /// By the definition, on texts whose words are separated by spaces or quotes.
    private static func bruteForce(_ messages: [Message]) -> Int? {
        for (index, message) in messages.enumerated() where message.role == .assistant {
            let written = Set(text(message).split { !$0.isLetter }.map(String.init))
            let shown = Set(
                messages[..<index].filter { $0.role != .assistant }.flatMap { $0.content.split { !$0.isLetter } }
                    .map(String.init))
            for entity in names where !written.isDisjoint(with: entity) && shown.isDisjoint(with: entity) {
                return index
            }
        }
        return nil
    }

    @Test func agreesWithTheDefinition() {
        let words = ["alba", "borin", "borinum", "cetra", "dolin", "x", "y", "albar", "z"]
        var refused = 0
        for step in 0..<400 {
            var random = CounterRandom(seed: 3, stage: .synthesis, step: step)
            let messages = (0..<8).map { number -> Message in
                let text = (0..<random.integer(below: 4)).map { _ in random.pick(words) }.joined(separator: " ")
                switch number % 2 {
                case 0: return Message(role: number == 0 ? .user : .tool, content: text)
                default:
                    let place = random.integer(below: 3)
                    return Message(
                        role: .assistant, content: place == 0 ? text : "", thinking: place == 1 ? text : nil,
                        toolCalls: place == 2 ? [ToolCall(name: "search", arguments: ["query": .string(text)])] : [])
                }
            }
            let found = MaskFilter.firstUnrevealed(of: Self.names, in: messages)
            #expect(found?.message == Self.bruteForce(messages))
            if found != nil { refused += 1 }
        }
        #expect(refused > 50 && refused < 350)
    }

    @Test func aSynonymShowsItsEntity() {
        let messages = [
            Message(role: .tool, content: "It is borinum."), Message(role: .assistant, content: "So borin."),
        ]
        #expect(MaskFilter.firstUnrevealed(of: Self.names, in: messages) == nil)
    }
}
