import Primitives

extension ChatRenderer {
    /// A training example as tinker-cookbook makes one: where the mask learns the turn that sampling would produce,
    /// whatever the generation prompt supplies of it is not learned.
    ///
    /// - Parameter refusesThinking: whether an example that does not begin with its prompt is an error, because the
    ///   prompt tells the policy not to think.
    func cookbookExample(
        messages: [Message], tools: [JSONValue], mask: LossMask, refusesThinking: Bool
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        let example = try render(messages, tools: tools, addsGenerationPrompt: false).example(mask, messages: messages)
        let tokens = example.tokens
        var weights = example.weights
        let boundary: Int
        switch mask {
        case .lastAssistantMessage: boundary = messages.count - 1
        case .lastAssistantTurn: boundary = (messages.lastIndex { $0.role == .user } ?? -1) + 1
        default: return (tokens, weights)
        }
        guard messages.indices.contains(boundary), messages[boundary].role == .assistant else {
            return (tokens, weights)
        }
        let prompt = try render(Array(messages[..<boundary]), tools: tools, addsGenerationPrompt: true).tokens
        if tokens.starts(with: prompt) {
            for index in prompt.indices { weights[index] = 0 }
        } else if refusesThinking {
            throw .unrenderable(
                renderer: name, place: "messages[\(boundary)]",
                found:
                    "a turn that does not go on from the empty thinking block with which the prompt tells the policy "
                    + "not to think",
                expected: "a turn without thinking and, unless thinking is kept in history, without tool calls before "
                    + "the last message; or a renderer that thinks")
        }
        return (tokens, weights)
    }
}
