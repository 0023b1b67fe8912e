import Primitives
import Synchronization

/// What tokens cost, in dollars per million.
public struct TokenPrice: Sendable, Hashable {
    public var prompt: Double
    public var completion: Double

    public init(prompt: Double, completion: Double) {
        self.prompt = prompt
        self.completion = completion
    }

    /// Dollars.
    public func cost(_ usage: TokenUsage) -> Double {
        (Double(usage.promptTokens) * prompt + Double(usage.completionTokens) * completion) / 1e6
    }
}

/// What may be spent at a price, and what has been.
///
/// Invariant: spent and reserved money together never exceed the limit; a request reserves the most that it can cost before
/// it is sent, and gives the rest back when the server has counted.
public final class SpendLimit: Sendable {
    private struct State {
        var spent = 0.0
        var reserved = 0.0
    }

    /// Sums of doubles may miss the limit by less than this; a thousandth of the smallest price there is.
    private static let rounding = 1e-9

    public let price: TokenPrice
    /// Dollars.
    public let limit: Double
    private let state: Mutex<State>

    /// - Parameter spent: what an earlier attempt of the same run has spent, in dollars.
    public init(limit: Double, price: TokenPrice, spent: Double = 0) {
        self.limit = limit
        self.price = price
        state = Mutex(State(spent: spent))
    }

    /// Dollars spent so far.
    public var spent: Double { state.withLock { $0.spent } }

    /// Reserves what a request can cost at most.
    func reserve(_ most: TokenUsage) throws(BackendError) -> Double {
        let cost = price.cost(most)
        try state.withLock { (state) throws(BackendError) in
            guard state.spent + state.reserved + cost <= limit + Self.rounding else {
                throw .spendLimitReached(spent: state.spent, limit: limit)
            }
            state.reserved += cost
        }
        return cost
    }

    /// Replaces a reservation by what the request really cost; `nil` where nothing was answered.
    func settle(_ reserved: Double, _ usage: TokenUsage?) {
        state.withLock { state in
            state.reserved = max(0, state.reserved - reserved)
            state.spent += usage.map(price.cost) ?? 0
        }
    }
}
