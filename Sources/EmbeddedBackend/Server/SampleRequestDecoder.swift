import Primitives
import Tokenizers

/// The checked content of an `asample` request: sample *i* draws with `request.seed + i`.
struct SampleRequest: Sendable {
    var count: Int
    var request: SamplingEngine.Request
    /// Texts that end a sequence besides the request's stop tokens.
    var stopTexts: [String] = []
    /// Only the last so many prompt tokens are reported; `nil` for all.
    var scoredPromptTokens: Int?

    /// The request of one sample; the first alone reports on the prompt.
    func sample(_ index: Int, tokenizer: Tokenizer?) -> SamplingEngine.Request {
        var one = request
        one.seed &+= Int64(index)
        one.wantsPromptLogprobs = one.wantsPromptLogprobs && index == 0
        one.topkPromptLogprobs = index == 0 ? one.topkPromptLogprobs : 0
        if let tokenizer, !stopTexts.isEmpty {
            let watch = StopStringWatch(stopTexts, tokenizer: tokenizer)
            one.stopCondition = { watch.accept($0) }
        }
        return one
    }
}

/// Reads `asample` bodies and refuses what the sampler could not do exactly as asked.
///
/// `max_tokens` may reach beyond the model's positions, or be left out: a sequence that fills them ends with reason
/// `length`.
struct SampleRequestDecoder {
    static let maximumSamples = 1024
    static let maximumStopTexts = 64

    let limits: ModelLimits
    /// The tokens that end a sequence where the request's `stop` is null or has texts.
    let endOfSequence: [Int32]
    /// The seed where the request has none.
    let defaultSeed: Int64

    func decode(_ body: JSONValue) throws(ServiceError) -> SampleRequest {
        if body["prompt_alt_tokens_k"]?.integerValue ?? 0 != 0 {
            throw .invalid("`prompt_alt_tokens_k` is not supported by this backend; send 0 or leave it out")
        }
        if body["target_prompt_logprobs"] ?? .null != .null {
            throw .invalid("`target_prompt_logprobs` is not supported by this backend; leave it out")
        }
        if body["record_stability_info"]?.boolValue == true {
            throw .invalid("`record_stability_info` is not supported by this backend; send false or leave it out")
        }
        let count = try integer("num_samples", in: body, path: "", default: 1)
        guard 1...Self.maximumSamples ~= count else {
            throw .invalid("`num_samples` is \(count); expected 1 to \(Self.maximumSamples)")
        }
        let prompt = try TokenDecoder(limits: limits).modelInput(body["prompt"], path: "prompt")
        guard prompt.count < limits.maximumPositions else {
            throw .invalid(
                "the prompt has \(prompt.count) tokens; the model has \(limits.maximumPositions) positions in all")
        }
        let parameters = body["sampling_params"] ?? .null
        try parameters.refuseUnknownMembers(
            ["max_tokens", "seed", "stop", "temperature", "top_k", "top_p"], path: "sampling_params")
        var sample = SampleRequest(
            count: count, request: try request(prompt: prompt, parameters),
            stopTexts: try stopTexts(parameters["stop"] ?? .null))
        sample.request.wantsPromptLogprobs = body["prompt_logprobs"]?.boolValue ?? false
        sample.request.topkPromptLogprobs = try top("topk_prompt_logprobs", in: body)
        sample.request.topkSampleLogprobs = try top("topk_sample_logprobs", in: body)
        if let last = body["prompt_logprobs_last_n"], last != .null {
            guard sample.request.wantsPromptLogprobs, let number = last.integerValue, 1..<prompt.count ~= number else {
                throw .invalid(
                    """
                    `prompt_logprobs_last_n` is \(last.text); expected 1 to \(prompt.count - 1), one less than the \
                    prompt's tokens, together with `prompt_logprobs: true`
                    """)
            }
            sample.scoredPromptTokens = number
        }
        return sample
    }

    private func request(
        prompt: [Int32], _ parameters: JSONValue
    ) throws(ServiceError) -> SamplingEngine.Request {
        let path = "sampling_params."
        let maxTokens = try integer("max_tokens", in: parameters, path: path, default: limits.maximumPositions)
        guard maxTokens >= 1 else { throw .invalid("`sampling_params.max_tokens` is \(maxTokens); expected 1 or more") }
        let temperature = try number("temperature", in: parameters, default: 1)
        guard temperature >= 0 else { throw .invalid("`sampling_params.temperature` is negative") }
        let topP = try number("top_p", in: parameters, default: 1)
        guard topP > 0, topP <= 1 else {
            throw .invalid("`sampling_params.top_p` is \(topP); expected more than 0 and at most 1")
        }
        let topK = try integer("top_k", in: parameters, path: path, default: -1)
        guard topK >= -1 else { throw .invalid("`sampling_params.top_k` is \(topK); expected -1 (off) or more") }
        let seed = try integer("seed", in: parameters, path: path, default: Int(defaultSeed))
        return SamplingEngine.Request(
            prompt: prompt, maxTokens: maxTokens, temperature: Float(temperature), topK: topK == 0 ? -1 : topK,
            topP: Float(topP), stopTokens: try stopTokens(parameters["stop"] ?? .null), seed: Int64(seed))
    }

    /// Null and texts leave the model's end of sequence in force; a list of token ids, also an empty one, replaces it.
    private func stopTokens(_ stop: JSONValue) throws(ServiceError) -> [Int32] {
        if stop == .null || Self.isText(stop) { return endOfSequence }
        return try TokenDecoder(limits: limits).tokens(stop, path: "sampling_params.stop")
    }

    private func stopTexts(_ stop: JSONValue) throws(ServiceError) -> [String] {
        guard Self.isText(stop) else { return [] }
        return try Self.stopTexts(stop, path: "sampling_params.stop")
    }

    private static func isText(_ stop: JSONValue) -> Bool {
        stop.stringValue != nil || stop.arrayValue?.contains { $0.stringValue != nil } == true
    }

    /// One text or a list of them.
    static func stopTexts(_ stop: JSONValue, path: String) throws(ServiceError) -> [String] {
        let values = stop.arrayValue ?? [stop]
        let texts = values.compactMap(\.stringValue).filter { !$0.isEmpty }
        guard texts.count == values.count, texts.count <= maximumStopTexts else {
            throw .invalid("`\(path)` should be a text or up to \(maximumStopTexts) texts, none of them empty")
        }
        return texts
    }

    private func top(_ key: String, in body: JSONValue) throws(ServiceError) -> Int {
        let count = try integer(key, in: body, path: "", default: 0)
        let limit = SamplingEngine.maximumTopLogprobs
        guard 0...limit ~= count else { throw .invalid("`\(key)` is \(count); expected 0 to \(limit)") }
        return min(count, limits.vocabularySize)
    }

    private func integer(
        _ key: String, in object: JSONValue, path: String, default fallback: Int
    ) throws(ServiceError) -> Int {
        guard let value = object[key], value != .null else { return fallback }
        guard let integer = value.integerValue else {
            throw .invalid("`\(path)\(key)` should be an integer, but is \(value.kind)")
        }
        return integer
    }

    private func number(
        _ key: String, in parameters: JSONValue, default fallback: Double
    ) throws(ServiceError) -> Double {
        guard let value = parameters[key], value != .null else { return fallback }
        guard let number = value.doubleValue, number.isFinite else {
            throw .invalid("`sampling_params.\(key)` should be a number, but is \(value.kind)")
        }
        return number
    }
}
