import Primitives
import Tokenizers

/// Reads one line of a data set of conversations.
///
/// Texts are taken as they are, thinking in `<think>` tags at the start of an assistant's included: the model's chat format
/// knows what it means there. Members that no form knows are ignored.
public struct ConversationReader: Sendable {
    public let format: ConversationFormat

    public init(format: ConversationFormat = .auto) { self.format = format }

    /// - Throws: ``JSONError/unexpected(path:expected:found:)`` with the path inside the line.
    public func read(_ json: JSONValue) throws(JSONError) -> TrainingConversation {
        guard json.objectValue != nil else {
            throw .unexpected(path: "", expected: "an object that holds a conversation", found: json.kind)
        }
        switch try format == .auto ? Self.format(of: json) : format {
        case .auto, .messages: return try Self.messages(json)
        case .shareGPT: return try ShareGPTReader.read(json)
        case .promptCompletion: return try Self.promptCompletion(json)
        }
    }

    private static func format(of json: JSONValue) throws(JSONError) -> ConversationFormat {
        let found = ConversationFormat.allCases.filter { format in
            !format.members.isEmpty && format.members.allSatisfy { json[$0] != nil }
        }
        if found.count == 1 { return found[0] }
        let names = json.objectValue?.members.map { "`\($0.key)`" }.joined(separator: ", ") ?? ""
        throw .unexpected(
            path: "", expected: "a conversation in one form: `messages`, `conversations`, or `prompt` and `completion`",
            found: names.isEmpty ? "an empty object" : "an object with \(names)")
    }

    // MARK: Messages

    private static func messages(_ json: JSONValue) throws(JSONError) -> TrainingConversation {
        var (messages, mayBeLearned) = try self.messages(at: "messages", of: json)
        // The rows that `synthesize` writes have the weights of all messages in one list.
        if let weights = json["weights"], !weights.isNull {
            let weights = try json.floats(at: "weights")
            guard weights.count == messages.count else {
                throw .unexpected(
                    path: "weights", expected: "\(messages.count) numbers, one for each message",
                    found: "\(weights.count)")
            }
            // There all but the assistant's messages weigh nothing, which says no more than the usual mask.
            for (index, weight) in weights.enumerated() where messages[index].role == .assistant {
                mayBeLearned[index] = mayBeLearned[index] && weight != 0
            }
        }
        return TrainingConversation(
            messages: messages, tools: try ToolDefinitionReader.tools(json), mayBeLearned: mayBeLearned)
    }

    private static func messages(
        at key: String, of json: JSONValue
    ) throws(JSONError) -> (messages: [Message], mayBeLearned: [Bool]) {
        let elements = try json.array(at: key)
        guard !elements.isEmpty else { throw .unexpected(path: key, expected: "messages", found: "an empty array") }
        var (messages, mayBeLearned): ([Message], [Bool]) = ([], [])
        for (index, element) in elements.enumerated() {
            do throws(JSONError) {
                messages.append(try message(element))
                mayBeLearned.append(try weight(of: element) != 0)
            } catch {
                throw error.within("\(key)[\(index)]")
            }
        }
        return (messages, mayBeLearned)
    }

    private static func message(_ json: JSONValue) throws(JSONError) -> Message {
        if let call = json["function_call"], !call.isNull {
            throw .unexpected(
                path: "function_call", expected: "calls in `tool_calls`", found: "the older form of one call")
        }
        return try Message(json: json)
    }

    /// OpenAI's weight of an assistant's message; 1 where none is given.
    static func weight(of json: JSONValue) throws(JSONError) -> Double {
        guard let weight = json["weight"], !weight.isNull else { return 1 }
        let value = try json.double(at: "weight")
        guard value == 0 || value == 1 else {
            throw .unexpected(path: "weight", expected: "0 or 1", found: weight.text)
        }
        return value
    }

    // MARK: Prompt and completion

    private static func promptCompletion(_ json: JSONValue) throws(JSONError) -> TrainingConversation {
        let prompt = try side("prompt", .user, of: json)
        let completion = try side("completion", .assistant, of: json)
        return TrainingConversation(
            messages: prompt.messages + completion.messages, tools: try ToolDefinitionReader.tools(json),
            mayBeLearned: prompt.messages.map { _ in false } + completion.mayBeLearned)
    }

    /// A text is one message of the role; a message may stand for a list of one.
    private static func side(
        _ key: String, _ role: Message.Role, of json: JSONValue
    ) throws(JSONError) -> (messages: [Message], mayBeLearned: [Bool]) {
        switch json[key] {
        case .string(let text): return ([Message(role: role, content: text)], [true])
        case .array: return try messages(at: key, of: json)
        case .object(let object):
            do throws(JSONError) {
                let json = JSONValue.object(object)
                return ([try message(json)], [try weight(of: json) != 0])
            } catch {
                throw error.within(key)
            }
        case let other:
            throw .unexpected(path: key, expected: "a text or a list of messages", found: other?.kind ?? "missing")
        }
    }
}
