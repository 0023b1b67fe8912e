/// How an episode's turns are drawn.
public struct EpisodeSampling: Sendable, Hashable {
    public var temperature: Double
    public var topP: Double
    /// −1 turns the bound off.
    public var topK: Int

    public init(temperature: Double = 1, topP: Double = 1, topK: Int = -1) {
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
    }
}
