import Primitives

/// Reads an assistant's turn: messages on the channel analysis are its thinking, those on final its content, and so are
/// those on commentary (preambles), unless they go to a function and are tool calls.
///
/// In the cookbook dialect messages of nothing but white space are passed over, and a turn without thinking and without
/// content has its whole text, markup included, as content, as tinker-cookbook has it.
struct HarmonyTurnParser {
    let tokenizer: Tokenizer
    let tokens: HarmonyTokens
    let dialect: RendererOptions.Dialect

    func parse(_ sampled: [TokenID]) -> ParsedTurn {
        var problems: [String] = []
        let stop = sampled.firstIndex { $0 == tokens.returns.id || $0 == tokens.call.id }
        var turn = sampled[...]
        var termination = ParsedTurn.Termination.truncated
        if let stop {
            turn = sampled[...stop]
            termination = stop == sampled.count - 1 ? .endOfTurn : .malformed
            if termination == .malformed {
                problems.append("tokens after the <|return|> or <|call|> that ends the turn; expected none")
            }
        } else if let last = sampled.last, tokenizer.addedTokens.contains(where: { $0.id == last && $0.isEndOfText }) {
            turn.removeLast()
            termination = .endOfText
        }
        var result = ParsedTurn(message: Message(role: .assistant, content: ""), termination: termination)
        let messages = HarmonyMessageReader(tokenizer: tokenizer, tokens: tokens).messages(in: turn)
        for message in messages { read(message, into: &result, &problems) }
        if stop != nil { problems += ending(of: messages.last) }
        if dialect == .cookbook, result.message.thinking == nil, result.message.content.isEmpty {
            result.message.content = tokenizer.decode(Array(stop == nil ? turn : turn.dropLast()))
        }
        result.problem = problems.isEmpty ? nil : problems.joined(separator: "; ")
        return result
    }

    private func read(_ message: HarmonyMessage, into turn: inout ParsedTurn, _ problems: inout [String]) {
        problems += message.problems
        // What the policy writes in another's name says nothing for it.
        guard ["", "assistant"].contains(message.role) else { return }
        if let recipient = message.recipient {
            do throws(ToolCallReader.Malformation) {
                let call = try toolCall(to: recipient, message)
                turn.message.toolCalls.append(call)
                if let end = message.end, end.id != tokens.call.id {
                    problems.append("the tool call to \(call.name) ends with \(end.content); expected <|call|>")
                }
            } catch {
                turn.toolCallErrors.append(error.text)
                problems.append(error.text)
            }
            return
        }
        let isBlank = message.body.unicodeScalars.allSatisfy(\.isPythonSpace)
        guard message.hasBody else { return }
        switch message.channel {
        case "analysis":
            if isBlank, dialect == .cookbook { return }
            turn.message.thinking = (turn.message.thinking ?? "") + message.body
        case "final", "commentary":
            if isBlank, dialect == .cookbook { return }
            turn.message.content += message.body
        case let channel:
            let found = channel.map { "the channel \"\($0)\"" } ?? "a message without a channel"
            problems.append("\(found); expected analysis, commentary or final")
        }
    }

    private func toolCall(
        to recipient: String, _ message: HarmonyMessage
    ) throws(ToolCallReader.Malformation) -> ToolCall {
        let prefix = "functions."
        guard recipient.hasPrefix(prefix), recipient.utf8.count > prefix.utf8.count else {
            throw .init(text: "the recipient \"\(recipient)\" is no function; expected to=functions.NAME")
        }
        let name = String(recipient.dropFirst(prefix.count))
        guard message.end != nil, message.hasBody else {
            throw .init(
                text: "the tool call to \(name) is cut off; expected <|message|>, a JSON object and <|call|>")
        }
        return try ToolCallReader.call(to: name, arguments: message.body)
    }

    /// What is wrong with the way in which a turn that the policy ended itself ends.
    private func ending(of message: HarmonyMessage?) -> [String] {
        guard let message, message.recipient == nil, ["", "assistant"].contains(message.role) else { return [] }
        if message.end?.id == tokens.call.id {
            return ["<|call|> after a message to no one; expected a tool call to=functions.NAME"]
        }
        if message.hasBody, message.channel == "analysis" || message.channel == "commentary" {
            return ["the turn ends on the channel \(message.channel ?? ""); expected a final message or a tool call"]
        }
        return []
    }
}

extension AddedToken {
    /// `<|endoftext|>`, which the harmony format itself never writes.
    fileprivate var isEndOfText: Bool { content.utf8.elementsEqual("<|endoftext|>".utf8) }
}
