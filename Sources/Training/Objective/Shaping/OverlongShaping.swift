/// Soft overlong punishment (DAPO, arXiv 2503.14476, equation 13): `r += max(min(−(length − (maximum − buffer)) / buffer ·
/// factor, 0), −floor)` with the length in tokens that the policy wrote.
///
/// The paper's punishment stays at −1 beyond the maximum. verl's reward manager goes on falling (`floor: nil` here), so that
/// one very long answer outweighs everything else in its group.
public struct OverlongShaping: Sendable, Hashable {
    public var maximumTokens: Int
    /// The length of the slope, ending at the maximum.
    public var bufferTokens: Int
    public var factor: Double
    /// What is taken away at most; `nil` for no bound.
    public var floor: Double?

    /// - Parameter floor: `factor` for the slope of the DAPO paper; `nil` for that of verl, which goes on falling.
    public init(maximumTokens: Int, bufferTokens: Int, factor: Double = 1, floor: Double?) {
        precondition(bufferTokens > 0 && bufferTokens <= maximumTokens, "the buffer lies within the maximum")
        self.maximumTokens = maximumTokens
        self.bufferTokens = bufferTokens
        self.factor = factor
        self.floor = floor
    }

    /// What is added to the reward; never positive.
    public func penalty(length: Int) -> Double {
        let excess = length - (maximumTokens - bufferTokens)
        guard excess > 0 else { return 0 }
        let penalty = -Double(excess) / Double(bufferTokens) * factor
        return floor.map { max(penalty, -$0) } ?? penalty
    }
}
