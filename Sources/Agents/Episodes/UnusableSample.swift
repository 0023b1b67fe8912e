import Backends

/// What makes a sampler's answer one that cannot be trained on.
struct UnusableSample: Error {
    let problem: String

    /// `nil` where the answer is one sequence of at least one and at most `limit` tokens with a finite logprob for each and a version
    /// for every one or none.
    init?(_ sequences: [SampledSequence], limit: Int) {
        if sequences.count != 1 {
            problem = "\(sequences.count) sequences"
        } else if sequences[0].tokens.isEmpty {
            problem = "a sequence without tokens"
        } else if sequences[0].tokens.count > limit {
            problem = "\(sequences[0].tokens.count) tokens where at most \(limit) were asked for"
        } else if sequences[0].logprobs.count != sequences[0].tokens.count {
            problem = "\(sequences[0].logprobs.count) logprobs for \(sequences[0].tokens.count) tokens"
        } else if !sequences[0].logprobs.allSatisfy(\.isFinite) {
            problem = "a logprob that is not finite"
        } else if !sequences[0].versionSpans.isEmpty, !sequences[0].versionSpans.covers(sequences[0].tokens.count) {
            let covered = sequences[0].versionSpans.map { "\($0.tokenCount)" }.joined(separator: " + ")
            problem = "policy versions for \(covered) tokens of \(sequences[0].tokens.count)"
        } else {
            return nil
        }
    }

    func failure(turn: Int, policyVersion: Int) -> EpisodeFailure {
        EpisodeFailure(
            .unusableSample,
            reason:
                "the sampler of policy version \(policyVersion) answered turn \(turn + 1) with \(problem); expected one "
                + "sequence of at least one token with a finite logprob for each, within the token bound; check the backend"
        )
    }
}
