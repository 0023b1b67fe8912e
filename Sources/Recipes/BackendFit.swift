import Backends

/// Whether a recipe means on a backend what it says.
struct BackendFit {
    let recipe: Recipe
    let profile: BackendProfile

    /// What the recipe asks for and the backend cannot do, each at its place in the recipe.
    var problems: [RecipeError.Problem] {
        var problems: [RecipeError.Problem] = []
        func complain(_ path: String, _ text: String) {
            problems.append(
                .init(place: recipe.places[path] ?? .init(source: recipe.name, line: 0), text: "\(path) \(text)"))
        }
        let server = "the backend (profile \(profile.name))"
        if profile.lossReduction == .unknown {
            complain(
                "backend.kind",
                "cannot be used: \(server) reduces losses in a way that the client cannot undo; `medresearcher doctor` shows "
                    + "what was measured, and backend.profile.loss_reduction overrides it")
        }
        let rank = recipe.model.loraRank
        if rank == 0, profile.trainsAllParameters == false {
            complain("model.lora_rank", "is 0, but \(server) trains adapters only; set it to a rank, for example 8")
        }
        if rank > 0, profile.trainsAdapters == false {
            complain("model.lora_rank", "is \(rank), but \(server) trains all parameters only; set it to 0")
        }
        if let limit = profile.maximumAdapterRank, rank > limit {
            complain("model.lora_rank", "is \(rank), but \(server) takes ranks up to \(limit)")
        }
        if recipe.reinforcement?.objective.reference != nil, let places = profile.adapterSlots, places < 2 {
            complain(
                "rl.kl.reference",
                "needs a second model beside the one that is trained, but \(server) has places for \(places) only")
        }
        let optimizers = [
            ("pretraining", recipe.pretraining?.optimizer), ("sft", recipe.supervised?.optimizer),
            ("rl", recipe.reinforcement?.optimizer),
        ]
        for (section, optimizer) in optimizers {
            guard let optimizer, optimizer.gradientClipNorm > 0, !profile.honoursGradientClip else { continue }
            complain(
                "\(section).optimizer.gradient_clip_norm",
                "is \(optimizer.gradientClipNorm), but \(server) ignores it; set it to 0, for no clipping")
        }
        guard let reinforcement = recipe.reinforcement else { return problems }
        // What a fleet's logprobs mean is the recipe's own affair (`sampler.accepts_off_policy_sampling`).
        if reinforcement.temperature != 1, recipe.sampler.kind == .backend {
            let reason =
                profile.logprobSpace == .raw
                ? "the sampler's logprobs are those of temperature 1"
                : "the trainer's logprobs are those of temperature 1 and the sampler's are not"
            complain(
                "rl.temperature",
                "is \(reinforcement.temperature), but \(reason), so that training would take other samples for the policy's; "
                    + "set it to 1")
        }
        if !profile.losses.contains("importance_sampling") {
            complain("rl.loss.kind", "cannot be trained: \(server) does not compute importance_sampling as documented")
        }
        return problems
    }

    /// Measures a recipe's backend and refuses it where the recipe would not mean there what it says.
    static func profile(
        _ recipe: Recipe, directories: BackendConnection.Directories, notice: @escaping @Sendable (String) -> Void
    ) async throws -> ProfileRecord {
        let record = try await BackendConnection.profile(recipe, directories: directories, notice: notice)
        let fit = BackendFit(recipe: recipe, profile: record.profile)
        guard fit.problems.isEmpty else { throw RecipeError(problems: fit.problems) }
        for text in fit.notices { notice(text) }
        return record
    }

    /// What a user should know though nothing forbids it.
    var notices: [String] {
        var notices: [String] = []
        if let reinforcement = recipe.reinforcement {
            let name = reinforcement.objective.loss.loss.serverLoss.wireName
            let isMissing = !profile.losses.contains(name)
            if isMissing, profile.losses.contains("importance_sampling") {
                notices.append(
                    "the backend does not compute \(name); each step is sent as importance_sampling with the same gradient, "
                        + "at the cost of one forward pass")
            }
        }
        if profile.seedConvention == .ignored {
            notices.append("the backend ignores seeds, so that this run cannot be repeated exactly")
        }
        return notices
    }
}
