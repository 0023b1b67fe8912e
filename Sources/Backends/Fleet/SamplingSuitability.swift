/// Whether logprobs of a sampling request can be trained on.
///
/// At temperature 1 without truncation an engine's logprobs are those of the distribution that was sampled, whatever its
/// mode, and greedy decoding is never trained on. Otherwise raw logprobs are not those of the sampled distribution, and
/// processed ones are not comparable with the trainer's, which are always raw (vLLM docs, `--logprobs-mode`).
enum SamplingSuitability {
    static func problem(
        with parameters: SamplingParameters, mode: FleetEndpoint.LogprobMode, accepts: Bool
    ) -> String? {
        if accepts || parameters.temperature == 0 { return nil }
        var causes: [String] = []
        if parameters.temperature != 1 { causes.append("temperature \(parameters.temperature)") }
        if parameters.topP != 1 { causes.append("top-p \(parameters.topP)") }
        if parameters.topK > 0 { causes.append("top-k \(parameters.topK)") }
        if causes.isEmpty { return nil }
        let meaning =
            switch mode {
            case .raw: "are those of the untempered, untruncated model, which is not what is sampled"
            case .processed: "are those of the changed distribution, which the trainer's cannot be compared with"
            }
        return
            "\(causes.joined(separator: ", ")) on a rollout fleet makes logprobs that training cannot use: with "
            + "`sampler.logprobs: \(mode.rawValue)` they \(meaning); sample at temperature 1 without top-p and top-k, or set "
            + "`sampler.accepts_off_policy_sampling: true`"
    }
}
