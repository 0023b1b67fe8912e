import Backends
import Foundation
import Primitives
import Training

/// A workload played by the engine of `Training`, with a run directory of its own, which is removed afterwards.
struct ScheduleRun {
    let workload: ScheduleWorkload

    func result() async throws -> ScheduleResult {
        let clock = ScheduleStandIns.Clock()
        let workload = workload
        let environment = ScheduleStandIns.Environment(clock: clock) { key in
            workload.seconds(step: key.step, place: key.group, sample: key.sample)
        }
        let stage = try GRPOStage(
            configuration: GRPOConfiguration(
                steps: workload.steps, questionsPerStep: workload.questionsPerStep, groupSize: workload.groupSize,
                inFlight: InFlightLimit(initial: workload.slots, maximum: workload.slots),
                overlap: OverlapConfiguration(maximumStaleness: workload.staleness),
                schedule: LearningRateSchedule(peak: 1e-4, totalSteps: workload.steps),
                optimizer: AdamParameters(learningRate: 1e-4), seed: workload.seed),
            environment: environment, questions: (0..<256).map { ScheduleStandIns.Question(number: $0) })
        return try await ScheduleRun.inRunDirectory { run in
            let context = StageContext(
                run: run, trainer: ScheduleStandIns.Trainer(clock: clock, seconds: workload.trainSeconds),
                checkpoints: CheckpointPolicy(every: workload.steps))
            let start = ContinuousClock.now
            _ = try await stage.run(in: context)
            return ScheduleResult(
                seconds: start.duration(to: clock.trainingEnd ?? .now).seconds,
                trainingSeconds: clock.trainingSeconds, episodeSeconds: clock.episodeSeconds)
        }
    }

    /// Runs `body` with a new run directory.
    static func inRunDirectory<Value>(_ body: (RunDirectory) async throws -> Value) async throws -> Value {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "medresearcher-schedule-" + UUID().uuidString
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = try await RunDirectory.create(
            at: path,
            description: RunDescription(name: "benchmark", recipe: "name: benchmark\n", inputs: [], toolVersion: "0"))
        do {
            let value = try await body(run)
            await run.close()
            return value
        } catch {
            await run.close()
            throw error
        }
    }
}
