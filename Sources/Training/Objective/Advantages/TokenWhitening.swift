/// `(x − mean) / √(var + 1e-8)` with mean and variance (ddof 1) over tokens, as verl's `masked_whiten`.
///
/// Fewer than two tokens, or tokens that are all equal, are whitened to exact zeros.
struct TokenWhitening {
    static let epsilon = 1e-8

    private let mean: Double
    private let scale: Double

    /// - Parameter values: values and how many tokens have each.
    init(_ values: [(value: Double, count: Int)]) {
        let counted = values.filter { $0.count > 0 }
        let count = counted.reduce(0) { $0 + $1.count }
        let extremes = (counted.map(\.value).min(), counted.map(\.value).max())
        guard count > 1, extremes.0 != extremes.1 else {
            (mean, scale) = (0, 0)
            return
        }
        let mean = counted.reduce(0) { $0 + Double($1.count) * $1.value } / Double(count)
        let squares = counted.reduce(0) { $0 + Double($1.count) * ($1.value - mean) * ($1.value - mean) }
        self.mean = mean
        scale = 1 / (squares / Double(count - 1) + Self.epsilon).squareRoot()
    }

    func callAsFunction(_ value: Double) -> Double { scale == 0 ? 0 : (value - mean) * scale }
}
