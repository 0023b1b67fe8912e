import Testing

/// Returns once the condition holds, and records an issue where that takes more than ten minutes.
func eventually(_ what: Comment, _ condition: @Sendable () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(600)
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record(what)
            return
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
