import Primitives

/// The body of SGLang's `/generate`.
struct SGLangRequest {
    let order: SampleOrder
    /// One for each sequence.
    let identifiers: [String]
    /// The name of a loaded adapter.
    let adapter: String?

    var body: [UInt8] {
        var writer = JSONByteWriter()
        var rest: JSONObject = ["return_logprob": true, "stream": false]
        if let adapter { rest["lora_path"] = .string(adapter) }
        if order.count == 1 {
            writer.append(raw: "{\"input_ids\":")
            writer.append(order.prompt)
            rest["rid"] = .string(identifiers[0])
            rest["sampling_params"] = .object(parameters(0))
        } else {
            writer.append(raw: "{\"input_ids\":[")
            for index in 0..<order.count {
                if index > 0 { writer.append(raw: ",") }
                writer.append(order.prompt)
            }
            writer.append(raw: "]")
            rest["rid"] = .array(identifiers.map { .string($0) })
            rest["sampling_params"] = .array((0..<order.count).map { .object(parameters($0)) })
        }
        writer.append(raw: ",")
        writer.append(raw: Array(JSONValue.object(rest).serialized().dropFirst()))
        return writer.bytes
    }

    private func parameters(_ index: Int) -> JSONObject {
        let wanted = order.parameters
        var object: JSONObject = [
            "max_new_tokens": .integer(wanted.maxTokens), "temperature": .number(wanted.temperature),
            "top_p": .number(wanted.topP), "top_k": .integer(wanted.topK > 0 ? wanted.topK : -1),
            "stop_token_ids": .tokens(wanted.stopTokens), "sampling_seed": .integer(wanted.seed &+ Int64(index)),
            "skip_special_tokens": false, "no_stop_trim": true,
        ]
        if !wanted.stopTexts.isEmpty { object["stop"] = .array(wanted.stopTexts.map { .string($0) }) }
        return object
    }
}
