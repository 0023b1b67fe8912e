/// A number of successes out of a number of trials, with its 95 % confidence interval.
public struct Proportion: Sendable, Hashable {
    public var successes: Int
    public var count: Int

    public init(successes: Int, count: Int) {
        precondition(0...count ~= successes, "successes lie between 0 and the number of trials")
        self.successes = successes
        self.count = count
    }

    /// 0 where nothing was tried.
    public var value: Double { count == 0 ? 0 : Double(successes) / Double(count) }

    /// The Wilson score interval at 95 % (Wilson 1927): `(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)`. Unlike the
    /// normal interval it stays inside 0…1 and is sensible for 0 and `n` successes. 0…1 where nothing was tried.
    public var interval: ClosedRange<Double> {
        guard count > 0 else { return 0...1 }
        let z = 1.959963984540054
        let n = Double(count)
        let centre = value + z * z / (2 * n)
        let margin = z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return max(0, (centre - margin) / scale)...min(1, (centre + margin) / scale)
    }

    public var json: JSONValue {
        .object([
            "successes": .integer(successes), "count": .integer(count), "value": .number(value),
            "low": .number(interval.lowerBound), "high": .number(interval.upperBound),
        ])
    }

    public init(json: JSONValue) throws(JSONError) {
        let (successes, count) = (try json.integer(at: "successes"), try json.integer(at: "count"))
        guard count >= 0, 0...count ~= successes else {
            throw .unexpected(path: "successes", expected: "between 0 and count", found: "\(successes) of \(count)")
        }
        self.init(successes: successes, count: count)
    }
}
