import Primitives

/// Reads the sequences out of SGLang's answer: an object for one sequence, a list of objects for several.
struct SGLangAnswer {
    let json: JSONValue
    let order: SampleOrder

    private var items: [JSONValue] { order.count == 1 ? [json] : json.arrayValue ?? [] }

    /// What each sequence says of the weights that it was drawn from.
    var weightVersions: [String?] { items.map { $0["meta_info"]?["weight_version"]?.stringValue } }

    func sequences() throws(SequenceCheck.Problem) -> [SampledSequence] {
        guard items.count == order.count else {
            throw .expected("a list of \(order.count) answers, found \(items.count)")
        }
        var all: [SampledSequence] = []
        for item in items { all.append(try sequence(item)) }
        return all
    }

    private func sequence(_ item: JSONValue) throws(SequenceCheck.Problem) -> SampledSequence {
        guard let information = item["meta_info"] else { throw .expected("the member `meta_info`") }
        let reason = information["finish_reason"]
        if reason?["type"]?.stringValue == "abort" {
            throw .aborted(reason?["message"]?.stringValue ?? "the engine aborted it")
        }
        guard let entries = information["output_token_logprobs"]?.arrayValue else {
            throw .expected("`meta_info.output_token_logprobs` with [logprob, token id, text] for each token")
        }
        var tokens: [TokenID] = []
        var logprobs: [Float] = []
        for entry in entries {
            guard let parts = entry.arrayValue, parts.count >= 2, let logprob = parts[0].doubleValue,
                let token = parts[1].integerValue.flatMap(TokenID.init(exactly:))
            else { throw .expected("[logprob, token id, text] in `output_token_logprobs`, found \(entry)") }
            tokens.append(token)
            logprobs.append(Float(logprob))
        }
        if let given = item["output_ids"]?.tokensValue, given != tokens {
            throw .expected("`output_ids` (\(given.count)) equal to those of `output_token_logprobs` (\(tokens.count))")
        }
        return try SequenceCheck.sequence(
            tokens: tokens, logprobs: logprobs, reason: reason?["type"]?.stringValue, limit: order.parameters.maxTokens)
    }
}
