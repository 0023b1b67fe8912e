/// Low-rank adapters (LoRA): each chosen matrix `W` computes `W + (alpha / rank) · B · A`, and only `A` and `B` are trained.
public struct AdapterConfiguration: Sendable, Equatable {
    /// The inner dimension of `B · A`; at least 1.
    public var rank: Int
    public var alpha: Float
    /// Initialises `A`; `B` starts at zero.
    public var seed: UInt64
    /// Query, key, value and output projections.
    public var trainsAttention: Bool
    /// Gate, up and down projections.
    public var trainsFeedForward: Bool
    /// The output matrix.
    public var trainsUnembedding: Bool

    public init(
        rank: Int, alpha: Float = 32, seed: UInt64 = 0, trainsAttention: Bool = true, trainsFeedForward: Bool = true,
        trainsUnembedding: Bool = true
    ) {
        self.rank = rank
        self.alpha = alpha
        self.seed = seed
        self.trainsAttention = trainsAttention
        self.trainsFeedForward = trainsFeedForward
        self.trainsUnembedding = trainsUnembedding
    }
}
