import Primitives

/// What renderers ask of added tokens.
extension Tokenizer {
    enum AddedTokenPart {
        case token(AddedToken)
        case text(String)
    }

    /// Cuts text at the names of added tokens, special or not.
    func partsByAddedTokens(_ text: String) -> [AddedTokenPart] {
        var text = text
        return text.withUTF8 { utf8 in
            var parts: [AddedTokenPart] = []
            nameMatcher.cut(utf8, policy: .all) { id, _ in
                if let token = addedTokens.first(where: { $0.id == id }) { parts.append(.token(token)) }
            } stretch: { range in
                parts.append(.text(String(decoding: utf8[range], as: UTF8.self)))
            }
            return parts
        }
    }

    /// The added token that a renderer needs.
    func controlToken(_ content: String, renderer: String) throws(TokenizerError) -> AddedToken {
        guard let token = addedToken(content) else { throw .missingToken(content, renderer: renderer) }
        return token
    }
}
