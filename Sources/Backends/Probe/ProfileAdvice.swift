/// What a profile means for those who write recipes, in words.
public enum ProfileAdvice {
    /// One sentence for each thing to avoid or to know, the gravest first.
    public static func sentences(for profile: BackendProfile) -> [String] {
        var sentences: [String] = []
        switch profile.lossReduction {
        case .tokenSum: break
        case .meanOfDatumMeans:
            sentences.append(
                "Losses are means of datum means; the client scales advantages so that the gradient is that of a sum, and "
                    + "supervised steps cost one forward pass more.")
        case .unknown:
            sentences.append("Do not train here: losses are reduced in a way that the client cannot undo.")
        }
        if !profile.losses.contains("importance_sampling") {
            sentences.append("Do not train here with a policy loss: importance_sampling is not computed as documented.")
        }
        let replaced = BackendProfile.allLosses.subtracting(profile.losses).subtracting(["importance_sampling"])
            .sorted()
        if !replaced.isEmpty {
            sentences.append(
                "\(replaced.joined(separator: ", ")) \(replaced.count == 1 ? "is" : "are") not computed; the client sends "
                    + "importance_sampling with the same gradient instead, at the cost of one forward pass a step.")
        }
        if !profile.honoursGradientClip {
            sentences.append("Set optimizer.gradient_clip_norm to 0 in every stage: clipping by norm is ignored.")
        }
        sentences.append(
            "Keep rl.temperature at 1: "
                + (profile.logprobSpace == .raw
                    ? "the sampler's logprobs are those of temperature 1 at every temperature."
                    : "the sampler's logprobs are those of the temperature drawn at, the trainer's are not."))
        if profile.clipConvention != .absoluteRatios {
            sentences.append(
                "The server does not read clip bounds as ratios; ppo and cispo are replaced by importance_sampling with the "
                    + "same gradient.")
        }
        if profile.trainsAllParameters == false { sentences.append("Set model.lora_rank: only adapters are trained.") }
        if profile.trainsAdapters == false {
            sentences.append("Leave model.lora_rank at 0: only all parameters can be trained.")
        }
        if let rank = profile.maximumAdapterRank { sentences.append("Keep model.lora_rank at \(rank) or below.") }
        if let slots = profile.adapterSlots {
            sentences.append("At most \(slots) models exist at a time; the probe needs one for itself.")
        }
        if let versions = profile.samplerVersions {
            sentences.append(
                versions == 1
                    ? "Leave rl.async.max_staleness at 0: an older version of the policy cannot be sampled once there is a newer "
                        + "one, and on some servers asking it would overwrite what is trained."
                    : "Keep rl.async.max_staleness below \(versions): that many versions of the policy can be sampled at a time."
            )
        }
        switch profile.seedConvention {
        case .seedPlusIndex, .perRequest: break
        case .sameForAll:
            sentences.append("Samples of one request are equal; the client asks for each sample on its own.")
        case .ignored: sentences.append("Seeds are ignored: a run cannot be repeated exactly.")
        }
        if !profile.isIdempotent {
            sentences.append(
                "Repeated requests run again, so that a training request whose fate is unknown ends the attempt; keep "
                    + "checkpoints.every small, because the run then goes back to the last manifest.")
        }
        return sentences
    }
}
