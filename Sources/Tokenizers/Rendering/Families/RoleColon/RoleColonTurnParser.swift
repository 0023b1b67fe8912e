import Primitives

/// Reads what the policy wrote after `Assistant:`, up to `"\n\nUser:"`, without the space and the blank line around it.
///
/// A special token at the end counts as the end of the text, since the format itself writes none.
struct RoleColonTurnParser {
    let tokenizer: Tokenizer

    func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let isTextEnded = tokenizer.addedTokens.contains { $0.isSpecial && $0.id == sampled.last }
        let text = ByteText(tokenizer.decode(isTextEnded ? Array(sampled.dropLast()) : sampled))
        let stop = ByteText(RoleColonRenderer.stopText)
        let end = text.firstRange(of: stop)
        var content = text[..<(end?.lowerBound ?? text.endIndex)]
        if content.first == UInt8(ascii: " ") { content.removeFirst() }
        if content.hasSuffix(ByteText("\n\n")) { content.removeLast(2) }
        var turn = ParsedTurn(
            message: Message(role: .assistant, content: content.string),
            termination: isTextEnded ? .endOfText : .truncated)
        guard let end else { return turn }
        if end.upperBound == text.endIndex, !isTextEnded {
            turn.termination = .endOfTurn
        } else if text.firstRange(of: stop, from: end.upperBound) != nil || isTextEnded {
            turn.termination = .malformed
            turn.problem = "text or a special token after \"\\n\\nUser:\", which ends the turn; expected none"
        } else {
            // A stop text may end inside a token, whose rest then follows it.
            turn.termination = .endOfTurn
        }
        return turn
    }
}
