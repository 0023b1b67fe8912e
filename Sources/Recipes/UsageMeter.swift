import Backends
import Primitives
import Synchronization

/// What the answers of a model took so far, kept ones included.
final class UsageMeter: Sendable {
    private let sum = Mutex(TokenUsage.none)

    var usage: TokenUsage { sum.withLock { $0 } }

    func add(_ usage: TokenUsage) { sum.withLock { $0 += usage } }
}
