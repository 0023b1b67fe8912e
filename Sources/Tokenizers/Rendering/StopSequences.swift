import Primitives

/// What ends the policy's turn. A sampler stops after any of them, and it belongs to what was sampled.
public struct StopSequences: Sendable, Hashable {
    /// Control tokens, the one that the format itself writes first.
    public var tokens: [TokenID]
    /// Texts, for formats without control tokens.
    public var texts: [String]

    public init(tokens: [TokenID] = [], texts: [String] = []) {
        self.tokens = tokens
        self.texts = texts
    }
}
