import Primitives

/// A rendered conversation as control tokens and the text between them.
///
/// Control tokens enter only through ``append(control:isWritten:)``, so text can never become one. The text between two
/// control tokens is encoded as a whole, because pieces may span what the template writes and what a message holds.
struct RenderedConversation: Sendable {
    private enum Part: Sendable {
        case control(AddedToken)
        case text(String)
    }

    /// Each part, and whether an assistant writes it.
    private var parts: [(part: Part, isWritten: Bool)] = []

    mutating func append(control token: AddedToken, isWritten: Bool = false) {
        parts.append((.control(token), isWritten))
    }

    mutating func append(_ text: String, isWritten: Bool = false) {
        guard !text.isEmpty else { return }
        if let last = parts.last, last.isWritten == isWritten, case .text(let before) = last.part {
            parts[parts.count - 1].part = .text(before + text)
        } else {
            parts.append((.text(text), isWritten))
        }
    }

    /// What the chat template would print.
    var text: String {
        parts.map { part, _ in
            switch part {
            case .control(let token): token.content
            case .text(let text): text
            }
        }.joined()
    }

    func tokens(_ tokenizer: Tokenizer) -> [TokenID] { weightedTokens(tokenizer).tokens }

    /// The tokens, with weight 1 on those that an assistant writes, in part or in whole.
    func weightedTokens(_ tokenizer: Tokenizer) -> (tokens: [TokenID], weights: [Float]) {
        var tokens: [TokenID] = []
        var weights: [Float] = []
        func append(_ ids: some Collection<TokenID>, isWritten: Bool) {
            tokens.append(contentsOf: ids)
            weights.append(contentsOf: repeatElement(isWritten ? 1 : 0, count: ids.count))
        }
        var index = 0
        while index < parts.count {
            let (part, isWritten) = parts[index]
            index += 1
            switch part {
            case .control(let token):
                append(CollectionOfOne(token.id), isWritten: isWritten)
            case .text(let text):
                guard !isWritten, index < parts.count, case .text(let written) = parts[index].part else {
                    append(tokenizer.encodePlainText(text), isWritten: isWritten)
                    continue
                }
                // The header of an assistant's turn and what it wrote are encoded together, and told apart again by
                // where the encoding of the header alone begins to differ.
                index += 1
                let ids = tokenizer.encodePlainText(text + written)
                let header = zip(tokenizer.encodePlainText(text), ids).prefix { $0 == $1 }.count
                append(ids[..<header], isWritten: false)
                append(ids[header...], isWritten: true)
            }
        }
        return (tokens, weights)
    }
}
