import Foundation

/// Round numbers along an axis.
enum AxisTicks {
    /// The multiples of 1, 2 or 5 times a power of ten that cover `range` with about `count` steps.
    static func covering(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        let step = roundStep((range.upperBound - range.lowerBound) / Double(max(1, count)))
        // A bound that is a tick but for rounding does not call for another one.
        let first = (range.lowerBound / step + 1e-9).rounded(.down)
        let last = max(first + 1, (range.upperBound / step - 1e-9).rounded(.up))
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// About `count` round whole numbers inside `range`, and its first and last number where they stand clear.
    static func within(_ range: ClosedRange<Int>, count: Int) -> [Int] {
        let span = Double(range.upperBound - range.lowerBound)
        guard span > 0 else { return [range.lowerBound] }
        let step = max(1, Int(roundStep(span / Double(max(1, count)))))
        let inner = stride(from: (range.lowerBound + step - 1) / step * step, through: range.upperBound, by: step)
        let clear = Int((Double(step) * 0.6).rounded(.up))
        var ticks = inner.filter { $0 - range.lowerBound >= clear && range.upperBound - $0 >= clear }
        ticks.insert(range.lowerBound, at: 0)
        ticks.append(range.upperBound)
        return ticks
    }

    private static func roundStep(_ rough: Double) -> Double {
        guard rough > 0, rough.isFinite else { return 1 }
        let power = pow(10, log10(rough).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= rough * 0.75 } ?? 10
        return factor * power
    }
}
