import Primitives
import Testing

@Suite struct MessageJSONTests {
    @Test func writesTheChatMessagesForm() {
        let message = Message(
            role: .assistant, content: "", thinking: "look it up",
            toolCalls: [ToolCall(name: "search", arguments: ["query": "Marfan syndrome"])])
        #expect(
            message.json.text == #"{"role":"assistant","content":"","reasoning_content":"look it up","#
                + #""tool_calls":[{"type":"function","function":"#
                + #"{"name":"search","arguments":{"query":"Marfan syndrome"}}}]}"#)
    }

    @Test(arguments: [
        Message(role: .system, content: "s"), Message(role: .user, content: "é\n"),
        Message(role: .assistant, content: "<answer>FBN1</answer>", thinking: ""),
        Message(role: .assistant, content: "x", toolCalls: [ToolCall(name: "a", arguments: [:])]),
        Message(role: .assistant, content: "x", toolCalls: [ToolCall(name: "a", arguments: "{}", id: "call_1")]),
        Message(role: .tool, content: "found", name: "search", toolCallID: "call_1"),
    ])
    func readsBack(message: Message) throws {
        #expect(try Message(json: try JSONValue.parse(message.json.serialized())) == message)
    }

    @Test(arguments: [
        ("[]", "`role`"), (#"{"role":"oracle","content":""}"#, "oracle"), (#"{"role":"user"}"#, "`content`"),
        (#"{"role":"assistant","content":null}"#, "`content`"),
        (
            #"{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":7}}]}"#,
            "`tool_calls[0].function.arguments`"
        ),
    ])
    func refusesNamingTheMember(text: String, named: String) throws {
        let json = try JSONValue.parse(text)
        #expect { try Message(json: json) } throws: { "\($0)".contains(named) }
    }

    @Test func readsContentInParts() throws {
        let text =
            #"{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"FBN1"}]}"#
        let message = try Message(json: try JSONValue.parse(text))
        #expect(message == Message(role: .assistant, content: "FBN1", thinking: "hm"))
    }

    @Test func nullContentIsEmptyBesideToolCalls() throws {
        let text =
            #"{"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":{}}}],"name":null}"#
        let message = try Message(json: try JSONValue.parse(text))
        #expect(message.content.isEmpty)
        #expect(message.toolCalls == [ToolCall(name: "f", arguments: [:])])
    }
}
