/// Mean, spread and extremes of a list of numbers, summed in the order given.
public struct RewardStatistics: Sendable, Equatable {
    public let count: Int
    /// 0 for an empty list, likewise `minimum` and `maximum`.
    public let mean: Double
    public let minimum: Double
    public let maximum: Double
    /// Σ (value − mean)².
    public let squaredDeviations: Double

    public init(_ values: [Double]) {
        let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        count = values.count
        self.mean = mean
        minimum = values.min() ?? 0
        maximum = values.max() ?? 0
        squaredDeviations = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    /// Whether the values cannot rank one another: fewer than two, or all equal (compared exactly, because rounding in the
    /// mean would otherwise turn equal values into tiny differences).
    public var isDegenerate: Bool { count < 2 || minimum == maximum }

    /// 0 where there are not more values than degrees of freedom taken away.
    public func standardDeviation(degreesOfFreedom: Int) -> Double {
        guard count > degreesOfFreedom, minimum != maximum else { return 0 }
        return (squaredDeviations / Double(count - degreesOfFreedom)).squareRoot()
    }
}
