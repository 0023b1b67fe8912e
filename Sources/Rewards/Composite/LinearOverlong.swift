/// The overlong punishment as verl's DAPO reward manager computes it: `min(−(length − (maximum − buffer)) / buffer ·
/// factor, 0)`. It has no floor, so one very long answer can outweigh all other parts; prefer ``SoftOverlong``.
struct LinearOverlong: Sendable, Hashable {
    var maximumLength: Int
    var buffer: Int
    var factor: Double

    func value(length: Int) -> Double {
        let excess = length - (maximumLength - buffer)
        guard excess > 0, buffer > 0 else { return 0 }
        return min(-Double(excess) / Double(buffer) * factor, 0)
    }
}
