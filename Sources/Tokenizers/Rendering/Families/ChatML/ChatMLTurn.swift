import Primitives

/// A sampled turn, cut at its first end.
struct ChatMLTurn {
    let termination: ParsedTurn.Termination
    /// What stands before the first end.
    let body: ArraySlice<TokenID>
    /// What is wrong with the control tokens of the turn.
    let problems: [String]

    init(_ sampled: [TokenID], _ tokens: ChatMLTokens, _ tokenizer: Tokenizer) {
        var problems: [String] = []
        let end = sampled.firstIndex { $0 == tokens.turnEnd.id || $0 == tokens.textEnd?.id }
        body = sampled[..<(end ?? sampled.endIndex)]
        if let end {
            if end < sampled.count - 1 {
                termination = .malformed
                let name = sampled[end] == tokens.turnEnd.id ? tokens.turnEnd.content : tokens.textEnd?.content ?? ""
                problems.append("text after \(name); expected nothing after the end of the turn")
            } else {
                termination = sampled[end] == tokens.turnEnd.id ? .endOfTurn : .endOfText
            }
        } else {
            termination = .truncated
        }
        for token in tokenizer.addedTokens where token.isSpecial && body.contains(token.id) {
            problems.append("the control token \(token.content) inside the turn; expected none")
        }
        self.problems = problems
    }

    /// The turn with what was read from its body, and what is wrong with that.
    func parsed(_ message: Message, problems more: [String], toolCallErrors: [String] = []) -> ParsedTurn {
        let all = more + problems
        return ParsedTurn(
            message: message, termination: termination, problem: all.isEmpty ? nil : all.joined(separator: "; "),
            toolCallErrors: toolCallErrors)
    }
}
