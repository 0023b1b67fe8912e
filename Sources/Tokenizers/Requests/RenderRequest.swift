import Primitives

/// One line of `medresearcher render`: a conversation, its tools and how to render them.
public struct RenderRequest: Sendable {
    private let id: JSONValue?
    private let messages: [Message]
    private let tools: [JSONValue]
    private let addsGenerationPrompt: Bool
    public let options: RendererOptions

    /// Reads `{"id"?, "messages", "tools"?, "options"?}`. Other members are ignored.
    ///
    /// - Parameter defaults: what `options` does not say.
    /// - Throws: ``JSONError`` with the path of what is wrong.
    public init(json: JSONValue, defaults: RendererOptions) throws(JSONError) {
        id = json["id"]
        var messages: [Message] = []
        for (index, element) in try json.array(at: "messages").enumerated() {
            do throws(JSONError) {
                messages.append(try Self.message(element))
            } catch {
                throw error.within("messages[\(index)]")
            }
        }
        self.messages = messages
        let hasTools = json["tools"].map { !$0.isNull } ?? false
        tools = hasTools ? try json.array(at: "tools") : []
        for (index, tool) in tools.enumerated() where tool.objectValue == nil {
            throw .unexpected(path: "tools[\(index)]", expected: "an object that describes a tool", found: tool.kind)
        }
        var options = defaults
        var addsGenerationPrompt = false
        if let given = json["options"], !given.isNull {
            do throws(JSONError) {
                addsGenerationPrompt = try options.read(given)
            } catch {
                throw error.within("options")
            }
        }
        self.options = options
        self.addsGenerationPrompt = addsGenerationPrompt
    }

    /// What only files of conversations hold: content that is `null`, of which every template makes something else, and
    /// the system message of gpt-oss, which tinker-cookbook writes under a role of its own.
    private static func message(_ json: JSONValue) throws(JSONError) -> Message {
        guard var object = json.objectValue else { return try Message(json: json) }
        let systemRole = "_gptoss_internal_system"
        if object["role"]?.stringValue == systemRole {
            object["role"] = "system"
            object["name"] = .string(systemRole)
        }
        let isContentNull = object["content"]?.isNull ?? false
        if isContentNull { object["content"] = "" }
        var message = try Message(json: .object(object))
        message.isContentNull = isContentNull
        return message
    }

    /// `{"id"?, "rendered", "ids", "assistant_token_ranges", "stop"}`.
    public func answer(by renderer: any ChatRenderer) throws(TokenizerError) -> JSONValue {
        let rendered = try renderer.render(messages, tools: tools, addsGenerationPrompt: addsGenerationPrompt)
        var object: JSONObject = id.map { ["id": $0] } ?? [:]
        object["rendered"] = .string(rendered.text)
        let (tokens, ranges) = rendered.tokensAndAssistantRanges(messages)
        object["ids"] = .tokens(tokens)
        object["assistant_token_ranges"] = .array(
            ranges.map { [.integer($0.lowerBound), .integer($0.upperBound)] })
        let stop = renderer.stop
        object["stop"] = .array(stop.tokens.map { .integer(Int64($0)) } + stop.texts.map { .string($0) })
        return .object(object)
    }
}
