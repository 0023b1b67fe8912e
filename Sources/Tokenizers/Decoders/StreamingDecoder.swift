import Primitives

/// The text of tokens that arrive one by one.
///
/// The concatenated results are what ``Tokenizer/decode(_:skipSpecialTokens:)`` says of all the tokens. Text is held
/// back only where a later token may change it: at most three bytes, the beginning of a scalar, for byte-level
/// tokenizers. A replacement character that is certain is not held back.
public struct StreamingDecoder: Sendable {
    private enum State: Sendable {
        case bytes(UTF8Stream)
        case steps(DecoderPipeline)
    }

    private let tokens: TokenDecoder
    private let skipsSpecialTokens: Bool
    private var state: State

    init(_ tokens: TokenDecoder, skipsSpecialTokens: Bool) {
        self.tokens = tokens
        self.skipsSpecialTokens = skipsSpecialTokens
        state = tokens.isByteLevel ? .bytes(UTF8Stream()) : .steps(DecoderPipeline(tokens.decoder))
    }

    /// The text that is certain with this token, or `nil` when there is none yet.
    public mutating func append(_ token: TokenID) -> String? {
        if skipsSpecialTokens, tokens.isSkipped(token) { return nil }
        guard let bytes = tokens.bytes(of: token) else { return nil }
        switch state {
        case .bytes(var stream):
            // The stream must not be shared while it changes.
            state = .bytes(UTF8Stream())
            defer { state = .bytes(stream) }
            return stream.append(bytes)
        case .steps(var steps):
            let text = steps.append(token: Array(bytes))
            state = .steps(steps)
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
    }

    /// The rest of the text, or `nil` when there is none. Begins anew.
    public mutating func finish() -> String? {
        switch state {
        case .bytes(var stream):
            let text = stream.finish()
            state = .bytes(stream)
            return text
        case .steps(var steps):
            let text = steps.finish()
            state = .steps(DecoderPipeline(tokens.decoder))
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
    }
}
