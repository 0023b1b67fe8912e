import Agents
import Testing

@testable import Training

/// Whatever fails, everybody hears of it and nobody waits.
@Suite struct EngineFailureTests {
    private func run(
        _ directory: TemporaryDirectory, staleness: Int, environment: FakeEnvironment
    ) -> SmallRun {
        var run = SmallRun(path: directory.path + "/run")
        run.environment = environment
        run.configure = { $0.overlap.maximumStaleness = staleness }
        return run
    }

    struct Outage: Error, Equatable { var step: Int }

    @Test(arguments: [(0, 1), (0, 3), (1, 2), (2, 4)])
    func anErrorOfAnEpisodeEndsTheRunAsThatError(staleness: Int, step: Int) async throws {
        let directory = try TemporaryDirectory()
        var environment = FakeEnvironment()
        environment.error = { $0.stage == .reinforcement && $0.step == step ? Outage(step: step) : nil }
        let broken = run(directory, staleness: staleness, environment: environment)
        await #expect(throws: Outage(step: step)) { try await broken.launch() }
        // Once the cause is gone the run goes on as if nothing had happened.
        var mended = broken
        mended.environment = FakeEnvironment()
        let result = try await mended.launch()
        let other = try TemporaryDirectory()
        let whole = run(other, staleness: staleness, environment: FakeEnvironment())
        #expect(try await whole.launch().weights == result.weights)
        #expect(try whole.snapshot() == mended.snapshot())
    }

    @Test func aCancelledRunEnds() async throws {
        let directory = try TemporaryDirectory()
        let small = run(directory, staleness: 1, environment: FakeEnvironment())
        let task = Task { try await small.launch() }
        while small.environment.record.keys.withLock({ $0.count }) < 5 { await Task.yield() }
        task.cancel()
        _ = await task.result
        let resumed = try await small.launch()
        let other = try TemporaryDirectory()
        #expect(
            try await run(other, staleness: 1, environment: FakeEnvironment()).launch().weights == resumed.weights
                || resumed.outcomes.allSatisfy(\.wasAlreadyComplete))
    }
}
