/// Runs work to its end even where the calling task is, or is being, cancelled.
func shielded<Value: Sendable>(
    _ work: @escaping @Sendable () async throws(BackendError) -> Value
) async throws(BackendError) -> Value {
    let task = Task { () async -> Result<Value, BackendError> in
        do throws(BackendError) { return .success(try await work()) } catch { return .failure(error) }
    }
    return try await task.value.get()
}

/// For work that should not begin in a cancelled task.
func checkCancellation(of operation: String) throws(BackendError) {
    if Task.isCancelled { throw .cancelled(operation: operation) }
}
