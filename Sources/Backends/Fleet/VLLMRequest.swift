import Primitives

/// The bodies of vLLM's two sampling requests.
struct VLLMRequest {
    let order: SampleOrder
    let model: String
    /// Separates prefix-cache entries of different weights, also where an engine would confuse them (vllm#42125).
    let cacheSalt: String

    /// `/inference/v1/generate`.
    var generateBody: [UInt8] {
        var sampling = parameters
        sampling["n"] = .integer(order.count)
        // The text is of no use, and making it costs the server time; stop texts need it.
        if order.parameters.stopTexts.isEmpty { sampling["detokenize"] = false }
        var writer = opened("{\"token_ids\":")
        writer.append(raw: ",\"sampling_params\":")
        writer.append(raw: JSONValue.object(sampling).serialized())
        writer.append(raw: ",\"stream\":false}")
        return writer.bytes
    }

    /// `/v1/completions`, whose sampling parameters are members of the request itself.
    var completionsBody: [UInt8] {
        var members = parameters
        members["n"] = .integer(order.count)
        members["return_token_ids"] = true
        members["stream"] = false
        var writer = opened("{\"prompt\":")
        writer.append(raw: ",")
        writer.append(raw: Array(JSONValue.object(members).serialized().dropFirst()))
        return writer.bytes
    }

    private func opened(_ start: StaticString) -> JSONByteWriter {
        var writer = JSONByteWriter()
        writer.append(raw: start)
        writer.append(order.prompt)
        writer.append(raw: ",\"model\":")
        writer.append(model)
        writer.append(raw: ",\"cache_salt\":")
        writer.append(cacheSalt)
        return writer
    }

    private var parameters: JSONObject {
        let wanted = order.parameters
        var object: JSONObject = [
            "max_tokens": .integer(wanted.maxTokens), "temperature": .number(wanted.temperature),
            "top_p": .number(wanted.topP), "top_k": .integer(wanted.topK), "seed": .integer(wanted.seed),
            "stop_token_ids": .tokens(wanted.stopTokens), "ignore_eos": true, "logprobs": 1,
            "skip_special_tokens": false,
        ]
        if !wanted.stopTexts.isEmpty {
            object["stop"] = .array(wanted.stopTexts.map { .string($0) })
            object["include_stop_str_in_output"] = true
        }
        return object
    }
}
