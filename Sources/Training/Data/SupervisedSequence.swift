import Primitives

/// One tokenised example: unshifted tokens and the loss weight of each.
public struct SupervisedSequence: Sendable, Equatable {
    public var tokens: [TokenID]
    public var weights: [Float]

    /// - Precondition: at least two tokens, and one weight for each.
    public init(tokens: [TokenID], weights: [Float]) {
        precondition(tokens.count >= 2 && weights.count == tokens.count, "two tokens or more, each with a weight")
        self.tokens = tokens
        self.weights = weights
    }

    /// The weight that trains: the first token is predicted from nothing, so its weight never counts.
    public var trainableWeight: Double { weights.dropFirst().reduce(0) { $0 + Double($1) } }
}
