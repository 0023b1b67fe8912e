import Primitives
import Tokenizers

/// Reads the ShareGPT form with tools.
///
/// Sides are `human`, `gpt`, `system`, `function_call` and `observation`, or the names that other data sets have for them.
/// A `function_call` is one call or a list of calls as JSON, after text that the assistant may have written before it; an
/// `observation` answers the calls before it.
enum ShareGPTReader {
    private enum Side {
        case system, user, assistant, call, observation
    }

    private static let sides: [String: Side] = [
        "system": .system, "human": .user, "user": .user, "gpt": .assistant, "assistant": .assistant,
        "chatgpt": .assistant, "model": .assistant, "function_call": .call, "tool_call": .call,
        "observation": .observation, "tool": .observation, "function_response": .observation,
        "tool_response": .observation,
    ]

    static func read(_ json: JSONValue) throws(JSONError) -> TrainingConversation {
        let turns = try json.array(at: "conversations")
        guard !turns.isEmpty else {
            throw .unexpected(path: "conversations", expected: "turns", found: "an empty array")
        }
        var (messages, mayBeLearned): ([Message], [Bool]) = ([], [])
        if let system = json["system"], !system.isNull, system.stringValue?.isEmpty != true {
            messages.append(Message(role: .system, content: try json.string(at: "system")))
            mayBeLearned.append(true)
        }
        for (index, turn) in turns.enumerated() {
            do throws(JSONError) {
                messages.append(try message(turn, after: messages.last))
                mayBeLearned.append(try ConversationReader.weight(of: turn) != 0)
            } catch {
                throw error.within("conversations[\(index)]")
            }
        }
        return TrainingConversation(
            messages: messages, tools: try ToolDefinitionReader.tools(json), mayBeLearned: mayBeLearned)
    }

    private static func message(_ turn: JSONValue, after previous: Message?) throws(JSONError) -> Message {
        let from = try turn.string(at: "from")
        guard let side = sides[from] else {
            let hint = NearestName.of(from, in: sides.keys.sorted()).map { " (did you mean `\($0)`?)" } ?? ""
            throw .unexpected(
                path: "from", expected: "human, gpt, system, function_call or observation" + hint, found: "`\(from)`")
        }
        let value = try turn.string(at: "value")
        switch side {
        case .system: return Message(role: .system, content: value)
        case .user: return Message(role: .user, content: value)
        case .assistant: return Message(role: .assistant, content: value)
        case .call:
            let (text, calls) = try calls(value)
            return Message(role: .assistant, content: text, toolCalls: calls)
        case .observation:
            // One text answers all calls of a turn, so that it has a tool's name only where that is certain.
            let name = previous?.toolCalls.count == 1 ? previous?.toolCalls.first?.name : nil
            return Message(role: .tool, content: value, name: name)
        }
    }

    /// The text before the calls, and the calls: the rest of the value from the first `{` or `[` on that is JSON.
    private static func calls(_ value: String) throws(JSONError) -> (text: String, calls: [ToolCall]) {
        let bytes = Array(value.utf8)
        let ends = (value.firstRange(of: "</think>")?.upperBound).map {
            value.utf8.distance(from: value.startIndex, to: $0)
        }
        let starts = bytes.indices.dropFirst(ends ?? 0).filter {
            [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(bytes[$0])
        }
        for start in starts {
            guard let json = try? JSONValue.parse(Array(bytes[start...])) else { continue }
            var calls: [ToolCall] = []
            for element in json.arrayValue ?? [json] { calls.append(try call(element)) }
            guard !calls.isEmpty else { break }
            return (String(decoding: bytes[..<start], as: UTF8.self), calls)
        }
        throw .unexpected(
            path: "value", expected: "a call as JSON, `{\"name\": …, \"arguments\": {…}}`, or a list of calls",
            found: "`\(value.prefix(60))`")
    }

    private static func call(_ json: JSONValue) throws(JSONError) -> ToolCall {
        do throws(JSONError) {
            let name = try json.string(at: "name")
            if let text = json["arguments"]?.stringValue { return ToolCall(name: name, arguments: .string(text)) }
            return ToolCall(name: name, arguments: .object(try json.object(at: "arguments")))
        } catch {
            throw error.within("value")
        }
    }
}
