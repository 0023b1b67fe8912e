import Foundation
import Primitives
import Tokenizers

/// The parts of answers that completions and chat completions share.
struct OpenAIAnswer: Sendable {
    /// `cmpl-…` or `chatcmpl-…`.
    let id: String
    let object: String
    let model: String
    let created: Int

    init(prefix: String, object: String, model: String) {
        id = prefix + UUID().uuidString.lowercased()
        self.object = object
        self.model = model
        created = Int(Date().timeIntervalSince1970)
    }

    func body(choices: [JSONValue], usage: JSONValue?, extra: JSONObject = [:]) -> JSONValue {
        var body: JSONObject = [
            "id": .string(id), "object": .string(object), "created": .integer(created), "model": .string(model),
            "choices": .array(choices),
        ]
        if let usage { body["usage"] = usage }
        for member in extra.members { body[member.key] = member.value }
        return .object(body)
    }

    static func usage(prompts: [[TokenID]], completions: [SamplingEngine.Completion]) -> JSONValue {
        let (asked, drawn) = (prompts.reduce(0) { $0 + $1.count }, completions.reduce(0) { $0 + $1.tokens.count })
        return [
            "prompt_tokens": .integer(asked), "completion_tokens": .integer(drawn),
            "total_tokens": .integer(asked + drawn),
        ]
    }

    /// A server-sent event.
    static func event(_ body: JSONValue) -> [UInt8] { Array("data: ".utf8) + body.serialized() + Array("\n\n".utf8) }
    static let lastEvent = Array("data: [DONE]\n\n".utf8)

    // MARK: Text

    /// The text of a completion: without the token that ended it, without control tokens, cut before a stop text.
    static func text(
        _ completion: SamplingEngine.Completion, stopTexts: [String], tokenizer: Tokenizer
    ) -> String {
        let tokens = completion.stoppedByToken ? completion.tokens.dropLast() : completion.tokens[...]
        return cut(tokenizer.decode(Array(tokens), skipSpecialTokens: true), before: stopTexts)
    }

    /// The text up to the first place where one of the stop texts begins.
    static func cut(_ text: String, before stopTexts: [String]) -> String {
        let bytes = Array(text.utf8)
        let first = stopTexts.compactMap { StopStringWatch.first(Array($0.utf8), in: bytes) }.min()
        return first.map { String(decoding: bytes[..<$0], as: UTF8.self) } ?? text
    }

    /// How many bytes at the end of a text could be the beginning of a stop text.
    static func openEnd(of text: String, stopTexts: [String]) -> Int {
        let bytes = Array(text.utf8)
        var longest = 0
        for stop in stopTexts.map({ Array($0.utf8) }) {
            for length in stride(from: min(stop.count - 1, bytes.count), to: longest, by: -1)
            where bytes.suffix(length).elementsEqual(stop.prefix(length)) {
                longest = length
                break
            }
        }
        return longest
    }

    // MARK: Logprobs

    /// `logprobs.content` of a chat choice.
    static func chatLogprobs(
        _ tokens: [SamplingEngine.SampledToken], tokenizer: Tokenizer
    ) -> JSONValue {
        func entry(_ token: TokenID, _ logprob: Float) -> JSONObject {
            let text = tokenizer.decode([token])
            // A token that is a part of a character has no text of its own.
            let isWhole = !text.unicodeScalars.contains("\u{FFFD}")
            return [
                "token": .string(text), "logprob": .float(logprob),
                "bytes": isWhole ? .array(text.utf8.map { .integer(Int($0)) }) : .null,
            ]
        }
        let content = tokens.map { token -> JSONValue in
            var object = entry(token.token, token.logprob)
            object["top_logprobs"] = .array(token.top.map { .object(entry($0.token, $0.logprob)) })
            return .object(object)
        }
        return ["content": .array(content), "refusal": .null]
    }

    /// `logprobs` of a completion choice.
    ///
    /// - Parameter offset: where the first token begins in the choice's text, in characters; moved on.
    static func completionLogprobs(
        _ tokens: [SamplingEngine.SampledToken], tokenizer: Tokenizer, offset: inout Int
    ) -> JSONValue {
        var offsets: [JSONValue] = []
        let texts = tokens.map { tokenizer.decode([$0.token]) }
        for text in texts {
            offsets.append(.integer(offset))
            offset += text.unicodeScalars.count
        }
        let top = tokens.map { token -> JSONValue in
            var object = JSONObject()
            for candidate in token.top { object[tokenizer.decode([candidate.token])] = .float(candidate.logprob) }
            return .object(object)
        }
        return [
            "tokens": .array(texts.map(JSONValue.string)),
            "token_logprobs": .array(tokens.map { .float($0.logprob) }), "top_logprobs": .array(top),
            "text_offset": .array(offsets),
        ]
    }
}

extension SamplingEngine.Completion {
    /// Every token with its logprob and the most probable ones at its place.
    var sampledTokens: [SamplingEngine.SampledToken] {
        tokens.indices.map { index in
            SamplingEngine.SampledToken(
                token: tokens[index], logprob: logprobs[index],
                top: topLogprobs.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? [])
        }
    }
}
