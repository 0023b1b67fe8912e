import Primitives

/// One message of a sampled turn, cut out of its tokens by control tokens alone: text that merely looks like markup
/// stays text.
struct HarmonyMessage {
    /// Who speaks; empty in the first message of a turn, whose role the prompt has named.
    var role = ""
    var channel: String?
    /// To whom, as `to=` names it.
    var recipient: String?
    var body = ""
    /// The control token after the body; `nil` where the turn was cut off.
    var end: AddedToken?
    /// What is wrong with the header or the body.
    var problems: [String] = []
    /// Whether the turn got as far as a body.
    var hasBody = false
}

/// Cuts a turn into messages.
struct HarmonyMessageReader {
    let tokenizer: Tokenizer
    let tokens: HarmonyTokens
    private let names: [TokenID: String]

    init(tokenizer: Tokenizer, tokens: HarmonyTokens) {
        self.tokenizer = tokenizer
        self.tokens = tokens
        names = Dictionary(
            tokenizer.addedTokens.filter(\.isSpecial).map { ($0.id, $0.content) },
            uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter turn: what follows the `<|start|>assistant` of the prompt, up to and including the token that stops.
    func messages(in turn: ArraySlice<TokenID>) -> [HarmonyMessage] {
        var messages: [HarmonyMessage] = []
        var rest = turn
        while !rest.isEmpty { messages.append(message(&rest, isFirst: messages.isEmpty)) }
        return messages
    }

    private func message(_ rest: inout ArraySlice<TokenID>, isFirst: Bool) -> HarmonyMessage {
        var message = HarmonyMessage()
        if !isFirst {
            if rest.first == tokens.start.id {
                rest.removeFirst()
            } else {
                message.problems.append("no <|start|> after <|end|>; expected <|start|>assistant before a message")
            }
        }
        let header = rest.prefix { $0 != tokens.message.id && !isEnd($0) }
        rest = rest[header.endIndex...]
        readHeader(header, isFirst: isFirst, into: &message)
        if rest.first == tokens.message.id {
            rest.removeFirst()
            message.hasBody = true
            let body = rest.prefix { !isEnd($0) }
            rest = rest[body.endIndex...]
            message.body = tokenizer.decode(Array(body))
            for name in Set(body.compactMap { names[$0] }).sorted() {
                message.problems.append("the control token \(name) inside a message; expected none")
            }
        } else {
            message.problems.append("a header without <|message|>; expected a channel, <|message|> and the text")
        }
        if let last = rest.first {
            message.end = [tokens.end, tokens.call, tokens.returns].first { $0.id == last }
            rest.removeFirst()
        }
        return message
    }

    private func isEnd(_ token: TokenID) -> Bool {
        token == tokens.end.id || token == tokens.call.id || token == tokens.returns.id
    }

    /// Reads `role to=recipient <|channel|>channel to=recipient <|constrain|>type`: the recipient stands in one of two
    /// places, and both the role (in the first message) and the type may be missing.
    private func readHeader(_ header: ArraySlice<TokenID>, isFirst: Bool, into message: inout HarmonyMessage) {
        let parts = header.split(omittingEmptySubsequences: false) { names[$0] != nil }
        let marks = header.filter { names[$0] != nil }
        for (position, part) in parts.enumerated() {
            let words = tokenizer.decode(Array(part)).unicodeScalars.split(whereSeparator: \.isPythonSpace)
                .map { String($0) }
            let plain = words.filter { !$0.hasPrefix("to=") }
            for word in words where word.hasPrefix("to=") && message.recipient == nil {
                message.recipient = String(word.dropFirst(3))
            }
            guard position > 0 else {
                message.role = plain.joined(separator: " ")
                continue
            }
            switch marks[marks.startIndex + position - 1] {
            case tokens.channel.id where message.channel == nil: message.channel = plain.first
            case tokens.constrain.id: break
            case let mark:
                message.problems.append("the control token \(names[mark] ?? "") inside a header; expected none")
            }
        }
        if message.role != (isFirst ? "" : "assistant") {
            let place = isFirst ? "before the first <|channel|>; expected none" : "after <|start|>; expected assistant"
            message.problems.append("\"\(message.role)\" \(place)")
        }
    }
}
