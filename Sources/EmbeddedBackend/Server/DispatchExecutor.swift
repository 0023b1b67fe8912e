import Dispatch

/// Runs the jobs of one actor on a serial dispatch queue of its own, so that work that blocks or computes for seconds
/// never occupies the cooperative pool.
final class DispatchExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Runs single blocking calls (files, loading weights, joining threads) away from the cooperative pool.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "medresearcher.embedded.blocking", attributes: .concurrent)

    static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
