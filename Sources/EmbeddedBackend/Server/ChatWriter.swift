import Primitives
import Tokenizers

/// Writes one choice of a streamed chat completion. Used by one task.
///
/// Text goes out as soon as it is certain to belong to the answer. Thinking goes out in one piece when it has ended, and an
/// answer that may call tools when it is complete, because only then can it be read.
final class ChatWriter {
    private static let thinkingStart = "<think>"
    private static let thinkingEnd = "</think>"

    private let chat: OpenAIService.Chat
    private let draw: OpenAIService.Draw
    private let answer: OpenAIAnswer
    private let emit: (JSONValue) -> Void
    private let promptOpensThinking: Bool
    private var tokens: [TokenID] = []
    private var pending: [SamplingEngine.SampledToken] = []
    private var written = ""
    private var hasWrittenThinking = false
    private var isFirst = true
    /// The number of tokens at which the turn is read again: less and less often, since reading takes time in proportion.
    private var nextReading = 1

    init(chat: OpenAIService.Chat, draw: OpenAIService.Draw, answer: OpenAIAnswer, emit: @escaping (JSONValue) -> Void)
    {
        self.chat = chat
        self.draw = draw
        self.answer = answer
        self.emit = emit
        let end = chat.renderer.tokenizer.decode(chat.prompt.suffix(8))
        promptOpensThinking =
            end.ranges(of: Self.thinkingStart).last.map { end[$0.upperBound...].contains(Self.thinkingEnd) == false }
            ?? false
    }

    func append(_ token: SamplingEngine.SampledToken) {
        tokens.append(token.token)
        pending.append(token)
        guard tokens.count >= nextReading, !draw.request.stopTokens.contains(token.token) else { return }
        nextReading = tokens.count + 1 + tokens.count / 64
        guard !chat.hasTools, !isThinking else {
            if isFirst { write(Message(role: .assistant, content: ""), tokens: [], finish: nil) }
            return
        }
        var message = chat.renderer.parse(tokens).message
        let cut = OpenAIAnswer.cut(message.content, before: draw.stopTexts)
        // A character that is not complete decodes to a replacement for now.
        let certain = cut.utf8.dropLast(OpenAIAnswer.openEnd(of: cut, stopTexts: draw.stopTexts))
        message.content = String(decoding: certain, as: UTF8.self)
        while message.content.unicodeScalars.last == "\u{FFFD}" { message.content.unicodeScalars.removeLast() }
        writeRest(of: message, finish: nil)
    }

    func finish(_ completion: SamplingEngine.Completion) {
        let (message, finish) = chat.turn(draw, completion)
        writeRest(of: message, finish: finish)
    }

    /// Whether what was said so far is thinking, or may be the beginning of it.
    private var isThinking: Bool {
        let text = chat.renderer.tokenizer.decode(tokens)
        if text.contains(Self.thinkingEnd) { return false }
        let start = text.drop { $0.isWhitespace }
        return promptOpensThinking || start.hasPrefix(Self.thinkingStart) || Self.thinkingStart.hasPrefix(start)
    }

    private func writeRest(of message: Message, finish: String?) {
        var piece = message
        piece.thinking = hasWrittenThinking ? nil : message.thinking
        guard message.content.hasPrefix(written) else {
            // The reading changed its mind; what was sent stays.
            if finish != nil {
                piece.content = ""
                write(piece, tokens: pending, finish: finish)
            }
            return
        }
        piece.content = String(message.content.dropFirst(written.count))
        if finish == nil, piece.content.isEmpty { return }
        written = message.content
        hasWrittenThinking = hasWrittenThinking || piece.thinking != nil
        write(piece, tokens: pending, finish: finish)
        pending = []
    }

    private func write(_ message: Message, tokens: [SamplingEngine.SampledToken], finish: String?) {
        var delta = chat.delta(message, draw: draw)
        if isFirst {
            delta["role"] = "assistant"
            if delta["content"] == nil { delta["content"] = "" }
        }
        var choice: JSONObject = [
            "index": .integer(draw.index), "delta": .object(delta),
            "finish_reason": finish.map(JSONValue.string) ?? .null, "logprobs": chat.logprobs(tokens),
        ]
        if chat.request.returnsTokens { choice["token_ids"] = .tokens(tokens.map(\.token)) }
        let extra: JSONObject =
            isFirst && chat.request.returnsTokens ? ["prompt_token_ids": .tokens(chat.prompt)] : [:]
        isFirst = false
        emit(answer.body(choices: [.object(choice)], usage: nil, extra: extra))
    }
}
