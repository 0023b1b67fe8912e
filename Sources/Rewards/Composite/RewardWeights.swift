/// The weights of the composite reward `R = α · task + β · expert + γ · efficiency + format + shaping`.
///
/// The shape is that of MedResearcher-R1 (arXiv 2508.14880): answer accuracy, expert preference, economy of tools. The
/// paper's numbers are in no text or code that could be read; the defaults are this project's.
public struct RewardWeights: Sendable, Hashable {
    /// α, the weight of a correct answer.
    public var task: Double
    /// β, the weight of a judge's rubric score; 0 asks no judge.
    public var expert: Double
    /// The weight of an episode that obeyed the format throughout.
    public var format: Double
    /// γ, the weight of economy with tool calls.
    public var efficiency: Double

    public init(task: Double = 1.0, expert: Double = 0, format: Double = 0.2, efficiency: Double = 0.1) {
        self.task = task
        self.expert = expert
        self.format = format
        self.efficiency = efficiency
    }
}
