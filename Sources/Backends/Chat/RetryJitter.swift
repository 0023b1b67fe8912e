import Primitives

/// Spreads the waits of many clients over time. A function of the request and the attempt, so that a run repeats itself.
struct RetryJitter {
    private var random: CounterRandom

    init(_ body: [UInt8]) {
        // The FNV-1a hash names the stream.
        let seed = body.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        random = CounterRandom(seed: seed, stage: .evaluation)
    }

    /// Between half of `delay` and all of it.
    mutating func delay(_ delay: Duration) -> Duration { delay * (0.5 + 0.5 * random.uniform()) }
}
