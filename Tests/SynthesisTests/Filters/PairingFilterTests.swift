import Primitives
import Testing

@testable import Synthesis

struct PairingFilterTests {
    /// A conversation of turns with one to three calls each.
    private static func conversation(_ random: inout CounterRandom) -> [Message] {
        var messages = [Message(role: .user, content: "?")]
        var number = 0
        for _ in 0..<1 + random.integer(below: 4) {
            let calls = (0..<1 + random.integer(below: 3)).map { _ in
                number += 1
                return ToolCall(name: "search", arguments: ["query": "x"], id: "call_\(number)")
            }
            messages.append(Message(role: .assistant, content: "", toolCalls: calls))
            for call in calls {
                messages.append(Message(role: .tool, content: "r", name: call.name, toolCallID: call.id))
            }
        }
        return messages + [Message(role: .assistant, content: "a")]
    }

    @Test func keepsEveryPairedConversation() {
        for step in 0..<200 {
            var random = CounterRandom(seed: 1, stage: .synthesis, step: step)
            #expect(PairingFilter.problem(of: Self.conversation(&random)) == nil)
        }
    }

    /// Every way to break the pairing of one response.
    @Test(arguments: 0..<6) func refusesEveryBrokenOne(kind: Int) throws {
        for step in 0..<100 {
            var random = CounterRandom(seed: 2, stage: .synthesis, step: step)
            var messages = Self.conversation(&random)
            let responses = messages.indices.filter { messages[$0].role == .tool }
            let response = random.pick(responses)
            switch kind {
            case 0: messages.remove(at: response)
            case 1: messages.insert(messages[response], at: response)
            case 2: messages[response].toolCallID = "call_99"
            case 3: messages[response].toolCallID = nil
            case 4: messages.swapAt(response, response + 1)
            default: messages[response].name = "visit"
            }
            #expect(PairingFilter.problem(of: messages) != nil, "kind \(kind), step \(step)")
        }
    }

    @Test func refusesCallsWithTheSameId() {
        let call = ToolCall(name: "search", arguments: [:], id: "call_1")
        let messages = [
            Message(role: .assistant, content: "", toolCalls: [call, call]),
            Message(role: .tool, content: "", toolCallID: "call_1"),
            Message(role: .tool, content: "", toolCallID: "call_1"),
        ]
        #expect(PairingFilter.problem(of: messages) == "two calls have the id call_1")
    }
}
