import Primitives

/// A token and its logprob.
public struct TokenLogprob: Sendable, Equatable {
    public var token: TokenID
    public var logprob: Float

    public init(token: TokenID, logprob: Float) {
        self.token = token
        self.logprob = logprob
    }
}

/// What a policy thinks of a text.
public struct PromptLogprobs: Sendable, Equatable {
    /// The raw logprob of each token; `nil` for the first.
    public var logprobs: [Float?]
    /// At each position the likeliest tokens, likeliest first; none at the first position.
    public var likeliest: [[TokenLogprob]]

    public init(logprobs: [Float?], likeliest: [[TokenLogprob]]) {
        self.logprobs = logprobs
        self.likeliest = likeliest
    }
}

/// The body of `asample`, which is JSON in every dialect.
struct SampleRequest: Sendable {
    var prompt: [TokenID]
    var count: Int
    var parameters: SamplingParameters
    var wantsPromptLogprobs = false
    /// How many of the likeliest tokens at each position of the prompt are wanted.
    var topPromptLogprobs = 0

    init(prompt: [TokenID], count: Int, parameters: SamplingParameters) {
        self.prompt = prompt
        self.count = count
        self.parameters = parameters
    }

    /// Scores a text. The protocol has no request for that: one token is drawn and thrown away.
    init(scoring tokens: [TokenID]) {
        self.init(prompt: tokens, count: 1, parameters: SamplingParameters(maxTokens: 1, stopTokens: [], seed: 0))
    }

    func check() throws(BackendError) {
        guard !prompt.isEmpty, count > 0, parameters.maxTokens > 0 else {
            throw .invalidRequest(
                detail: "sampling needs a prompt, a positive count and a positive token limit; got \(prompt.count) "
                    + "prompt tokens, count \(count), limit \(parameters.maxTokens)")
        }
        if let position = prompt.firstIndex(where: { $0 < 0 }) {
            throw .invalidRequest(detail: "the prompt holds the negative token id \(prompt[position]) at \(position)")
        }
        guard parameters.temperature.isFinite, parameters.temperature >= 0, parameters.topP.isFinite else {
            throw .invalidRequest(
                detail: "temperature \(parameters.temperature) and top_p \(parameters.topP) should be finite numbers, "
                    + "the temperature not negative")
        }
        guard parameters.stopTexts.isEmpty || parameters.stopTokens.isEmpty else {
            throw .invalidRequest(
                detail: "\(parameters.stopTexts.count) stop texts and \(parameters.stopTokens.count) stop tokens are "
                    + "given; the protocol takes one kind or the other")
        }
    }

    func body(samplingSession: String, sequence: Int) -> [UInt8] {
        var writer = JSONByteWriter()
        writer.append(raw: "{\"num_samples\":")
        writer.append(count)
        writer.append(raw: ",\"prompt\":{\"chunks\":[{\"tokens\":")
        writer.append(prompt)
        writer.append(raw: ",\"type\":\"encoded_text\"}]},\"sampling_params\":")
        let sampling: JSONValue = [
            "max_tokens": .integer(parameters.maxTokens), "seed": .integer(parameters.seed),
            "stop": parameters.stopTexts.isEmpty
                ? .tokens(parameters.stopTokens) : .array(parameters.stopTexts.map { .string($0) }),
            "temperature": .number(parameters.temperature), "top_k": .integer(parameters.topK),
            "top_p": .number(parameters.topP),
        ]
        writer.append(raw: sampling.serialized())
        writer.append(raw: ",\"sampling_session_id\":")
        writer.append(samplingSession)
        writer.append(raw: ",\"seq_id\":")
        writer.append(sequence)
        if wantsPromptLogprobs { writer.append(raw: ",\"prompt_logprobs\":true") }
        if topPromptLogprobs > 0 {
            writer.append(raw: ",\"topk_prompt_logprobs\":")
            writer.append(topPromptLogprobs)
        }
        writer.append(raw: ",\"type\":\"sample\"}")
        return writer.bytes
    }
}
