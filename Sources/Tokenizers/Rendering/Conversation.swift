import Primitives

/// A conversation with the policy whose tokens grow by what was sampled and by new messages, and are never decoded and
/// encoded again.
///
/// The next prompt is the last one, then the sampled ids, an end of turn if the policy did not write it, and the encoding
/// of what the format writes from there on. That is sound only if the format, asked for the longer conversation, still
/// says the same about everything before; ``append(_:)`` proves it each time (``ConversationGrowth``). Where the proof
/// fails a new sequence is begun with a full rendering, which is right but costs a datum of its own. The README of this
/// room says which formats extend when.
public struct Conversation: Sendable {
    /// How a conversation went on.
    public enum Growth: Sendable, Hashable {
        /// The tokens were extended by these.
        case extended([TokenID])
        /// The tokens are those of a full rendering, for this reason.
        case restarted(String)
    }

    public let renderer: any ChatRenderer
    public let tools: [JSONValue]
    public private(set) var messages: [Message]
    /// The present sequence: a prompt, then turns and observations in turn.
    public private(set) var tokens: [TokenID]
    /// What the policy is asked to go on from.
    private var prompt: RenderedConversation
    /// The last turn, while nothing has followed it.
    private var turn: (sampled: [TokenID], parsed: ParsedTurn)?
    private let framing: FramingTokens

    /// - Parameter tools: each in the form of ``ToolDescription/json``.
    /// - Throws: also when the renderer knows nothing that ends a turn, since the policy would never be stopped.
    public init(
        renderer: any ChatRenderer, messages: [Message], tools: [JSONValue] = []
    ) throws(TokenizerError) {
        if renderer.stop.tokens.isEmpty && renderer.stop.texts.isEmpty { throw .noStop(renderer: renderer.name) }
        self.renderer = renderer
        self.tools = tools
        self.messages = messages
        framing = FramingTokens(renderer.tokenizer)
        prompt = try renderer.render(messages, tools: tools, addsGenerationPrompt: true)
        tokens = prompt.tokens
    }

    /// Appends what the policy wrote after ``tokens``, and reads it.
    public mutating func append(sampled: [TokenID]) -> ParsedTurn {
        precondition(turn == nil, "a turn of the policy follows a prompt")
        let parsed = renderer.parse(sampled)
        tokens += sampled
        messages.append(parsed.message)
        turn = (sampled, parsed)
        return parsed
    }

    /// Appends messages of others, and what the policy is given to begin its next turn with.
    ///
    /// A policy can write what its format cannot say again, such as thinking and a preamble before one call of gpt-oss.
    /// The conversation then goes on with a full rendering of the nearest turn that can be said, and ``messages`` hold
    /// that one.
    ///
    /// - Throws: when the format cannot say the new messages, or when it cannot be told where in a template's text the
    ///   policy's turn is.
    public mutating func append(_ newMessages: [Message]) throws(TokenizerError) -> Growth {
        guard let turn else {
            prompt = try renderer.render(messages + newMessages, tools: tools, addsGenerationPrompt: true)
            messages += newMessages
            tokens = prompt.tokens
            return .restarted("nothing was sampled after the last prompt")
        }
        let index = messages.count - 1
        let next = try following(turn.parsed.message, newMessages)
        let growth: Growth
        if let change = next.change {
            growth = .restarted(change)
        } else {
            growth =
                ConversationGrowth(
                    renderer: renderer, framing: framing, prompt: prompt, next: next.rendered, index: index,
                    sampled: turn.sampled, turn: turn.parsed
                ).growth
        }
        switch growth {
        case .extended(let appended): tokens += appended
        case .restarted: tokens = next.rendered.tokens
        }
        messages = next.messages
        prompt = next.rendered
        self.turn = nil
        return growth
    }

    /// The conversation with new messages after the policy's `turn`.
    ///
    /// - Returns: as `change`, how it differs from what was asked for because the format cannot say that.
    private func following(
        _ turn: Message, _ newMessages: [Message]
    ) throws(TokenizerError) -> (messages: [Message], rendered: RenderedConversation, change: String?) {
        let earlier = messages.dropLast()
        func attempt(
            _ turn: Message, _ newMessages: [Message]
        ) throws(TokenizerError) -> (messages: [Message], rendered: RenderedConversation, unplaced: TokenizerError?) {
            let messages = Array(earlier + [turn] + newMessages)
            let (rendered, unplaced) = try renderer.continuation(messages, tools: tools, after: earlier.count)
            return (messages, rendered, unplaced)
        }
        var next: (messages: [Message], rendered: RenderedConversation, unplaced: TokenizerError?)
        var change: String?
        do throws(TokenizerError) {
            next = try attempt(turn, newMessages)
        } catch {
            // Whatever the policy writes, its episode goes on; what others say must be sayable.
            let refusal = error
            let substitute = Self.substitutes(for: turn, newMessages).lazy.compactMap { substitute in
                (try? attempt(substitute.turn, substitute.newMessages)).map { ($0, substitute.change) }
            }.first
            guard let substitute else { throw refusal }
            next = substitute.0
            change = "\(refusal); the conversation goes on \(substitute.1)"
        }
        if let unplaced = next.unplaced { throw unplaced }
        return (next.messages, next.rendered, change)
    }

    /// Turns, and messages after them, that say less than `turn` does, and what is missing in them.
    private static func substitutes(
        for turn: Message, _ newMessages: [Message]
    ) -> [(turn: Message, newMessages: [Message], change: String)] {
        var turns: [(Message, String)] = []
        func add(_ change: String, _ edit: (inout Message) -> Void) {
            var message = turn
            edit(&message)
            if message != turn { turns.append((message, change)) }
        }
        add("without the turn's thinking") { $0.thinking = nil }
        if !turn.toolCalls.isEmpty { add("without the text beside the turn's tool calls") { $0.content = "" } }
        if !turn.toolCalls.isEmpty {
            add("with the turn's tool calls alone") { ($0.thinking, $0.content) = (nil, "") }
        }
        add("with an empty turn") { $0 = Message(role: .assistant, content: "") }
        var result = turns.map { ($0.0, newMessages, $0.1) }
        // What is said about calls that could not be read is no tool's answer.
        if turn.toolCalls.isEmpty, newMessages.contains(where: { $0.role == .tool }) {
            let asUser = newMessages.map { message in
                message.role == .tool ? Message(role: .user, content: message.content) : message
            }
            result.append((turn, asUser, "with the user in the place of tools that were not called"))
            result += turns.map {
                ($0.0, asUser, $0.1 + ", and with the user in the place of tools that were not called")
            }
        }
        return result
    }
}
