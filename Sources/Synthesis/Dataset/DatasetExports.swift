import Primitives

/// A data set's conversations in the formats of other trainers.
public enum DatasetExports {
    /// OpenAI's fine-tuning format: arguments as text, a weight of 0 or 1 on assistant messages, and the tools. Thinking has no
    /// place of its own there and stands in `<think>` tags at the start of the content.
    public static func openAI(_ example: DatasetExample, tools: [JSONValue]) -> JSONValue {
        let isParallel = example.messages.contains { $0.toolCalls.count > 1 }
        let messages = zip(example.messages, example.weights).map { message, weight -> JSONValue in
            var object: JSONObject = ["role": .string(message.role.rawValue)]
            let text = thinking(message) + message.content
            object["content"] = text.isEmpty && !message.toolCalls.isEmpty ? .null : .string(text)
            if !message.toolCalls.isEmpty {
                object["tool_calls"] = .array(
                    message.toolCalls.map { call in
                        [
                            "id": .string(call.id ?? ""), "type": "function",
                            "function": [
                                "name": .string(call.name),
                                "arguments": .string(call.arguments.stringValue ?? call.arguments.text),
                            ],
                        ]
                    })
            }
            if let id = message.toolCallID { object["tool_call_id"] = .string(id) }
            if message.role == .assistant { object["weight"] = weight > 0 ? 1 : 0 }
            return .object(object)
        }
        return ["messages": .array(messages), "tools": .array(tools), "parallel_tool_calls": .bool(isParallel)]
    }

    /// The ShareGPT form with tools (`human`, `function_call`, `observation`, `gpt`), as LLaMA-Factory reads it: sides
    /// alternate, so the calls of one turn are one entry, and so are their responses.
    public static func shareGPT(_ example: DatasetExample, tools: [JSONValue]) -> JSONValue {
        var turns: [JSONValue] = []
        var observations: [String] = []
        func entry(_ side: String, _ text: String) -> JSONValue { ["from": .string(side), "value": .string(text)] }
        func closeObservations() {
            guard !observations.isEmpty else { return }
            turns.append(entry("observation", observations.joined(separator: "\n\n")))
            observations = []
        }
        for message in example.messages {
            if message.role == .tool {
                observations.append(message.content)
                continue
            }
            closeObservations()
            switch message.role {
            case .user: turns.append(entry("human", message.content))
            case .assistant where message.toolCalls.isEmpty:
                turns.append(entry("gpt", thinking(message) + message.content))
            case .assistant:
                let calls = message.toolCalls.map { call -> JSONValue in
                    ["name": .string(call.name), "arguments": call.arguments]
                }
                let value = calls.count == 1 ? calls[0] : .array(calls)
                turns.append(entry("function_call", thinking(message) + value.text))
            case .system, .developer, .tool: break
            }
        }
        closeObservations()
        var object: JSONObject = ["conversations": .array(turns)]
        if let system = example.messages.first(where: { $0.role == .system }) {
            object["system"] = .string(system.content)
        }
        object["tools"] = .string(JSONValue.array(tools.map { $0["function"] ?? $0 }).text)
        return .object(object)
    }

    private static func thinking(_ message: Message) -> String {
        message.thinking.map { "<think>\n\($0)\n</think>\n\n" } ?? ""
    }
}
