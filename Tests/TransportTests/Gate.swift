import Foundation

/// Lets handlers' threads wait until a number of them has arrived, and a test wait for that moment.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private let threshold: Int
    private var arrivedCount = 0
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(opensAt threshold: Int) { self.threshold = threshold }

    /// Blocks the calling thread until the gate opens.
    func arrive() {
        condition.lock()
        defer { condition.unlock() }
        arrivedCount += 1
        announce()
        while arrivedCount < threshold { condition.wait() }
    }

    /// Opens the gate, whoever is missing.
    func open() {
        condition.withLock {
            arrivedCount = threshold
            announce()
        }
    }

    private func announce() {
        guard arrivedCount >= threshold else { return }
        condition.broadcast()
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Returns once the gate is open.
    func opened() async {
        await withCheckedContinuation { continuation in
            condition.withLock {
                if arrivedCount >= threshold { continuation.resume() } else { waiters.append(continuation) }
            }
        }
    }
}
