/// How few tool calls an episode needed: 1 up to the expected number, then falling linearly to 0 at twice that number.
/// Where no call is expected, any call is too many.
enum ToolEfficiency {
    static func value(calls: Int, expected: Int) -> Double {
        guard expected > 0 else { return calls <= 0 ? 1 : 0 }
        return max(0, 1 - Double(max(0, calls - expected)) / Double(expected))
    }
}
