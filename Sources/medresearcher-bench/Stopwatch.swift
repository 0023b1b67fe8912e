import Dispatch
import Foundation

/// Repeated timing of one piece of work.
struct Stopwatch {
    var repetitions: Int

    /// The median wall time, in seconds, after one unmeasured call. The body gets the number of the call, from 0.
    func median(_ body: (Int) throws -> Void) rethrows -> Double {
        try body(0)
        var times: [Double] = []
        for repetition in 1...repetitions {
            let start = ContinuousClock.now
            try body(repetition)
            times.append(start.duration(to: .now).seconds)
        }
        return times.median
    }

    /// The median wall time of one call of a body too short to be timed alone: each repetition calls it until
    /// `minimum` seconds are over.
    func medianOfShort(minimum: Double = 0.2, _ body: () throws -> Void) rethrows -> Double {
        var calls = 1
        while true {
            let time = try Self.time(calls, body)
            if time >= minimum / 4 {
                calls = max(1, Int(Double(calls) * minimum / time))
                break
            }
            calls *= 4
        }
        return try (0..<repetitions).map { _ in try Self.time(calls, body) / Double(calls) }.median
    }

    private static func time(_ calls: Int, _ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        for _ in 0..<calls { try body() }
        return start.duration(to: .now).seconds
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension [Double] {
    /// Of an even number of values, the mean of the middle two.
    var median: Double {
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}

/// Keeps the optimiser from removing work whose result nobody reads.
@inline(never)
@_optimize(none)
func consume<Value>(_ value: Value) {}

/// Runs asynchronous work and waits for it on the calling thread, which must not be one of the cooperative pool's.
func waiting<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let box = ResultBox<Value>()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        do { box.result = .success(try await body()) } catch { box.result = .failure(error) }
        done.signal()
    }
    done.wait()
    guard let result = box.result else { preconditionFailure("the task signals after it has stored its result") }
    return try result.get()
}

/// Invariant: written before the semaphore is signalled, read after.
private final class ResultBox<Value: Sendable>: @unchecked Sendable {
    var result: Result<Value, any Error>?
}
