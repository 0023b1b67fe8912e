import Primitives

/// The checked content of an `asample` request: sample *i* draws with `request.seed + i`.
struct SampleRequest: Sendable {
    var count: Int
    var request: SamplingEngine.Request
}

/// Reads `asample` bodies and refuses what the sampler could not do exactly as asked.
///
/// `max_tokens` may reach beyond the model's positions: a sequence that fills them ends with reason `length`.
struct SampleRequestDecoder {
    static let maximumSamples = 1024

    let limits: ModelLimits
    /// The tokens that end a sequence where the request's `stop` is null.
    let endOfSequence: [Int32]
    /// The seed where the request has none.
    let defaultSeed: Int64

    func decode(_ body: JSONValue) throws(ServiceError) -> SampleRequest {
        for key in ["topk_prompt_logprobs", "topk_sample_logprobs", "prompt_alt_tokens_k"]
        where body[key]?.integerValue ?? 0 != 0 {
            throw .invalid("`\(key)` is not supported by this backend; send 0 or leave it out")
        }
        for key in ["target_prompt_logprobs", "prompt_logprobs_last_n"] where body[key] ?? .null != .null {
            throw .invalid("`\(key)` is not supported by this backend; leave it out")
        }
        let count = try integer("num_samples", in: body, path: "", default: 1)
        guard 1...Self.maximumSamples ~= count else {
            throw .invalid("`num_samples` is \(count); expected 1 to \(Self.maximumSamples)")
        }
        let prompt = try TokenDecoder(limits: limits).modelInput(body["prompt"], path: "prompt")
        let parameters = body["sampling_params"] ?? .null
        guard let maxTokens = parameters["max_tokens"]?.integerValue, maxTokens >= 1 else {
            throw .invalid("`sampling_params.max_tokens` is required and should be at least 1")
        }
        guard prompt.count < limits.maximumPositions else {
            throw .invalid(
                "the prompt has \(prompt.count) tokens; the model has \(limits.maximumPositions) positions in all")
        }
        let temperature = try number("temperature", in: parameters, default: 1)
        guard temperature >= 0 else { throw .invalid("`sampling_params.temperature` is negative") }
        let topP = try number("top_p", in: parameters, default: 1)
        guard topP > 0, topP <= 1 else {
            throw .invalid("`sampling_params.top_p` is \(topP); expected more than 0 and at most 1")
        }
        let topK = try integer("top_k", in: parameters, path: "sampling_params.", default: -1)
        guard topK >= -1 else { throw .invalid("`sampling_params.top_k` is \(topK); expected -1 (off) or more") }
        let seed = try integer("seed", in: parameters, path: "sampling_params.", default: Int(defaultSeed))
        return SampleRequest(
            count: count,
            request: SamplingEngine.Request(
                prompt: prompt, maxTokens: maxTokens, temperature: Float(temperature), topK: topK == 0 ? -1 : topK,
                topP: Float(topP), stopTokens: try stopTokens(parameters["stop"] ?? .null), seed: Int64(seed),
                wantsPromptLogprobs: body["prompt_logprobs"]?.boolValue ?? false))
    }

    private func stopTokens(_ stop: JSONValue) throws(ServiceError) -> [Int32] {
        if stop == .null { return endOfSequence }
        if stop.stringValue != nil || stop.arrayValue?.contains(where: { $0.stringValue != nil }) == true {
            throw .invalid("`sampling_params.stop` has strings; this backend has no tokenizer, send token ids")
        }
        return try TokenDecoder(limits: limits).tokens(stop, path: "sampling_params.stop")
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
