import Primitives

/// The members that completions and chat completions have in common, checked.
///
/// Settings that this backend does not have are taken only where they ask for nothing; unknown members are refused.
struct OpenAIRequest: Sendable {
    /// A base model, a checkpoint's path, or both with `;` between them.
    var model: String
    var count = 1
    /// `nil` for as many as the model has positions.
    var maxTokens: Int?
    var temperature: Float = 1
    var topP: Float = 1
    var topK = -1
    var seed: Int?
    var stopTexts: [String] = []
    var stopTokens: [TokenID] = []
    var streams = false
    /// Whether a stream ends with the counts of tokens.
    var streamsUsage = false
    var returnsTokens = false
    /// How many of the most probable tokens to report for every token, or `nil` for no logprobs at all.
    var topLogprobs: Int?

    private static let common: Set<String> = [
        "model", "n", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "seed", "stop",
        "stop_token_ids", "stream", "stream_options", "return_token_ids", "logprobs", "user", "metadata", "store",
        "presence_penalty", "frequency_penalty", "logit_bias", "service_tier",
    ]

    private let body: JSONValue

    /// - Parameter own: the members that only this kind of request has.
    init(_ body: JSONValue, own: Set<String>) throws(OpenAIError) {
        self.body = body
        for key in body.objectValue?.keys ?? [] where !Self.common.union(own).contains(key) {
            throw .invalid("unrecognized request argument: `\(key)`", key)
        }
        guard let model = body["model"]?.stringValue else {
            throw .invalid("`model` should name a base model or a tinker:// path of sampler weights", "model")
        }
        self.model = model
        for key in ["presence_penalty", "frequency_penalty"] {
            let value = body[key]?.doubleValue ?? 0
            if value != 0 { throw .invalid("`\(key)` is \(value); this backend has no penalties: send 0", key) }
        }
        if body["logit_bias"]?.objectValue?.isEmpty == false {
            throw .invalid("`logit_bias` is not supported by this backend", "logit_bias")
        }
        count = try integer("n", 1...SampleRequestDecoder.maximumSamples) ?? 1
        maxTokens = try integer("max_completion_tokens", 1...Int(Int32.max))
        if maxTokens == nil { maxTokens = try integer("max_tokens", 1...Int(Int32.max)) }
        temperature = Float(try number("temperature", 0...1000) ?? 1)
        topP = Float(try number("top_p", 0...1) ?? 1)
        if topP == 0 { throw .invalid("`top_p` is 0; expected more than 0 and at most 1", "top_p") }
        topK = try integer("top_k", -1...Int(Int32.max)) ?? -1
        seed = try integer("seed", Int.min...Int.max)
        if let stop = body["stop"], stop != .null {
            do { stopTexts = try SampleRequestDecoder.stopTexts(stop, path: "stop") } catch {
                throw .invalid(error.description, "stop")
            }
        }
        if let tokens = body["stop_token_ids"], tokens != .null {
            guard let tokens = tokens.tokensValue else {
                throw .invalid("`stop_token_ids` should be a list of token ids", "stop_token_ids")
            }
            stopTokens = tokens
        }
        streams = try flag("stream")
        if let options = body["stream_options"], options != .null {
            guard streams else { throw .invalid("`stream_options` needs `stream: true`", "stream_options") }
            streamsUsage = options["include_usage"]?.boolValue ?? false
        }
        returnsTokens = try flag("return_token_ids")
    }

    // MARK: Members

    func integer(_ key: String, _ range: ClosedRange<Int>) throws(OpenAIError) -> Int? {
        guard let value = body[key], value != .null else { return nil }
        guard let number = value.integerValue, range.contains(number) else {
            throw .invalid(
                "`\(key)` is \(value.text); expected an integer from \(range.lowerBound) to \(range.upperBound)", key)
        }
        return number
    }

    func flag(_ key: String) throws(OpenAIError) -> Bool {
        guard let value = body[key], value != .null else { return false }
        guard let flag = value.boolValue else { throw .invalid("`\(key)` should be true or false", key) }
        return flag
    }

    private func number(_ key: String, _ range: ClosedRange<Double>) throws(OpenAIError) -> Double? {
        guard let value = body[key], value != .null else { return nil }
        guard let number = value.doubleValue, range.contains(number) else {
            throw .invalid(
                "`\(key)` is \(value.text); expected a number from \(range.lowerBound) to \(range.upperBound)", key)
        }
        return number
    }

    /// What the sampler is asked, but for the prompt's own.
    func sampling(prompt: [TokenID], stopTokens: [TokenID], seed: Int64, limit: Int) -> SamplingEngine.Request {
        SamplingEngine.Request(
            prompt: prompt, maxTokens: maxTokens ?? limit, temperature: temperature, topK: topK == 0 ? -1 : topK,
            topP: topP, stopTokens: stopTokens + self.stopTokens, seed: seed, topkSampleLogprobs: topLogprobs ?? 0)
    }
}
