/// The score of a rubric in the manner of HealthBench (arXiv 2505.08775): the points of the criteria that are met over
/// the sum of the positive points. Criteria with negative points describe faults and subtract.
struct RubricScore: Sendable, Hashable {
    var points: [Double]

    /// Clipped to 0…1, as a reward should be; `nil` where no criterion has positive points or the counts differ.
    func value(met: [Bool]) -> Double? { unclipped(met: met).map { min(1, max(0, $0)) } }

    /// As HealthBench scores one example; it clips only the mean over a data set.
    func unclipped(met: [Bool]) -> Double? {
        let possible = points.reduce(0) { $0 + max(0, $1) }
        guard possible > 0, met.count == points.count else { return nil }
        return zip(points, met).reduce(0) { $1.1 ? $0 + $1.0 : $0 } / possible
    }
}
