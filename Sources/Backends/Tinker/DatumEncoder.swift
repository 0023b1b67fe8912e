import Primitives

/// Datums as the JSON of forward and forward-backward requests.
enum DatumEncoder {
    /// The largest request a server takes; the defaults are the protocol's.
    struct Limits: Sendable, Equatable {
        var datums = 1024
        var bytes = 5_000_000
    }

    /// A part of a batch that fits one request: the JSON array of its datums, and which datums they are.
    struct Chunk: Sendable {
        var data: [UInt8]
        var range: Range<Int>
    }

    /// Encodes datums in order into as few chunks as the limits allow. A datum over the byte limit gets a chunk of its own.
    static func chunks(
        _ datums: [Datum], loss: LossFunction, sendsWeights: Bool, limits: Limits
    ) throws(BackendError) -> [Chunk] {
        guard !datums.isEmpty else { throw .invalidRequest(detail: "there is no datum in the batch") }
        var chunks: [Chunk] = []
        var open = JSONByteWriter()
        var start = 0
        for (index, datum) in datums.enumerated() {
            try check(datum, index: index)
            var writer = JSONByteWriter()
            write(datum, loss: loss, sendsWeights: sendsWeights, to: &writer)
            let isFull =
                index - start >= limits.datums || open.bytes.count + writer.bytes.count + 2 > limits.bytes
            if index > start, isFull {
                open.append(raw: "]")
                chunks.append(Chunk(data: open.bytes, range: start..<index))
                open = JSONByteWriter()
                start = index
            }
            open.append(raw: index == start ? "[" : ",")
            open.append(raw: writer.bytes)
        }
        open.append(raw: "]")
        chunks.append(Chunk(data: open.bytes, range: start..<datums.count))
        return chunks
    }

    /// The body of `forward` (`input` = "forward_input") or `forward_backward` ("forward_backward_input").
    static func body(
        input: StaticString, chunk: Chunk, loss: LossFunction, modelIdentifier: String, sequence: Int
    ) -> [UInt8] {
        var writer = JSONByteWriter()
        writer.append(raw: "{\"")
        writer.append(raw: input)
        writer.append(raw: "\":{\"data\":")
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

    private static func write(_ datum: Datum, loss: LossFunction, sendsWeights: Bool, to writer: inout JSONByteWriter) {
        func tensor(_ name: StaticString, _ type: StaticString, _ data: (inout JSONByteWriter) -> Void) {
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
        tensor("target_tokens", "int64") { $0.append(datum.targetTokens) }
        if loss == .crossEntropy || sendsWeights {
            writer.append(raw: ",")
            tensor("weights", "float32") { $0.append(datum.weights) }
        }
        if loss != .crossEntropy {
            writer.append(raw: ",")
            tensor("logprobs", "float32") { $0.append(datum.logprobs) }
            writer.append(raw: ",")
            tensor("advantages", "float32") { $0.append(datum.advantages) }
        }
        writer.append(raw: "},\"model_input\":{\"chunks\":[{\"tokens\":")
        writer.append(datum.inputTokens)
        writer.append(raw: ",\"type\":\"encoded_text\"}]}}")
    }

    private static func check(_ datum: Datum, index: Int) throws(BackendError) {
        guard datum.count > 0 else { throw .invalidRequest(detail: "datum \(index) of the batch is empty") }
        for (name, values) in [
            ("weights", datum.weights), ("logprobs", datum.logprobs), ("advantages", datum.advantages),
        ] {
            if let position = values.firstIndex(where: { !$0.isFinite }) {
                throw .invalidRequest(
                    detail: "\(name) of datum \(index) holds \(values[position]) at position \(position); "
                        + "finite numbers were expected")
            }
        }
        if let token = (datum.inputTokens + datum.targetTokens).first(where: { $0 < 0 }) {
            throw .invalidRequest(detail: "datum \(index) holds the negative token id \(token)")
        }
    }
}
