import Primitives

/// Reads results of promises, refusing whatever is not as the protocol says.
struct TinkerResult {
    let value: JSONValue
    /// The request that the result answers, for errors.
    let call: TinkerCall
    let wire: TinkerWire

    /// A required string member.
    func string(_ key: String) throws(BackendError) -> String {
        guard let text = value[key]?.stringValue, !text.isEmpty else {
            throw garbage("an object with the string `\(key)`", value)
        }
        return text
    }

    /// The logprobs of each datum of a forward or forward-backward request.
    func logprobs(of datums: some Collection<Datum>) throws(BackendError) -> [[Float]] {
        guard let outputs = value["loss_fn_outputs"]?.arrayValue, outputs.count == datums.count else {
            throw garbage("`loss_fn_outputs` with one object for each of \(datums.count) datums", value)
        }
        var all: [[Float]] = []
        all.reserveCapacity(outputs.count)
        for (index, (output, datum)) in zip(outputs, datums).enumerated() {
            let expected = "`loss_fn_outputs[\(index)].logprobs.data` with \(datum.count) finite numbers"
            guard let tensor = output["logprobs"] else { throw garbage(expected, output) }
            all.append(try floats(tensor["data"], count: datum.count, expected))
        }
        return all
    }

    /// The named metrics; what is not a number is left out.
    var metrics: [String: Double] {
        var metrics: [String: Double] = [:]
        for member in value["metrics"]?.objectValue?.members ?? [] { metrics[member.key] = member.value.doubleValue }
        return metrics
    }

    /// The first metric called `name`, whatever prefix (`skyrl.ai/…`) and reduction (`…:mean`) it carries.
    func metric(_ name: String) -> Double? {
        let members = value["metrics"]?.objectValue?.members ?? []
        let match = members.first { member in
            let base = member.key.split(separator: "/").last ?? ""
            return base.split(separator: ":").first.map(String.init) == name
        }
        return match?.value.doubleValue
    }

    /// The continuations of a sampling request.
    func sequences(count: Int, maximumTokens: Int) throws(BackendError) -> [SampledSequence] {
        guard let items = value["sequences"]?.arrayValue, items.count == count else {
            throw garbage("`sequences` with \(count) objects", value)
        }
        var sequences: [SampledSequence] = []
        for (index, item) in items.enumerated() {
            let place = "`sequences[\(index)]"
            guard let tokens = item["tokens"]?.tokensValue, tokens.count <= maximumTokens,
                tokens.allSatisfy({ $0 >= 0 })
            else { throw garbage("\(place).tokens` with at most \(maximumTokens) token ids", item) }
            let logprobs = try floats(
                item["logprobs"], count: tokens.count, "\(place).logprobs` with \(tokens.count) finite numbers")
            guard let reason = item["stop_reason"]?.stringValue.flatMap(SampledSequence.StopReason.init) else {
                throw garbage("\(place).stop_reason` of \"stop\" or \"length\"", item)
            }
            sequences.append(SampledSequence(tokens: tokens, logprobs: logprobs, stopReason: reason))
        }
        return sequences
    }

    private func floats(_ value: JSONValue?, count: Int, _ expected: String) throws(BackendError) -> [Float] {
        guard let floats = value?.floatsValue, floats.count == count, floats.allSatisfy(\.isFinite) else {
            throw garbage(expected, value ?? .null)
        }
        return floats
    }

    private func garbage(_ expected: String, _ received: JSONValue) -> BackendError {
        wire.garbage(received.serialized(), from: call.path, expected: expected)
    }
}
