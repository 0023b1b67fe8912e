/// One set of metrics for a batch that was sent in several chunks.
///
/// A metric's name says after its colon how values of chunks combine. Names without a known reduction, and metrics that not
/// every chunk reports, are left out unless there is one chunk only.
enum MetricReduction {
    /// - Parameter parts: the metrics of each chunk and the number of its datums.
    static func combine(_ parts: [(metrics: [String: Double], datums: Int)]) -> [String: Double] {
        guard parts.count > 1, let first = parts.first else { return parts.first?.metrics ?? [:] }
        var combined: [String: Double] = [:]
        for name in first.metrics.keys {
            let values = parts.compactMap { $0.metrics[name] }
            let pieces = name.split(separator: ":", omittingEmptySubsequences: false)
            guard values.count == parts.count, pieces.count == 2 else { continue }
            switch pieces[1] {
            case "sum": combined[name] = values.reduce(0, +)
            case "mean": combined[name] = mean(values, parts.map(\.datums))
            case "min": combined[name] = values.min()
            case "max": combined[name] = values.max()
            case "slack": combined[name] = values.max().map { $0 - mean(values, parts.map(\.datums)) }
            case "hash2": combined[name] = Double(values.reduce(UInt64(0)) { $0 &+ wrapped($1) })
            case "unique":
                for (index, value) in values.enumerated() { combined[index == 0 ? name : "\(name)_\(index)"] = value }
            default: continue
            }
        }
        return combined
    }

    private static func mean(_ values: [Double], _ weights: [Int]) -> Double {
        let total = weights.reduce(0, +)
        guard total > 0 else { return values.reduce(0, +) / Double(values.count) }
        return zip(values, weights).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total)
    }

    /// The integer part modulo 2⁶⁴; zero for what is no number.
    private static func wrapped(_ value: Double) -> UInt64 {
        guard value.isFinite, value.magnitude < 0x1p126 else { return 0 }
        return UInt64(truncatingIfNeeded: Int128(value))
    }
}
