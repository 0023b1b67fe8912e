import Primitives

/// A rendered conversation as control tokens and the text between them, each stretch with the place that it belongs to.
///
/// Control tokens enter through ``append(control:_:)`` and ``append(template:_:)`` only, so the text of a message can
/// never become one. The text between two control tokens is encoded as a whole, as the reference encodes the whole
/// conversation, unless a ``cut()`` lies between.
public struct RenderedConversation: Sendable {
    struct Segment: Sendable, Hashable {
        enum Content: Sendable, Hashable {
            case control(TokenID, text: String)
            case text(String)
            /// Text in which the names of added tokens are recognised: unsafe content of messages.
            case openText(String)

            var text: String {
                switch self {
                case .control(_, let text), .text(let text), .openText(let text): text
                }
            }
        }

        var content: Content
        var place: RenderedPlace
        /// Whether the segment is encoded apart from what precedes it.
        var isCut = false
    }

    let tokenizer: Tokenizer
    private(set) var segments: [Segment] = []
    private var isCut = false

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    mutating func append(control token: AddedToken, _ place: RenderedPlace) {
        push(.control(token.id, text: token.content), place)
    }

    /// Appends text that is nothing but text, whatever it says.
    mutating func append(_ text: String, _ place: RenderedPlace) {
        if !text.isEmpty { push(.text(text), place) }
    }

    /// Appends the template's own words, in which the names of added tokens stand for these tokens.
    mutating func append(template text: String, _ place: RenderedPlace) {
        for part in tokenizer.partsByAddedTokens(text) {
            switch part {
            case .token(let token): append(control: token, place)
            case .text(let text): append(text, place)
            }
        }
    }

    /// Appends the text of a message: plain, or recognising control tokens where the options ask for that.
    mutating func append(content text: String, _ place: RenderedPlace, _ options: RendererOptions) {
        guard options.recognizesControlTokensInContent else { return append(text, place) }
        if !text.isEmpty { push(.openText(text), place) }
    }

    /// Appends the visible text of an assistant, in which the tags of a thinking block are the tokens that they are to the
    /// policy that writes them. No other name becomes a token: a policy must not be led to open turns.
    mutating func append(written text: String, _ place: RenderedPlace, _ options: RendererOptions) {
        guard !options.recognizesControlTokensInContent else { return append(content: text, place, options) }
        for part in tokenizer.partsByAddedTokens(text) {
            switch part {
            case .token(let token) where !token.isSpecial && ["<think>", "</think>"].contains(token.content):
                append(control: token, place)
            case .token(let token): append(token.content, place)
            case .text(let text): append(text, place)
            }
        }
    }

    /// Encodes what follows apart from what precedes.
    mutating func cut() { isCut = true }

    private mutating func push(_ content: Segment.Content, _ place: RenderedPlace) {
        segments.append(Segment(content: content, place: place, isCut: isCut))
        isCut = false
    }

    /// What the chat template would print.
    public var text: String { segments.map(\.content.text).joined() }

    public var tokens: [TokenID] { placedTokens().tokens }

    /// The tokens, each with its place. A token that spans two places belongs to the later one if that is an output, so
    /// that whoever wrote any part of a token answers for it, else to the earlier one.
    func placedTokens(
        _ range: some RangeExpression<Int> = 0...
    ) -> (tokens: [TokenID], places: [RenderedPlace]) {
        RenderedEncoder(tokenizer).encode(segments[range])
    }

    /// The tokens, and half-open ranges of those that assistants wrote, one for each assistant message with any.
    func tokensAndAssistantRanges(_ messages: [Message]) -> (tokens: [TokenID], ranges: [Range<Int>]) {
        let (tokens, places) = placedTokens()
        var ranges: [Range<Int>] = []
        var last: Int?
        for (index, place) in places.enumerated() {
            guard let message = place.body, messages[message].role == .assistant else { continue }
            if last == message, ranges.last?.upperBound == index {
                ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<index + 1
            } else {
                ranges.append(index..<index + 1)
            }
            last = message
        }
        return (tokens, ranges)
    }

    /// The tokens with one weight for each: 1 on what the mask learns, 0 elsewhere.
    func example(
        _ mask: LossMask, messages: [Message]
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        let learned = messages.indices.map { mask.learns($0, of: messages) }
        guard learned.contains(true) else { throw .nothingToLearn(messageCount: messages.count) }
        let (tokens, places) = placedTokens()
        let weights = places.map { place in
            let isLearned = place.body.map { learned[$0] } ?? (mask == .allTokens)
            return Float(isLearned ? 1 : 0)
        }
        return (tokens, weights)
    }
}
