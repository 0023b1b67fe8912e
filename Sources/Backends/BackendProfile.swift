/// How a server behaves where servers of the Tinker API differ; the client compensates (DESIGN, "Datum").
public struct BackendProfile: Sendable, Equatable {
    /// How the server reduces per-token losses to the number it differentiates.
    public enum LossReduction: String, Sendable, Equatable {
        /// A plain sum over all tokens of all datums (Tinker's documentation, the embedded backend).
        case tokenSum = "token_sum"
        /// The mean over datums of (sum of token losses / sum of weights) (SkyRL 0.3 on JAX).
        case meanOfDatumMeans = "mean_of_datum_means"
    }

    public var name: String
    public var lossReduction: LossReduction
    /// Whether a repeated `seq_id` is executed once. Where it is not, training requests are never sent twice.
    public var isIdempotent: Bool
    /// Whether `grad_clip_norm` is honoured.
    public var honoursGradientClip: Bool
    /// Whether policy losses take `weights` besides their documented inputs. SkyRL must have them, because it would
    /// otherwise count every position, the prompt's included; hosted Tinker may refuse keys that it does not document.
    public var sendsWeightsWithPolicyLosses: Bool
    /// The seeds that sampling takes.
    public var seedWidth: SeedWidth

    public init(
        name: String, lossReduction: LossReduction, isIdempotent: Bool, honoursGradientClip: Bool,
        sendsWeightsWithPolicyLosses: Bool = true, seedWidth: SeedWidth = .bits63
    ) {
        self.name = name
        self.lossReduction = lossReduction
        self.isIdempotent = isIdempotent
        self.honoursGradientClip = honoursGradientClip
        self.sendsWeightsWithPolicyLosses = sendsWeightsWithPolicyLosses
        self.seedWidth = seedWidth
    }

    public static let embedded = BackendProfile(
        name: "embedded", lossReduction: .tokenSum, isIdempotent: true, honoursGradientClip: true)
    public static let tinker = BackendProfile(
        name: "tinker", lossReduction: .tokenSum, isIdempotent: true, honoursGradientClip: true,
        sendsWeightsWithPolicyLosses: false)
    public static let skyRL = BackendProfile(
        name: "skyrl-0.3", lossReduction: .meanOfDatumMeans, isIdempotent: false, honoursGradientClip: false,
        seedWidth: .bits31)
}
