import Primitives
import Tokenizers

/// Counts the tokens of texts: with a tokenizer, or by an estimate of four bytes a token.
public struct TokenCounter: Sendable {
    /// What the data set's card calls the counter.
    public let name: String
    private let tokens: @Sendable (String) -> Int

    public init(_ tokenizer: Tokenizer, name: String) {
        self.name = name
        tokens = { tokenizer.encodePlainText($0).count }
    }

    private init(name: String, tokens: @escaping @Sendable (String) -> Int) {
        self.name = name
        self.tokens = tokens
    }

    public static let estimate = TokenCounter(name: "bytes / 4") { ($0.utf8.count + 3) / 4 }

    public func count(_ text: String) -> Int { tokens(text) }

    /// Of thinking, visible text and calls; a chat format's own marks are not counted.
    public func count(_ message: Message) -> Int {
        ([message.thinking, message.content] + message.toolCalls.flatMap { [$0.name, $0.argumentsText] })
            .reduce(0) { $0 + ($1.map(count) ?? 0) }
    }
}
