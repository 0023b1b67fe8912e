import Dispatch

/// Runs single blocking calls (files, loading weights, joining threads) away from the cooperative pool.
public enum BlockingWork {
    private static let queue = DispatchQueue(label: "medresearcher.blocking", attributes: .concurrent)

    public static func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
