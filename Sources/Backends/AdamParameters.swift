/// The hyperparameters of one AdamW step, with the defaults of the Tinker API.
public struct AdamParameters: Sendable, Equatable {
    public var learningRate: Double
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var weightDecay: Double
    /// The global gradient norm above which gradients are scaled down; 0 turns clipping off.
    public var gradientClipNorm: Double

    public init(
        learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.95, epsilon: Double = 1e-12,
        weightDecay: Double = 0, gradientClipNorm: Double = 0
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.gradientClipNorm = gradientClipNorm
    }
}
