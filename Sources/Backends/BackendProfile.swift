import TinkerProtocol

/// How a server behaves where servers of the Tinker API differ; the client compensates (DESIGN, "Datum").
///
/// A profile holds facts only. Where each fact comes from, measured or assumed, is in ``ProfileRecord``.
public struct BackendProfile: Sendable, Equatable {
    /// How the server reduces per-token losses to the number it differentiates.
    public enum LossReduction: String, Sendable, CaseIterable {
        /// A plain sum over all tokens of all datums (Tinker's documentation, the embedded backend).
        case tokenSum = "token_sum"
        /// The mean over datums of (sum of token losses / sum of weights) (SkyRL 0.3 on JAX).
        case meanOfDatumMeans = "mean_of_datum_means"
        /// Neither; the client cannot undo it and refuses to train.
        case unknown
    }

    /// What the server does with `weights` in policy losses, which the API's documentation does not name there.
    public enum PolicyWeights: String, Sendable, CaseIterable {
        /// Token losses are multiplied by them. Where they are missing such servers count every position, the prompt's too.
        case honoured
        /// They are accepted and change nothing.
        case ignored
        /// A request that holds them is refused.
        case refused
    }

    /// Which distribution the sampler's logprobs are of when the temperature is not 1.
    public enum LogprobSpace: String, Sendable, CaseIterable {
        /// The model's own, at temperature 1 and without truncation.
        case raw
        /// The one that was drawn from.
        case processed
    }

    public enum PromptLogprobs: String, Sendable, CaseIterable {
        /// One entry for each token of the prompt; the first is null.
        case leadingNull = "leading_null"
        /// One entry less than the prompt has tokens.
        case shortened
        case unavailable
    }

    /// How `clip_low_threshold` and `clip_high_threshold` are read.
    public enum ClipConvention: String, Sendable, CaseIterable {
        /// As bounds of the ratio, for example 0.8 and 1.2.
        case absoluteRatios = "absolute_ratios"
        /// Not as bounds of the ratio: they are ignored, or mean distances from 1.
        case other
    }

    /// What the samples of one request draw from.
    public enum SeedConvention: String, Sendable, CaseIterable {
        /// Sample *i* draws from the stream `seed + i`, so that seeds must be spaced by the number of samples.
        case seedPlusIndex = "seed_plus_index"
        /// Repeatable, and streams of neighbouring seeds do not meet.
        case perRequest = "per_request"
        /// All samples of one request are equal.
        case sameForAll = "same_for_all"
        /// Repeating a request gives other samples.
        case ignored
    }

    /// How a failed request is reported.
    public enum ErrorStyle: String, Sendable, CaseIterable {
        /// Status 200 with `{"error", "category"}`, as the protocol says.
        case errorObject = "error_object"
        /// Status 400, also where a proxy would use it (SkyRL).
        case status400 = "status_400"
        case status404 = "status_404"
        /// Status 422 (TuFT).
        case status422 = "status_422"
        case other
    }

    public var name: String
    /// The form of training requests and of results (protocol notes, A.0).
    public var dialect: WireDialect
    public var lossReduction: LossReduction
    public var policyWeights: PolicyWeights
    public var logprobSpace: LogprobSpace
    public var promptLogprobs: PromptLogprobs
    /// The values of `loss_fn` that the server computes as documented.
    public var losses: Set<String>
    /// The server's own clip bounds by loss; the client always sends bounds, so that these never apply.
    public var defaultClips: [String: ClosedRange<Double>]
    public var clipConvention: ClipConvention
    /// Whether a repeated `seq_id` is executed once. Where it is not, training requests are never sent twice.
    public var isIdempotent: Bool
    public var errorStyle: ErrorStyle
    /// Whether `grad_clip_norm` is honoured.
    public var honoursGradientClip: Bool
    /// Whether optimizer steps report the gradient's norm.
    public var reportsGradientNorm: Bool
    public var seedConvention: SeedConvention
    /// The seeds that the server takes.
    public var seedWidth: SeedWidth
    /// Whether models without adapters can be trained; `nil`: not known.
    public var trainsAllParameters: Bool?
    /// Whether models with adapters can be trained; `nil`: not known.
    public var trainsAdapters: Bool?
    /// The greatest adapter rank; `nil`: not known.
    public var maximumAdapterRank: Int?
    /// How many models can be trained at a time; `nil`: not known.
    public var adapterSlots: Int?
    /// How many versions of one model can be sampled at a time, the newest one included; `nil`: as many as are wanted. Where
    /// it is 1, a sampler must not be asked any more once a newer one is there.
    public var samplerVersions: Int?
    /// How long the server holds a poll, in seconds; `nil`: not known.
    public var longPollSeconds: Int?
    /// The most datums and bytes of one training request.
    public var chunkDatums: Int
    public var chunkBytes: Int

    /// A profile of a server that follows the API's documentation except where the arguments say otherwise.
    public init(
        name: String, lossReduction: LossReduction, isIdempotent: Bool, honoursGradientClip: Bool,
        sendsWeightsWithPolicyLosses: Bool = true
    ) {
        self.name = name
        dialect = .json
        self.lossReduction = lossReduction
        policyWeights = sendsWeightsWithPolicyLosses ? .honoured : .refused
        logprobSpace = .raw
        promptLogprobs = .leadingNull
        losses = Self.allLosses
        defaultClips = ["ppo": 0.8...1.2, "cispo": 0...4]
        clipConvention = .absoluteRatios
        self.isIdempotent = isIdempotent
        errorStyle = .errorObject
        self.honoursGradientClip = honoursGradientClip
        reportsGradientNorm = true
        seedConvention = .seedPlusIndex
        seedWidth = .bits63
        chunkDatums = 1024
        chunkBytes = 5_000_000
    }

    /// Whether policy losses are sent with `weights` besides their documented inputs.
    public var sendsWeightsWithPolicyLosses: Bool { policyWeights == .honoured }
}

/// What is known of servers before anything is measured.
extension BackendProfile {
    /// The losses that the client knows.
    public static let allLosses: Set = ["cross_entropy", "importance_sampling", "ppo", "cispo", "dro"]

    /// The server in this repository.
    public static let embedded: BackendProfile = {
        var profile = BackendProfile(
            name: "embedded", lossReduction: .tokenSum, isIdempotent: true, honoursGradientClip: true)
        profile.dialect = .protobufWithSequences
        profile.defaultClips = ["ppo": 0.8...1.2, "cispo": 0.8...1.2]
        profile.longPollSeconds = 20
        return profile
    }()

    /// The API as documented.
    public static let tinker: BackendProfile = {
        var profile = BackendProfile(
            name: "tinker", lossReduction: .tokenSum, isIdempotent: true, honoursGradientClip: true,
            sendsWeightsWithPolicyLosses: false)
        profile.dialect = .protobufWithSequences
        // Narrow seeds are good for every server; wide ones take some down, so that this is not measured.
        profile.seedWidth = .bits31
        profile.longPollSeconds = 30
        return profile
    }()

    /// SkyRL 0.3 with its JAX engine, as observed (protocol notes, B).
    public static let skyRL: BackendProfile = {
        var profile = BackendProfile(
            name: "skyrl-0.3", lossReduction: .meanOfDatumMeans, isIdempotent: false, honoursGradientClip: false)
        profile.promptLogprobs = .shortened
        profile.losses.remove("dro")
        profile.defaultClips = ["ppo": 0.8...1.2, "cispo": 0.8...1.2]
        profile.errorStyle = .status400
        profile.seedWidth = .bits31
        profile.trainsAllParameters = false
        profile.trainsAdapters = true
        // Asking an older sampler loads its weights into the place of the model that is trained (`load_sampler_checkpoint`).
        profile.samplerVersions = 1
        profile.longPollSeconds = 300
        return profile
    }()
}
