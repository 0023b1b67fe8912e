/// The weights of the composite reward `R = α · task + β · format + γ · efficiency`.
///
/// The shape is that of MedResearcher-R1 (arXiv 2508.14880): answer accuracy, plus quality, plus economy of tools. The
/// paper's numbers are in no text or code that could be read; 1.0, 0.2 and 0.1 are this project's defaults. The paper's
/// middle term is a judged expert preference; its first form here is obedience to the episode format.
public struct RewardWeights: Sendable, Hashable {
    /// α, the weight of a correct answer.
    public var task: Double
    /// β, the weight of an episode that obeyed the format throughout.
    public var format: Double
    /// γ, the weight of economy with tool calls.
    public var efficiency: Double

    public init(task: Double = 1.0, format: Double = 0.2, efficiency: Double = 0.1) {
        self.task = task
        self.format = format
        self.efficiency = efficiency
    }
}
