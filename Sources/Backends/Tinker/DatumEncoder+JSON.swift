import Primitives

/// Dialect J.
extension DatumEncoder {
    static func json(_ datum: Datum, loss: LossFunction, sendsWeights: Bool) -> [UInt8] {
        var writer = JSONByteWriter()
        func tensor(
            _ name: StaticString, _ type: StaticString, _ writer: inout JSONByteWriter,
            _ data: (inout JSONByteWriter) -> Void
        ) {
            writer.append(raw: "\"")
            writer.append(raw: name)
            writer.append(raw: "\":{\"data\":")
            data(&writer)
            writer.append(raw: ",\"dtype\":\"")
            writer.append(raw: type)
            writer.append(raw: "\",\"shape\":[")
            writer.append(datum.count)
            writer.append(raw: "]}")
        }
        writer.append(raw: "{\"loss_fn_inputs\":{")
        tensor("target_tokens", "int64", &writer) { $0.append(datum.targetTokens) }
        if loss == .crossEntropy || sendsWeights {
            writer.append(raw: ",")
            tensor("weights", "float32", &writer) { $0.append(datum.weights) }
        }
        if loss != .crossEntropy {
            writer.append(raw: ",")
            tensor("logprobs", "float32", &writer) { $0.append(datum.logprobs) }
            writer.append(raw: ",")
            tensor("advantages", "float32", &writer) { $0.append(datum.advantages) }
        }
        writer.append(raw: "},\"model_input\":{\"chunks\":[{\"tokens\":")
        writer.append(datum.inputTokens)
        writer.append(raw: ",\"type\":\"encoded_text\"}]}}")
        return writer.bytes
    }

    static func jsonBody(
        _ chunk: Chunk, forwardOnly: Bool, loss: LossFunction, modelIdentifier: String, sequence: Int
    ) -> [UInt8] {
        var writer = JSONByteWriter()
        writer.append(raw: forwardOnly ? "{\"forward_input\":{\"data\":" : "{\"forward_backward_input\":{\"data\":")
        writer.append(raw: chunk.data)
        writer.append(raw: ",\"loss_fn\":")
        writer.append(loss.wireName)
        let configuration = loss.wireConfiguration.sorted { $0.key < $1.key }
        if !configuration.isEmpty {
            var object = JSONObject()
            for (key, value) in configuration { object[key] = .number(value) }
            writer.append(raw: ",\"loss_fn_config\":")
            writer.append(raw: JSONValue.object(object).serialized())
        }
        writer.append(raw: "},\"model_id\":")
        writer.append(modelIdentifier)
        writer.append(raw: ",\"seq_id\":")
        writer.append(sequence)
        writer.append(raw: "}")
        return writer.bytes
    }
}
