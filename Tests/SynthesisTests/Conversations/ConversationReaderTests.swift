import Primitives
import Testing
import Tokenizers

@testable import Synthesis

@Suite struct ConversationReaderTests {
    private func read(_ text: String, _ format: ConversationFormat = .auto) throws -> TrainingConversation {
        try ConversationReader(format: format).read(try JSONValue.parse(text))
    }

    /// What reading says is wrong; empty where nothing is.
    private func problem(_ text: String, _ format: ConversationFormat = .auto) -> String {
        do {
            _ = try read(text, format)
            return ""
        } catch { return "\(error)" }
    }

    static let search = ToolDescription(
        name: "search", description: "Searches.",
        parameters: ["type": "object", "properties": ["q": ["type": "string"]]])

    static let messages = [
        Message(role: .system, content: "Be brief."), Message(role: .user, content: "Who?"),
        Message(
            role: .assistant, content: "I look.", toolCalls: [ToolCall(name: "search", arguments: ["q": "who"])]),
        Message(role: .tool, content: "Ada.", name: "search"), Message(role: .assistant, content: "Ada"),
    ]

    // MARK: Forms

    @Test func openAIMessagesWithToolsAreRead() throws {
        let text = """
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Who?"},
             {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function",
              "function":{"name":"search","arguments":"{\\"q\\": \\"who\\"}"}}]},
             {"role":"tool","tool_call_id":"c1","name":"search","content":"Ada."},
             {"role":"assistant","content":"Ada","weight":1}],
             "tools":[{"type":"function","function":{"name":"search","description":"Searches.","strict":true,
              "parameters":{"type":"object","properties":{"q":{"type":"string"}}}}}],"id":7}
            """
        var expected = Self.messages
        expected[2].toolCalls = [ToolCall(name: "search", arguments: "{\"q\": \"who\"}", id: "c1")]
        expected[3].toolCallID = "c1"
        #expect(try read(text) == TrainingConversation(messages: expected, tools: [Self.search]))
        #expect(try read(text, .messages) == read(text))
    }

    @Test func contentMayBeNullBesideCallsAndMayHaveParts() throws {
        let text = """
            {"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
             {"role":"assistant","content":null,"tool_calls":[{"function":{"name":"f","arguments":{}}}]}]}
            """
        let read = try read(text)
        #expect(read.messages.map(\.content) == ["ab", ""])
        #expect(read.messages[1].toolCalls == [ToolCall(name: "f", arguments: [:])])
    }

    @Test func shareGPTWithToolsIsRead() throws {
        let text = """
            {"conversations":[{"from":"human","value":"Who?"},
             {"from":"function_call","value":"I look.{\\"name\\": \\"search\\", \\"arguments\\": {\\"q\\": \\"who\\"}}"},
             {"from":"observation","value":"Ada."},{"from":"gpt","value":"Ada"}],
             "system":"Be brief.","tools":"[{\\"name\\":\\"search\\",\\"description\\":\\"Searches.\\",\\"parameters\\":{\\"type\\":\\"object\\",\\"properties\\":{\\"q\\":{\\"type\\":\\"string\\"}}}}]"}
            """
        #expect(try read(text) == TrainingConversation(messages: Self.messages, tools: [Self.search]))
    }

    @Test(arguments: [
        ("user", Message.Role.user), ("human", .user), ("assistant", .assistant), ("gpt", .assistant),
        ("system", .system), ("tool", .tool), ("observation", .tool),
    ])
    func sidesHaveSeveralNames(from: String, role: Message.Role) throws {
        let text = "{\"conversations\":[{\"from\":\"\(from)\",\"value\":\"x\"}]}"
        #expect(try read(text).messages == [Message(role: role, content: "x")])
    }

    @Test func oneTurnMayCallSeveralToolsAfterThinking() throws {
        let value =
            #"<think>\n{not a call}\n</think>\n\n[{\"name\":\"f\",\"arguments\":{}},{\"name\":\"g\",\"arguments\":{\"x\":[1]}}]"#
        let read = try read(
            "{\"conversations\":[{\"from\":\"function_call\",\"value\":\"\(value)\"},{\"from\":\"observation\",\"value\":\"r\"}]}"
        )
        #expect(read.messages[0].content == "<think>\n{not a call}\n</think>\n\n")
        #expect(
            read.messages[0].toolCalls == [
                ToolCall(name: "f", arguments: [:]), ToolCall(name: "g", arguments: ["x": [1]]),
            ])
        #expect(read.messages[1].name == nil, "it answers two tools")
    }

    @Test(arguments: [
        #"{"prompt":"Who?","completion":"Ada"}"#,
        #"{"prompt":[{"role":"user","content":"Who?"}],"completion":[{"role":"assistant","content":"Ada"}]}"#,
        #"{"prompt":"Who?","completion":{"role":"assistant","content":"Ada"},"extra":1}"#,
    ])
    func onlyTheCompletionIsLearned(text: String) throws {
        let expected = TrainingConversation(
            messages: [Message(role: .user, content: "Who?"), Message(role: .assistant, content: "Ada")],
            mayBeLearned: [false, true])
        #expect(try read(text) == expected)
        #expect(try read(text, .promptCompletion) == expected)
    }

    @Test func theAssistantsPartOfAPromptIsNotLearned() throws {
        let text = """
            {"prompt":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}],
             "completion":"d"}
            """
        #expect(try read(text).mayBeLearned == [false, false, false, true])
    }

    @Test func aWeightOfZeroForbidsLearning() throws {
        let text = """
            {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","weight":0},
             {"role":"user","content":"c"},{"role":"assistant","content":"d","weight":1}]}
            """
        #expect(try read(text).mayBeLearned == [true, false, true, true])
    }

    // MARK: The tool's own rows

    @Test func rowsOfSynthesizeAreRead() throws {
        var example = DatasetExampleTests.example()
        example.weights = [0, 0, 0, 0, 0, 1]
        let read = try read(example.json(tools: DatasetExampleTests.tools).text)
        #expect(read.messages == example.messages)
        #expect(read.mayBeLearned == [true, true, false, true, true, true])
        #expect(read.tools.map(\.json) == DatasetExampleTests.tools)
    }

    /// The exports say thinking as text, which the chat format reads again.
    @Test func exportsForOtherTrainersAreRead() throws {
        let example = DatasetExampleTests.example()
        let openAI = try read(DatasetExports.openAI(example, tools: DatasetExampleTests.tools).text)
        #expect(openAI.messages.map(\.role) == example.messages.map(\.role))
        #expect(openAI.messages[2].content == "<think>\nFind it.\n</think>\n\n")
        #expect(openAI.messages[2].toolCalls.map(\.id) == ["call_1", "call_2"])
        let shareGPT = try read(DatasetExports.shareGPT(example, tools: DatasetExampleTests.tools).text)
        #expect(shareGPT.messages.map(\.role) == [.system, .user, .assistant, .tool, .assistant])
        #expect(shareGPT.messages[2].toolCalls.map(\.arguments) == example.messages[2].toolCalls.map(\.arguments))
        #expect(shareGPT.messages[4].content == "<think>\nFound.\n</think>\n\n<answer>c</answer>")
        #expect(shareGPT.tools == openAI.tools)
    }

    // MARK: Problems

    struct Fault: Sendable, CustomTestStringConvertible {
        var line: String
        var format = ConversationFormat.auto
        /// Parts of the message.
        var says: [String]
        var testDescription: String { line }
    }

    static let faults = [
        Fault(line: "[]", says: ["JSON value should be an object that holds a conversation, but is an array"]),
        Fault(line: "{}", says: ["`messages`, `conversations`, or `prompt` and `completion`", "an empty object"]),
        Fault(line: #"{"text":"x","id":1}"#, says: ["an object with `text`, `id`"]),
        Fault(line: #"{"prompt":"x"}"#, says: ["an object with `prompt`"]),
        Fault(
            line: #"{"messages":[],"conversations":[]}"#, says: ["in one form", "with `messages`, `conversations`"]),
        Fault(line: #"{"messages":[]}"#, says: ["`messages` should be messages, but is an empty array"]),
        Fault(line: #"{"messages":"x"}"#, says: ["`messages` should be an array, but is a string"]),
        Fault(line: #"{"conversations":[{"from":"gpt","value":"x"}]}"#, format: .messages, says: ["`messages`"]),
        Fault(
            line: #"{"messages":[{"role":"user","content":"x"},{"role":"bot","content":"x"}]}"#,
            says: ["`messages[1].role` should be one of", "but is `bot`"]),
        Fault(line: #"{"messages":[{"role":"user"}]}"#, says: ["`messages[0].content`"]),
        Fault(
            line: #"{"messages":[{"role":"assistant","content":null,"function_call":{"name":"f"}}]}"#,
            says: ["`messages[0].function_call` should be calls in `tool_calls`"]),
        Fault(
            line:
                #"{"messages":[{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":3}}]}]}"#,
            says: ["`messages[0].tool_calls[0].function.arguments` should be an object"]),
        Fault(
            line: #"{"messages":[{"role":"assistant","content":"x","weight":0.5}]}"#,
            says: ["`messages[0].weight` should be 0 or 1, but is 0.5"]),
        Fault(
            line: #"{"messages":[{"role":"user","content":"x"}],"weights":[1,1]}"#,
            says: ["`weights` should be 1 numbers, one for each message, but is 2"]),
        Fault(
            line: #"{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function"}]}"#,
            says: ["`tools[0].name` should be a string"]),
        Fault(
            line: #"{"messages":[{"role":"user","content":"x"}],"tools":"{"}"#,
            says: ["`tools` should be a list of tools"]),
        Fault(
            line: #"{"conversations":[{"from":"humann","value":"x"}]}"#,
            says: ["`conversations[0].from`", "did you mean `human`?", "but is `humann`"]),
        Fault(
            line: #"{"conversations":[{"from":"gpt","value":3}]}"#,
            says: ["`conversations[0].value` should be a string"]),
        Fault(
            line: #"{"conversations":[{"from":"function_call","value":"search for it"}]}"#,
            says: ["`conversations[0].value` should be a call as JSON", "but is `search for it`"]),
        Fault(
            line: #"{"conversations":[{"from":"function_call","value":"{\"name\":\"f\"}"}]}"#,
            says: ["`conversations[0].value.arguments` should be an object"]),
        Fault(line: #"{"prompt":3,"completion":"x"}"#, says: ["`prompt` should be a text or a list of messages"]),
        Fault(line: #"{"prompt":"x","completion":[{"role":"x","content":""}]}"#, says: ["`completion[0].role`"]),
    ]

    @Test(arguments: faults) func aFaultIsNamedWithItsPlace(fault: Fault) {
        let text = problem(fault.line, fault.format)
        for part in fault.says { #expect(text.contains(part), "\(text)") }
    }
}
