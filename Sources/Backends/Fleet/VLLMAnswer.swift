import Primitives

/// Reads the sequences out of vLLM's answers.
struct VLLMAnswer {
    let json: JSONValue
    let order: SampleOrder

    /// Of `/inference/v1/generate`: `logprobs.content[]` has the sampled token as `token_id`, or in older servers as
    /// `token` with the text `token_id:123`, and its `logprob`.
    func generated() throws(SequenceCheck.Problem) -> [SampledSequence] {
        try sequences { (choice, tokens) throws(SequenceCheck.Problem) in
            guard let content = choice["logprobs"]?["content"]?.arrayValue else {
                throw .expected("`choices[].logprobs.content` with a logprob for each token")
            }
            guard content.count == tokens.count else {
                throw .expected("\(tokens.count) entries in `logprobs.content`, found \(content.count)")
            }
            var logprobs: [Float] = []
            for (entry, token) in zip(content, tokens) {
                let named = entry["token_id"]?.integerValue ?? entry["token"]?.stringValue.flatMap(Self.tokenID)
                if let named, named != Int(token) {
                    throw .expected("the logprob of token \(token), found that of \(named)")
                }
                guard let logprob = entry["logprob"]?.doubleValue else {
                    throw .expected("a `logprob` for token \(token)")
                }
                logprobs.append(Float(logprob))
            }
            return logprobs
        }
    }

    /// Of `/v1/completions` with `return_token_ids`.
    func completed() throws(SequenceCheck.Problem) -> [SampledSequence] {
        try sequences { (choice, _) throws(SequenceCheck.Problem) in
            guard let logprobs = choice["logprobs"]?["token_logprobs"]?.floatsValue else {
                throw .expected("`choices[].logprobs.token_logprobs` with a number for each token")
            }
            return logprobs
        }
    }

    private func sequences(
        logprobs: (_ choice: JSONValue, _ tokens: [TokenID]) throws(SequenceCheck.Problem) -> [Float]
    ) throws(SequenceCheck.Problem) -> [SampledSequence] {
        guard let choices = json["choices"]?.arrayValue, choices.count == order.count else {
            throw .expected("`choices` with \(order.count) sequences, found \(json["choices"]?.arrayValue?.count ?? 0)")
        }
        var all: [SampledSequence?] = Array(repeating: nil, count: order.count)
        for choice in choices {
            guard let index = choice["index"]?.integerValue, all.indices.contains(index), all[index] == nil else {
                throw .expected("each `index` from 0 to \(order.count - 1) once")
            }
            let reason = choice["finish_reason"]?.stringValue
            if reason == "abort" || reason == "error" { throw .aborted("it ended with `\(reason ?? "")`") }
            guard let tokens = choice["token_ids"]?.tokensValue else {
                throw .expected("`choices[].token_ids`; vLLM has them from version 0.10.2")
            }
            all[index] = try SequenceCheck.sequence(
                tokens: tokens, logprobs: try logprobs(choice, tokens), reason: reason,
                limit: order.parameters.maxTokens)
        }
        return all.compactMap { $0 }
    }

    private static func tokenID(_ text: String) -> Int? {
        text.hasPrefix("token_id:") ? Int(text.dropFirst("token_id:".count)) : nil
    }
}
