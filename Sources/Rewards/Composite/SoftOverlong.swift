/// Soft overlong punishment (DAPO, arXiv 2503.14476, equation 13): 0 up to `maximumLength − buffer` tokens, then a line
/// to −1 at `maximumLength`, and −1 beyond.
struct SoftOverlong: Sendable, Hashable {
    var maximumLength: Int
    var buffer: Int

    func value(length: Int) -> Double {
        if length <= maximumLength - buffer { return 0 }
        guard length <= maximumLength, buffer > 0 else { return -1 }
        return Double(maximumLength - buffer - length) / Double(buffer)
    }
}
