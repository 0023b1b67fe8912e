import ArgumentParser

/// Rollouts and training overlapped by the engine, against the ideal.
struct ScheduleBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Measures how well rollouts and training overlap, with episodes and a trainer that only take time.",
        discussion: """
            The engine of reinforcement stages plays episodes of log-normal durations while a stand-in trains. Every setting is \
            compared with the ideal, a simulation of the same admission rule without overhead, and with the synchronous run. \
            Takes about three minutes.
            """)

    @Option(help: "Steps of each run.")
    var steps = 14

    @Option(help: "The standard deviations of the logarithm of an episode's duration.")
    var sigmas: [Double] = [0.5, 1, 1.5]

    @Option(help: "How many steps the sampling policy may lie behind.")
    var staleness: [Int] = [0, 1, 2, 4]

    @Option(help: "The mean duration of an episode, in seconds.")
    var episodeSeconds = 0.1

    @Option(help: "The duration of a training step, in seconds.")
    var trainSeconds = 0.1

    @Option(help: "A Python for the peer, which plays the setting with the greatest sigma and staleness 2.")
    var python: String?

    @Flag(help: "Simulate the ideal only.")
    var idealOnly = false

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        guard steps > 0, episodeSeconds > 0, trainSeconds > 0, staleness.allSatisfy({ $0 >= 0 }),
            sigmas.allSatisfy({ 0...4 ~= $0 })
        else { throw ValidationError("steps and durations must be positive, staleness 0 or more, sigmas 0 to 4") }
    }

    func run() async throws {
        var rows: [ScheduleReport.Row] = []
        for sigma in sigmas {
            var workload = ScheduleWorkload(
                steps: steps, episodeSeconds: episodeSeconds, trainSeconds: trainSeconds, sigma: sigma)
            let idealSynchronous = ScheduleIdeal(workload: workload).result()
            let synchronous = idealOnly ? idealSynchronous : try await ScheduleRun(workload: workload).result()
            for staleness in staleness {
                workload.staleness = staleness
                let ideal = ScheduleIdeal(workload: workload).result()
                var row = ScheduleReport.Row(
                    workload: workload, measured: staleness == 0 ? synchronous : ideal, ideal: ideal,
                    synchronous: synchronous, idealSynchronous: idealSynchronous)
                if !idealOnly {
                    if staleness > 0 { row.measured = try await ScheduleRun(workload: workload).result() }
                    if let python, sigma == sigmas.max(), staleness == 2 {
                        row.peer = try SchedulePeer(python: python).result(workload)
                    }
                }
                rows.append(row)
            }
        }
        var report = ScheduleReport(rows: rows)
        if let sigma = sigmas.max() { report.longRun = longRun(sigma: sigma) }
        report.show(asJSON: json)
    }

    /// How much faster than the synchronous run the ideal with staleness 2 is over a thousand steps, where single stragglers
    /// no longer decide.
    private func longRun(sigma: Double) -> (sigma: Double, gain: Double) {
        var workload = ScheduleWorkload(
            steps: 1000, episodeSeconds: episodeSeconds, trainSeconds: trainSeconds, sigma: sigma)
        let synchronous = ScheduleIdeal(workload: workload).result()
        workload.staleness = 2
        return (sigma, synchronous.seconds / ScheduleIdeal(workload: workload).result().seconds)
    }
}
