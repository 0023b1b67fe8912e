import Primitives

/// Makes a sampled sequence of an engine's answer, or says what is wrong with it.
///
/// What passes has as many logprobs as tokens, all of them finite and at most 0, no more tokens than were asked for, and a
/// reason to end.
enum SequenceCheck {
    /// vLLM reports a logprob that it does not have, or that is not a number, as −9999 (vLLM source,
    /// `entrypoints/serve/disagg/serving.py`); no float32 softmax yields one that low for a token that was drawn.
    static let absentLogprob: Float = -9999
    /// Rounding may lift a logprob of nearly 0 above it.
    private static let rounding: Float = 1e-3

    enum Problem: Error {
        case expected(String)
        case aborted(String)
    }

    static func sequence(
        tokens: [TokenID], logprobs: [Float], reason: String?, detail: String? = nil, limit: Int
    ) throws(Problem) -> SampledSequence {
        if let reason, reason == "abort" || reason == "error" {
            throw .aborted(detail ?? "it ended with `\(reason)`")
        }
        guard !tokens.isEmpty, tokens.count <= limit, tokens.allSatisfy({ $0 >= 0 }) else {
            throw .expected("1 to \(limit) token ids in each sequence, found \(tokens.count)")
        }
        guard logprobs.count == tokens.count else {
            throw .expected("a logprob for each of \(tokens.count) tokens, found \(logprobs.count)")
        }
        if let place = logprobs.firstIndex(where: { !$0.isFinite || $0 <= absentLogprob || $0 > rounding }) {
            throw .expected("finite logprobs, at most 0, for the sampled tokens, found \(logprobs[place]) at \(place)")
        }
        switch reason {
        case "stop": return SampledSequence(tokens: tokens, logprobs: logprobs, stopReason: .stop)
        case "length": return SampledSequence(tokens: tokens, logprobs: logprobs, stopReason: .length)
        default: throw .expected("a finish reason of `stop` or `length`, found `\(reason ?? "none")`")
        }
    }
}
