import Backends
import Dispatch
import EmbeddedBackend
import Foundation
import Storage
import Transport

/// Where rollouts are drawn: from the backend that trains, or from a fleet of vLLM or SGLang servers of their own.
public struct SamplerSection: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case backend, vllm, sglang

        fileprivate var fleet: FleetEndpoint.Kind? {
            switch self {
            case .backend: nil
            case .vllm: .vllm
            case .sglang: .sglang
            }
        }
    }

    public var kind: Kind
    /// One for each replica.
    public var urls: [String] = []
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String?
    /// Where the fleet's machines see the weights that the backend saves; a template with `{model}`, `{name}` or `{path}`.
    /// The embedded backend's own checkpoint directory unless given.
    public var weightsDirectory: String?
    /// What the engines' logprobs mean where temperature is not 1; the engine's default unless given.
    public var logprobs: FleetEndpoint.LogprobMode?
    /// Whether settings are allowed whose logprobs training cannot use as they are.
    public var acceptsOffPolicySampling = false
    /// The most sequences in flight on one replica.
    public var concurrency = 64
    /// The deadline of one request, in seconds.
    public var requestSeconds = 600

    private static let fleetKeys = [
        "urls", "api_key_env", "weights_directory", "logprobs", "accepts_off_policy_sampling", "concurrency",
        "request_seconds",
    ]

    init(_ section: RecipeSection) {
        kind = section.choice("kind", default: Kind.backend) ?? .backend
        guard kind != .backend else {
            for key in Self.fleetKeys {
                section.knows(key)
                if section.has(key) {
                    section.reader.complain(
                        section.place, "sampler.\(key) is for fleets; set sampler.kind to vllm or sglang, or remove it")
                }
            }
            section.finish()
            return
        }
        urls = section.texts("urls", default: [])
        apiKeyVariable = section.optionalText("api_key_env")
        weightsDirectory = section.optionalText("weights_directory")
        if section.has("logprobs") { logprobs = section.choice("logprobs", default: FleetEndpoint.LogprobMode.raw) }
        section.knows("logprobs")
        acceptsOffPolicySampling = section.boolean("accepts_off_policy_sampling", default: false)
        concurrency = section.integer("concurrency", default: 64, in: 1...100_000)
        requestSeconds = section.integer("request_seconds", default: 600, in: 1...86_400)
        section.finish()
        if urls.isEmpty {
            section.reader.complain(
                section.place,
                "sampler.urls is missing; expected a list with the address of each \(kind.rawValue) server")
        }
        for url in urls where !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            section.reader.complain(section.place, "sampler.urls must start with http:// or https://, found `\(url)`")
        }
        if Set(urls).count < urls.count {
            section.reader.complain(section.place, "sampler.urls names a server twice; expected each replica once")
        }
    }

    /// Complains about what a fleet cannot do for the rest of the recipe.
    func check(_ recipe: Recipe, _ root: RecipeSection) {
        guard kind != .backend else { return }
        let place = root.section("sampler").place
        if recipe.backend.kind != .embedded, weightsDirectory == nil {
            root.reader.complain(
                place,
                "sampler.weights_directory is missing; expected where the fleet sees what the backend saves, for example "
                    + "/mnt/weights/{model}/{name}")
        }
        if recipe.pretraining != nil {
            root.reader.complain(place, "`pretraining` draws no rollouts; remove the section `sampler`")
        }
        if let temperature = recipe.reinforcement?.temperature, temperature != 1, !acceptsOffPolicySampling {
            root.reader.complain(
                root.section("rl").place(of: "temperature"),
                "rl.temperature is \(temperature), but the logprobs of a rollout fleet can be trained on at temperature 1 "
                    + "only; set rl.temperature to 1, or sampler.accepts_off_policy_sampling to true")
        }
        if recipe.evaluation.temperature != 0, recipe.evaluation.temperature != 1, !acceptsOffPolicySampling {
            root.reader.complain(
                root.section("evaluation").place(of: "temperature"),
                "evaluation.temperature is \(recipe.evaluation.temperature); on a rollout fleet expected 0 or 1, or "
                    + "sampler.accepts_off_policy_sampling: true")
        }
    }

    /// What the fleet is told of a recipe's weights.
    func endpoint(_ recipe: Recipe) throws(RecipeError) -> FleetEndpoint? {
        guard let kind = kind.fleet else { return nil }
        let key = try apiKeyVariable.map { variable throws(RecipeError) in
            guard let key = ProcessInfo.processInfo.environment[variable] else {
                throw RecipeError(problems: [
                    .init(
                        place: recipe.places["sampler.api_key_env"] ?? .init(source: recipe.name, line: 0),
                        text: "sampler.api_key_env names \(variable), but that environment variable is not set")
                ])
            }
            return key
        }
        var timing = FleetTiming()
        timing.requestTimeout = .seconds(requestSeconds)
        return FleetEndpoint(
            kind: kind, urls: urls, apiKey: key, apiKeyVariable: apiKeyVariable,
            form: recipe.model.loraRank > 0 ? .adapter : .full, logprobMode: logprobs,
            acceptsOffPolicySampling: acceptsOffPolicySampling, concurrency: concurrency, timing: timing)
    }

    /// Asks every replica who it is: one line for each, none where the backend samples.
    /// - Throws: `FleetError` where none answers.
    func fleetReport(_ recipe: Recipe) async throws -> [String] {
        guard let endpoint = try endpoint(recipe) else { return [] }
        let transport = HTTPClient()
        defer { transport.shutdown() }
        let fleet = try await RolloutFleet.connect(endpoint, transport: transport)
        let report = fleet.report
        await fleet.close()
        return report
    }

    /// Deletes the weights that a killed attempt had published; nothing samples them any more.
    private static func removeLeftovers(in directory: String) {
        for model in (try? FileStore.list(directory)) ?? [] {
            let samplers = "\(directory)/\(model)/sampler_weights"
            for name in (try? FileStore.list(samplers)) ?? [] where name.hasPrefix(FleetTrainer.namePrefix) {
                try? FileStore.remove(samplers + "/" + name)
            }
        }
    }

    /// The trainer whose policy is sampled on the fleet, or `nil` where the backend samples.
    /// - Parameter checkpointDirectory: where the embedded backend keeps what it saves.
    func fleetTrainer(
        _ trainer: TinkerTrainer, recipe: Recipe, checkpointDirectory: String, transport: HTTPClient,
        notice: @escaping @Sendable (String) -> Void
    ) async throws -> FleetTrainer? {
        guard let endpoint = try endpoint(recipe) else { return nil }
        let checkpoints = recipe.backend.kind == .embedded ? EmbeddedCheckpoints(directory: checkpointDirectory) : nil
        let locator =
            weightsDirectory.map { WeightsLocator(template: $0) }
            ?? WeightsLocator(hint: "set sampler.weights_directory") { checkpoints?.modelDirectory(of: $0) }
        if checkpoints != nil { Self.removeLeftovers(in: checkpointDirectory) }
        // Other servers keep what is saved until somebody deletes it; those that know lifetimes are told one.
        let lifetime: Duration? = recipe.backend.kind == .tinker ? .seconds(86_400) : nil
        let fleet = try await RolloutFleet.connect(endpoint, transport: transport, notice: notice)
        return FleetTrainer(
            trainer, fleet: fleet, locator: locator,
            saveSampler: { try await trainer.saveSampler(named: $0, lifetime: lifetime) },
            deleteSampler: { reference in
                // Deleting blocks; what an ending process leaves behind, the next attempt removes.
                DispatchQueue.global(qos: .utility).async { try? checkpoints?.delete(reference) }
            }, notice: notice)
    }
}
