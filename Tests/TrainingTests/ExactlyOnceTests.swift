import Primitives
import Storage
import Testing

@testable import Training

/// A run that was killed or stopped anywhere and resumed leaves what the uninterrupted run leaves.
@Suite struct ExactlyOnceTests {
    private func reference() async throws -> (snapshot: SmallRun.Snapshot, weights: UInt64, points: Int) {
        let directory = try TemporaryDirectory()
        let run = SmallRun(path: directory.path + "/run")
        let faults = FaultInjector()
        let result = try await run.launch(faults)
        return (try run.snapshot(), result.weights, faults.count)
    }

    @Test func everyQuestionIsTrainedOncePerEpoch() async throws {
        let directory = try TemporaryDirectory()
        let run = SmallRun(path: directory.path + "/run")
        try await run.launch()
        let schedule = QuestionSchedule(questionCount: 5, questionsPerStep: 2, seed: 7)
        for step in 1...SmallRun.reinforcementSteps {
            let rows = try JSONLines.read(run.path + "/rollouts/" + RunLayout.padded(step) + ".jsonl.zst")
            let asked = schedule.indices(step: step).map { "q\($0)" }
            #expect(rows.compactMap { $0["question"]?.stringValue } == asked.flatMap { [$0, $0, $0] })
        }
    }

    @Test func aCrashAtAnyPointChangesNothing() async throws {
        let expected = try await reference()
        #expect(expected.points > 80)
        for point in 1...expected.points {
            let directory = try TemporaryDirectory()
            let run = SmallRun(path: directory.path + "/run")
            await #expect(throws: (any Error).self, "point \(point)") {
                try await run.launch(FaultInjector(.crash(at: point)))
            }
            let resumed = try await run.launch()
            try #require(try run.snapshot() == expected.snapshot, "point \(point)")
            if !resumed.outcomes.allSatisfy(\.wasAlreadyComplete) {
                try #require(resumed.weights == expected.weights, "point \(point)")
            }
        }
    }

    @Test func crashesOnTopOfCrashesChangeNothing() async throws {
        let expected = try await reference()
        for stride in [23, 31, 47] {
            let directory = try TemporaryDirectory()
            let run = SmallRun(path: directory.path + "/run")
            var launches = 0
            while true {
                launches += 1
                // Each launch survives a little longer, so that the run ends even where little is kept.
                if (try? await run.launch(FaultInjector(.crash(at: stride + 5 * launches)))) != nil { break }
                try #require(launches < 100)
            }
            #expect(launches > 2)
            #expect(try run.snapshot() == expected.snapshot)
        }
    }

    @Test func aStopAtAnyPointEndsInAManifestAndChangesNothing() async throws {
        let expected = try await reference()
        for point in stride(from: 1, through: expected.points, by: 3) {
            let directory = try TemporaryDirectory()
            let run = SmallRun(path: directory.path + "/run")
            do {
                try await run.launch(FaultInjector(.stop(at: point)))
            } catch TrainingError.interrupted(let manifest, let stage, let step) {
                let file = CheckpointManifest.fileName(stage: stage, step: step)
                if step > 0 { #expect(manifest == file) }
            }
            try await run.launch()
            let snapshot = try run.snapshot()
            #expect(snapshot.metrics == expected.snapshot.metrics, "point \(point)")
            #expect(snapshot.rollouts == expected.snapshot.rollouts, "point \(point)")
            #expect(snapshot.evaluations == expected.snapshot.evaluations, "point \(point)")
        }
    }

    @Test func theOrderOfCompletionDoesNotMatter() async throws {
        let expected = try await reference()
        for concurrency in [1, 2, 16] {
            let directory = try TemporaryDirectory()
            var run = SmallRun(path: directory.path + "/run")
            run.concurrency = concurrency
            try await run.launch()
            #expect(try run.snapshot() == expected.snapshot)
        }
    }

    @Test func finishedEpisodesOfTheSamePolicyAreNotPlayedAgain() async throws {
        // Find points inside the first reinforcement step, which follows the supervised stage's last manifest.
        var stopped = 0
        for point in 30..<400 where stopped < 4 {
            let attempt = try TemporaryDirectory()
            var trial = SmallRun(path: attempt.path + "/run")
            trial.concurrency = 1
            let faults = FaultInjector(.crash(at: point))
            _ = try? await trial.launch(faults)
            let log = trial.path + "/groups/rl-000001.jsonl"
            guard !FileStore.exists(trial.path + "/manifests/000002.rl.json"), FileStore.exists(log) else { continue }
            let finished = try JSONLines.read(log).count - 1
            guard finished == 1 + stopped else { continue }
            stopped += 1
            trial.environment.record.keys.withLock { $0 = [] }
            try await trial.launch()
            let replayed = trial.environment.record.keys.withLock { $0 }.filter { $0.step == 1 }
            #expect(replayed.map { $0.group * 3 + $0.sample } == Array(finished..<6))
        }
        #expect(stopped == 4)
    }
}
