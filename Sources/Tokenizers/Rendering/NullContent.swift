import Primitives

/// What a chat template makes of a message whose `content` is `null`.
enum NullContent: Sendable {
    /// The same as of an empty text.
    case empty
    /// The word that Python prints for it.
    case printed
    /// The template fails.
    case refused
}

extension [Message] {
    /// The messages with the text that a template prints for each `null`.
    func replacingNullContent(
        renderer: String, _ meaning: (Message, Int) -> NullContent
    ) throws(TokenizerError) -> [Message] {
        guard contains(where: \.isContentNull) else { return self }
        var messages = self
        for (index, message) in enumerated() where message.isContentNull {
            switch meaning(message, index) {
            case .empty: break
            case .printed: messages[index].content = "None"
            case .refused:
                throw .unrenderable(
                    renderer: renderer, place: "messages[\(index)].content",
                    found: "null, which the template cannot print",
                    expected: "a string; \"\" where there is no text")
            }
        }
        return messages
    }
}
