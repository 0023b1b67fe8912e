import Primitives

/// Why a tokenizer could not be loaded, or a conversation not be turned into tokens.
public enum TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file could not be read, or is not JSON.
    case unreadable(path: String, reason: String)
    /// The file holds a component that would change the ids and that this loader does not implement, or a broken one.
    /// `component` is the JSON path, such as `pre_tokenizer.pretokenizers[0].pattern`.
    case unsupported(file: String, component: String, found: String, expected: String)
    /// A renderer needs a token that the tokenizer does not have.
    case missingToken(String, renderer: String)
    /// There is no renderer of this name.
    case unknownRenderer(String, known: [String])
    /// Nothing is known that ends a turn of the policy.
    case noStop(renderer: String)
    /// The format of a renderer has no way to say what a conversation holds. `place` is a JSON path, such as
    /// `messages[3].tool_calls[1]`.
    case unrenderable(renderer: String, place: String, found: String, expected: String)
    /// A training example was asked of a conversation in which no assistant speaks.
    case nothingToLearn(messageCount: Int)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the tokenizer \(path): \(reason)"
        case .unsupported(let file, let component, let found, let expected):
            "the tokenizer \(file) has at `\(component)` \(found), expected \(expected); "
                + "it is refused because its token ids could not be reproduced exactly"
        case .missingToken(let token, let renderer):
            "the tokenizer has no token `\(token)`, which the \(renderer) renderer needs; "
                + "choose the renderer of this model, or add the token to `added_tokens`"
        case .unknownRenderer(let name, let known):
            "there is no renderer `\(name)`"
                + (NearestName.of(name, in: known).map { " (did you mean `\($0)`?)" } ?? "")
                + "; expected one of \(known.joined(separator: ", "))"
        case .noStop(let renderer):
            "the renderer \(renderer) knows no token that ends a turn; name one as `eos_token` in tokenizer_config.json, "
                + "as `eos_token_id` in generation_config.json, or in the template variable `eos_token`"
        case .unrenderable(let renderer, let place, let found, let expected):
            "the renderer \(renderer) cannot render `\(place)`: \(found), expected \(expected)"
        case .nothingToLearn(let count):
            "the mask learns none of the \(count) messages of a training example; "
                + "every example needs at least one message that it learns (an assistant's, unless the mask says otherwise)"
        }
    }
}
