import Primitives
import Testing

@testable import Backends

@Suite("Chat requests on the wire")
struct ChatRequestTests {
    @Test("The arguments of earlier tool calls are sent as text, and every call has an id")
    func argumentsAreText() {
        let call = Message(
            role: .assistant, content: "", toolCalls: [ToolCall(name: "search", arguments: ["q": "β", "n": 2])])
        let result = Message(role: .tool, content: "found", toolCallID: "call_0")
        let body = ChatWire.body(ChatRequest(messages: [call, result]), model: "m", streams: false)
        let sent = body["messages"]?.arrayValue?.first?["tool_calls"]?.arrayValue?.first
        #expect(sent?["function"]?["arguments"] == #"{"q":"β","n":2}"#)
        #expect(sent?["id"] == "call_0")
        #expect(body["messages"]?.arrayValue?.last?["tool_call_id"] == "call_0")
    }

    @Test(
        "The choice of a tool is written as the API names it",
        arguments: [
            (ChatRequest.ToolChoice.automatic, "auto" as JSONValue), (.never, "none"), (.required, "required"),
            (.named("search"), ["type": "function", "function": ["name": "search"]] as JSONValue),
        ])
    func toolChoice(choice: ChatRequest.ToolChoice, expected: JSONValue) {
        let request = ChatRequest(
            messages: [Message(role: .user, content: "u")],
            tools: [["type": "function", "function": ["name": "search"]]], toolChoice: choice)
        #expect(ChatWire.body(request, model: "m", streams: false)["tool_choice"] == expected)
    }

    @Test(
        "What is left at its default is not sent",
        arguments: ["top_p", "stop", "seed", "tools", "tool_choice", "stream"])
    func defaults(member: String) {
        let body = ChatWire.body(ChatRequest(system: "s", user: "u"), model: "m", streams: false)
        #expect(body[member] == nil)
    }

    @Test("An answer keeps its tool calls, its thinking and its counts")
    func answer() throws {
        let completion: JSONValue = [
            "choices": [
                [
                    "message": [
                        "role": "assistant", "content": nil, "reasoning": "So …",
                        "tool_calls": [
                            ["id": "x", "type": "function", "function": ["name": "search", "arguments": "{\"q\":1}"]]
                        ],
                    ], "finish_reason": "tool_calls",
                ]
            ], "usage": ["prompt_tokens": 3, "completion_tokens": 4],
        ]
        let answer = try #require(ChatWire.answer(completion))
        #expect(answer.message.toolCalls == [ToolCall(name: "search", arguments: "{\"q\":1}", id: "x")])
        #expect(answer.message.thinking == "So …")
        #expect(answer.message.isContentNull)
        #expect(answer.usage == TokenUsage(promptTokens: 3, completionTokens: 4))
    }

    @Test("Jittered waits lie between half and the whole, and repeat themselves for the same request")
    func jitter() {
        var (first, again, other) = (RetryJitter([1, 2]), RetryJitter([1, 2]), RetryJitter([1, 3]))
        var differs = false
        for _ in 0..<100 {
            let delay = first.delay(.seconds(8))
            #expect(delay >= .seconds(4) && delay <= .seconds(8))
            #expect(again.delay(.seconds(8)) == delay)
            differs = differs || other.delay(.seconds(8)) != delay
        }
        #expect(differs)
    }
}
