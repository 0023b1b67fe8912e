import Primitives
import Tokenizers

/// `completions`.
extension OpenAIService {
    /// As many tokens as OpenAI's API draws where a request does not say.
    private static let defaultMaxTokens = 16

    func complete(_ body: JSONValue) async throws -> ServerResponse {
        var request = try OpenAIRequest(body, own: ["prompt", "best_of", "echo", "suffix"])
        request.maxTokens = request.maxTokens ?? Self.defaultMaxTokens
        request.topLogprobs = try request.integer("logprobs", 0...SamplingEngine.maximumTopLogprobs)
        if try request.flag("echo") { throw OpenAIError.invalid("`echo` is not supported by this backend", "echo") }
        if let suffix = body["suffix"], suffix != .null {
            throw OpenAIError.invalid("`suffix` is not supported by this backend", "suffix")
        }
        if let best = try request.integer("best_of", 1...1024), best != request.count {
            throw OpenAIError.invalid("`best_of` is \(best); expected \(request.count), as `n`", "best_of")
        }
        let target = try await target(named: request.model)
        do {
            // Text is written even where token ids come and go, if there is a tokenizer at all.
            let tokenizer = try await target.base.text.tokenizer()
            let prompts = try Self.prompts(body["prompt"] ?? .null, tokenizer: tokenizer)
            let draws = try await draws(
                request, prompts: prompts, stopTokens: target.base.endOfSequence, stopTexts: [], target: target)
            let completion = Completion(request: request, prompts: prompts, draws: draws, tokenizer: tokenizer)
            if request.streams { return stream(completion, from: target) }
            let drawn = try await run(draws, target: target, tokenizer: tokenizer)
            tinker.end(target)
            return ServerResponse(body: completion.body(drawn).serialized())
        } catch {
            tinker.end(target)
            throw error
        }
    }

    /// A text, a list of texts, a list of token ids, or a list of such lists.
    static func prompts(_ prompt: JSONValue, tokenizer: Tokenizer) throws(OpenAIError) -> [[TokenID]] {
        func tokens(_ text: String) -> [TokenID] {
            tokenizer.encode(text, splitSpecialTokens: false, addSpecialTokens: true)
        }
        if let text = prompt.stringValue { return [tokens(text)] }
        if let ids = prompt.tokensValue, !ids.isEmpty { return [ids] }
        let list = prompt.arrayValue ?? []
        let texts = list.compactMap(\.stringValue)
        if !list.isEmpty, texts.count == list.count { return texts.map(tokens) }
        let ids = list.compactMap(\.tokensValue)
        if !list.isEmpty, ids.count == list.count { return ids }
        throw .invalid(
            "`prompt` should be a text, a list of texts, a list of token ids or a list of such lists", "prompt")
    }

    /// Everything that is needed to write an answer.
    struct Completion: Sendable {
        var request: OpenAIRequest
        var prompts: [[TokenID]]
        var draws: [Draw]
        var tokenizer: Tokenizer
        var answer: OpenAIAnswer

        init(request: OpenAIRequest, prompts: [[TokenID]], draws: [Draw], tokenizer: Tokenizer) {
            self.request = request
            self.prompts = prompts
            self.draws = draws
            self.tokenizer = tokenizer
            answer = OpenAIAnswer(prefix: "cmpl-", object: "text_completion", model: request.model)
        }

        func body(_ drawn: [SamplingEngine.Completion]) -> JSONValue {
            let choices = zip(draws, drawn).map { draw, completion -> JSONValue in
                var offset = 0
                let text = OpenAIAnswer.text(completion, stopTexts: draw.stopTexts, tokenizer: tokenizer)
                return choice(
                    draw, text: text, tokens: completion.sampledTokens, offset: &offset,
                    finish: completion.isStopped ? "stop" : "length", isFirst: true)
            }
            return answer.body(
                choices: choices, usage: OpenAIAnswer.usage(prompts: prompts, completions: drawn))
        }

        /// - Parameters:
        ///   - offset: where the text of `tokens` begins in the choice's text.
        ///   - isFirst: whether this is the whole choice or its first piece, which tells the prompt's tokens.
        func choice(
            _ draw: Draw, text: String, tokens: [SamplingEngine.SampledToken], offset: inout Int, finish: String?,
            isFirst: Bool
        ) -> JSONValue {
            var choice: JSONObject = [
                "index": .integer(draw.index), "text": .string(text),
                "finish_reason": finish.map(JSONValue.string) ?? .null, "logprobs": .null,
            ]
            if request.topLogprobs != nil {
                choice["logprobs"] = OpenAIAnswer.completionLogprobs(tokens, tokenizer: tokenizer, offset: &offset)
            }
            if request.returnsTokens {
                choice["token_ids"] = .tokens(tokens.map(\.token))
                if isFirst { choice["prompt_token_ids"] = .tokens(draw.request.prompt) }
            }
            return .object(choice)
        }
    }

    // MARK: Streaming

    private func stream(_ completion: Completion, from target: TinkerService.SamplingSession) -> ServerResponse {
        events(completion.draws, target: target, tokenizer: completion.tokenizer) { emit in
            let writers = completion.draws.map { draw in
                CompletionWriter(completion: completion, draw: draw, emit: emit)
            }
            return { event in
                switch event {
                case .token(let draw, let token): writers[draw].append(token)
                case .finished(let drawn):
                    for (writer, one) in zip(writers, drawn) { writer.finish(one) }
                    if completion.request.streamsUsage {
                        emit(
                            completion.answer.body(
                                choices: [],
                                usage: OpenAIAnswer.usage(prompts: completion.prompts, completions: drawn)))
                    }
                }
            }
        }
    }

    /// Writes one choice of a streamed completion. Used by one task.
    private final class CompletionWriter {
        private let completion: Completion
        private let draw: Draw
        private let emit: (JSONValue) -> Void
        private var decoder: StreamingDecoder
        /// Text that may turn out to be the beginning of a stop text.
        private var held = ""
        private var pending: [SamplingEngine.SampledToken] = []
        private var offset = 0
        private var isFirst = true
        private var isOver = false

        init(completion: Completion, draw: Draw, emit: @escaping (JSONValue) -> Void) {
            self.completion = completion
            self.draw = draw
            self.emit = emit
            decoder = completion.tokenizer.streamingDecoder(skipSpecialTokens: true)
        }

        func append(_ token: SamplingEngine.SampledToken) {
            pending.append(token)
            guard !isOver, !draw.request.stopTokens.contains(token.token), let text = decoder.append(token.token) else {
                return
            }
            held += text
            let cut = OpenAIAnswer.cut(held, before: draw.stopTexts)
            isOver = cut.utf8.count < held.utf8.count
            let bytes = Array(cut.utf8)
            let open = isOver ? 0 : OpenAIAnswer.openEnd(of: cut, stopTexts: draw.stopTexts)
            held = String(decoding: bytes.suffix(open), as: UTF8.self)
            let certain = String(decoding: bytes.dropLast(open), as: UTF8.self)
            if !certain.isEmpty { write(certain, finish: nil) }
        }

        func finish(_ drawn: SamplingEngine.Completion) {
            let rest = isOver ? "" : OpenAIAnswer.cut(held + (decoder.finish() ?? ""), before: draw.stopTexts)
            write(rest, finish: drawn.isStopped ? "stop" : "length")
        }

        private func write(_ text: String, finish: String?) {
            let choice = completion.choice(
                draw, text: text, tokens: pending, offset: &offset, finish: finish, isFirst: isFirst)
            pending = []
            isFirst = false
            emit(completion.answer.body(choices: [choice], usage: nil))
        }
    }
}
