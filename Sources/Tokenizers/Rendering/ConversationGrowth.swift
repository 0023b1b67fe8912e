import Primitives

/// The proof that a conversation may go on from the tokens that it has, and what to append to them.
///
/// `next` is what the format says about the conversation with the messages after the policy's turn. What stands there
/// between the prompt and the end of that turn is called the history of the turn below.
///
/// 1. `next` begins with the prompt, to the byte and the control token.
/// 2. The history of the turn reads as the message that the policy wrote: nothing of it is dropped, moved or trimmed.
/// 3. The policy wrote the same framing tokens as its history has (``FramingTokens``), so that no part of its turn
///    passes for another turn, and the turn ends as history ends it. A turn of several messages (harmony) is besides
///    well formed.
///
/// Within these bounds the policy's own tokens may differ from its history: a merge that encoding would not make, the
/// white space of its JSON, a tool call that is malformed.
struct ConversationGrowth {
    let renderer: any ChatRenderer
    let framing: FramingTokens
    let prompt: RenderedConversation
    let next: RenderedConversation
    /// The index of the turn's message.
    let index: Int
    let sampled: [TokenID]
    let turn: ParsedTurn

    private struct Obstacle: Error {
        var reason: String
    }

    var growth: Conversation.Growth {
        do throws(Obstacle) { return .extended(try appended()) } catch { return .restarted(error.reason) }
    }

    private func appended() throws(Obstacle) -> [TokenID] {
        guard let last = next.segments.lastIndex(where: { $0.place == .output(index) }) else {
            throw Obstacle(reason: "the \(renderer.name) renderer writes nothing for the policy's turn")
        }
        let difference: RenderedConversation.Position
        switch next.position(after: prompt) {
        case .success(let start):
            guard start.segment <= last else {
                throw Obstacle(reason: "the \(renderer.name) renderer writes nothing for the policy's turn")
            }
            return try appended(from: start, last: last)
        case .failure(let mismatch): difference = mismatch.position
        }
        throw Obstacle(
            reason: "the \(renderer.name) renderer renders the prompt otherwise once other messages follow: "
                + next.excerpt(at: difference) + " where the prompt went on otherwise")
    }

    private func appended(
        from start: RenderedConversation.Position, last: Int
    ) throws(Obstacle) -> [TokenID] {
        let history = next.segments(from: start, through: last)
        let written = RenderedEncoder(renderer.tokenizer).encode(history[...]).tokens
        try requireSameMessage(renderer.parse(written).message)
        guard case .control(let end, let name) = next.segments[last].content else {
            try requireSameFraming(sampled, written)
            return try appendedToText(history, from: start, last: last)
        }
        var appended: [TokenID] = []
        if sampled.last != end {
            if let ending = sampled.last.flatMap({ framing.name(of: $0) }) {
                throw Obstacle(reason: "the policy ended its turn with \(ending) where history has \(name)")
            }
            appended.append(end)
        }
        try requireSameFraming(sampled + appended, written)
        return appended + next.placedTokens((last + 1)...).tokens
    }

    private func requireSameMessage(_ message: Message) throws(Obstacle) {
        guard message != turn.message else { return }
        let part =
            if message.thinking != turn.message.thinking {
                message.thinking == nil || turn.message.thinking != nil
                    ? "the thinking that the policy wrote" : "a turn without thinking as it is"
            } else if message.toolCalls != turn.message.toolCalls {
                "the tool calls that the policy wrote"
            } else {
                "the text that the policy wrote"
            }
        throw Obstacle(reason: "the \(renderer.name) renderer does not keep \(part) in its history")
    }

    private func requireSameFraming(_ sampled: [TokenID], _ history: [TokenID]) throws(Obstacle) {
        let written = framing.among(sampled)
        let expected = framing.among(history)
        guard written == expected else {
            let place =
                zip(written, expected).enumerated().first { $1.0 != $1.1 }?.offset
                ?? min(written.count, expected.count)
            func name(_ tokens: [TokenID]) -> String {
                let token = tokens.indices.contains(place) ? framing.name(of: tokens[place]) : nil
                return token ?? "no control token"
            }
            throw Obstacle(
                reason: "the policy wrote \(name(written)) in its turn where history has \(name(expected))")
        }
        // Between control tokens inside a turn stand headers, which parsing reads.
        if expected.count > 1, let problem = turn.problem {
            throw Obstacle(reason: "the policy's turn of several messages is malformed: \(problem)")
        }
    }

    /// What to append where text ends the turn.
    ///
    /// The policy may have written some of the framing that follows its turn, or not all of its end.
    private func appendedToText(
        _ history: [RenderedConversation.Segment], from start: RenderedConversation.Position, last: Int
    ) throws(Obstacle) -> [TokenID] {
        let written = ByteText(renderer.tokenizer.decode(sampled))
        let body = ByteText(history.map(\.content.text).joined())
        let stops = renderer.stop.texts.map { ByteText($0) }.compactMap { stop in
            written.firstRange(of: stop).map { (range: $0, text: stop) }
        }
        guard let stop = stops.min(by: { $0.range.lowerBound < $1.range.lowerBound }) else {
            guard body.starts(with: written),
                let position = next.position(after: written.string, from: start)
            else {
                throw Obstacle(reason: "the policy's turn was cut off, and history does not begin with what it wrote")
            }
            return encode(from: position)
        }
        // As much of the stop text as belongs to the turn.
        let own = stride(from: min(stop.text.count, body.count), through: 0, by: -1).first {
            body.hasSuffix(stop.text.prefix($0))
        }
        let following = written[(stop.range.lowerBound + (own ?? 0))...]
        let end = RenderedConversation.Position(segment: last + 1, byte: 0)
        guard let position = next.position(after: following.string, from: end) else {
            throw Obstacle(reason: "the next message does not begin with the text that ended the policy's turn")
        }
        return encode(from: position)
    }

    private func encode(from position: RenderedConversation.Position) -> [TokenID] {
        let rest = next.segments(from: position, through: next.segments.count - 1)
        return RenderedEncoder(renderer.tokenizer).encode(rest[...]).tokens
    }
}
