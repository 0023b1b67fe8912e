import ArgumentParser
import Backends
import Foundation
import Storage
import Synchronization
import Training

/// A long reinforcement run with stand-ins for backend and environment: what grows with the number of steps?
struct SoakBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Runs thousands of steps with a stand-in for the backend, and reports memory and time per step.",
        discussion: "Everything else is real: the engine, the run directory, its logs, manifests every 10 steps.")

    @Option(help: "Steps of the run.")
    var steps = 2000

    @Option(help: "How many steps the sampling policy may lie behind.")
    var staleness = 2

    @Option(help: "Groups of a step.")
    var groups = 4

    @Option(help: "Episodes of a group.")
    var groupSize = 4

    @Option(help: "Sampled tokens of an episode.")
    var tokens = 256

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        guard steps >= 20, staleness >= 0, groups > 0, groupSize >= 2, tokens > 0 else {
            throw ValidationError("a soak needs at least 20 steps, groups of 2 and a token")
        }
    }

    func run() async throws {
        let clock = ScheduleStandIns.Clock()
        let stage = try GRPOStage(
            configuration: GRPOConfiguration(
                steps: steps, questionsPerStep: groups, groupSize: groupSize,
                inFlight: InFlightLimit(initial: 4, maximum: 64),
                overlap: OverlapConfiguration(maximumStaleness: staleness),
                schedule: LearningRateSchedule(peak: 1e-4, totalSteps: steps),
                optimizer: AdamParameters(learningRate: 1e-4), seed: 1),
            environment: ScheduleStandIns.Environment(clock: clock, tokens: tokens) { _ in 0 },
            questions: (0..<256).map { ScheduleStandIns.Question(number: $0) })
        let marks = SoakMarks(steps: steps)
        try await ScheduleRun.inRunDirectory { run in
            let context = StageContext(
                run: run, trainer: ScheduleStandIns.Trainer(clock: clock, seconds: 0),
                checkpoints: CheckpointPolicy(every: 10, keepLast: 3), reporter: marks)
            _ = try await stage.run(in: context)
        }
        let workload =
            "\(steps) steps of \(groups) groups of \(groupSize) episodes of \(tokens) tokens, staleness \(staleness)"
        var report = BenchmarkReport(benchmark: "soak", workload: workload)
        let measured = marks.measured
        for (index, mark) in measured.enumerated() {
            // The first mark is what the later ones are compared with.
            let first = index > 0 ? measured.first : nil
            report.measurements += [
                Measurement(
                    name: "milliseconds per step up to step \(mark.step)", value: mark.milliseconds, unit: "ms",
                    direction: .lowerIsBetter,
                    peer: first.map { .init(name: "up to step \($0.step)", value: $0.milliseconds) }),
                Measurement(
                    name: "resident memory after step \(mark.step)", value: mark.bytes / 1e6, unit: "MB",
                    direction: .lowerIsBetter,
                    peer: first.map { .init(name: "after step \($0.step)", value: $0.bytes / 1e6) }),
            ]
        }
        report.notes.append("the backend and the environment are stand-ins; times are means of a twentieth of the run")
        report.show(asJSON: json)
    }
}

/// Looks at the process at a tenth, half and the end of a run.
private final class SoakMarks: StageReporter {
    struct Mark {
        var step: Int
        /// The mean of the steps of the last twentieth of the run.
        var milliseconds: Double
        var bytes: Double
    }

    private let window: Int
    private let places: Set<Int>
    private let state = Mutex((starts: [Int: ContinuousClock.Instant](), marks: [Mark]()))

    init(steps: Int) {
        window = steps / 20
        places = [steps / 10, steps / 2, steps]
    }

    var measured: [Mark] { state.withLock { $0.marks } }

    func stepFinished(_ metrics: StepMetrics, of total: Int) {
        state.withLock { state in
            if places.contains(metrics.step + window) { state.starts[metrics.step + window] = .now }
            guard places.contains(metrics.step), let start = state.starts[metrics.step] else { return }
            state.marks.append(
                Mark(
                    step: metrics.step,
                    milliseconds: start.duration(to: .now).seconds * 1000 / Double(max(window, 1)),
                    bytes: ProcessMemory.now ?? 0))
        }
    }
}
