import Primitives

/// A conversation with the policy whose tokens grow by what was sampled and by new messages, and are never decoded and
/// encoded again.
///
/// The next prompt is the last one, then the sampled ids, an end of turn if the policy did not write it, and the encoding
/// of what the format writes from there on. That is sound only if the format, asked for the longer conversation, still
/// says the same about everything before; ``append(_:)`` proves it each time:
///
/// 1. the rendering of the last prompt is the beginning of the new rendering, to the byte and control token;
/// 2. what the new rendering makes of the policy's turn reads as the message that the policy wrote (Qwen3, for one, drops
///    the thinking of earlier turns);
/// 3. the new rendering ends that turn with the token with which the policy ended it.
///
/// Where one of them fails a new sequence is begun with a full rendering, which is right but costs a datum of its own.
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

    /// - Parameter tools: each in the form of ``ToolDescription/json``.
    /// - Throws: also when the renderer knows nothing that ends a turn, since the policy would never be stopped.
    public init(
        renderer: any ChatRenderer, messages: [Message], tools: [JSONValue] = []
    ) throws(TokenizerError) {
        if renderer.stop.tokens.isEmpty && renderer.stop.texts.isEmpty { throw .noStop(renderer: renderer.name) }
        self.renderer = renderer
        self.tools = tools
        self.messages = messages
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
    public mutating func append(_ newMessages: [Message]) throws(TokenizerError) -> Growth {
        let conversation = messages + newMessages
        if turn != nil, let why = try renderer.unplaced(conversation, tools: tools)[messages.count - 1] { throw why }
        let next = try renderer.render(conversation, tools: tools, addsGenerationPrompt: true)
        let growth: Growth
        switch extending(to: next) {
        case .success(let appended):
            tokens += appended
            growth = .extended(appended)
        case .failure(let obstacle):
            tokens = next.tokens
            growth = .restarted(obstacle.reason)
        }
        messages = conversation
        prompt = next
        turn = nil
        return growth
    }

    private struct Obstacle: Error {
        var reason: String
    }

    /// What to append to the tokens so that they stand for `next`.
    private func extending(to next: RenderedConversation) -> Result<[TokenID], Obstacle> {
        func restart(_ reason: String) -> Result<[TokenID], Obstacle> { .failure(Obstacle(reason: reason)) }
        guard let turn else { return restart("nothing was sampled after the last prompt") }
        let index = messages.count - 1
        let written = next.segments.indices.filter { next.segments[$0].place == .output(index) }
        guard let first = written.first, let last = written.last else {
            return restart(
                "the \(renderer.name) renderer writes nothing for the policy's turn, or cannot tell where it is")
        }
        guard next.signature(..<first).starts(with: prompt.signature(0...)) else {
            return restart("the \(renderer.name) renderer renders earlier messages otherwise once others follow")
        }
        let history = renderer.parse(next.placedTokens(first...last).tokens)
        guard history.message == turn.parsed.message else {
            return restart("the \(renderer.name) renderer does not keep what the policy wrote in its history")
        }
        var appended: [TokenID] = []
        if case .control(let end, let name) = next.segments[last].content, turn.sampled.last != end {
            if let ending = turn.sampled.last,
                let token = renderer.tokenizer.addedTokens.first(where: { $0.id == ending && $0.isSpecial })
            {
                return restart("the policy ended its turn with \(token.content) where history has \(name)")
            }
            appended.append(end)
        }
        var rest = last + 1
        let sampledText = ByteText(renderer.tokenizer.decode(turn.sampled))
        if let stop = renderer.stop.texts.first(where: { sampledText.hasSuffix(ByteText($0)) }) {
            // The policy has already written some of the framing.
            guard let first = next.firstSegment(after: index, endedBy: stop) else {
                return restart("the next message does not begin with the text that ended the policy's turn")
            }
            rest = first
        }
        return .success(appended + next.placedTokens(rest...).tokens)
    }
}
