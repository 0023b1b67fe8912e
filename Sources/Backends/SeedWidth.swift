/// The seeds that a server can take.
public enum SeedWidth: String, Sendable, CaseIterable {
    /// Any non-negative 64-bit integer.
    case bits63
    /// Non-negative 32-bit integers only (SkyRL 0.3 on JAX fails on greater ones).
    case bits31

    /// The seed that is sent for `seed`.
    ///
    /// Sample *i* of a request draws from `seed + i`, which must fit too; so 31-bit seeds end in eight zero bits.
    func seed(_ seed: Int64) -> Int64 {
        switch self {
        case .bits63: seed
        case .bits31: seed & 0x7FFF_FF00
        }
    }
}
