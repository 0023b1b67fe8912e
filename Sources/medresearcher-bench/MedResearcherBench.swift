import ArgumentParser

/// Measures the parts of MedResearcher whose speed a user waits for, with a peer in the same run where there is one.
@main
struct MedResearcherBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "medresearcher-bench",
        abstract:
            "Measures the embedded model, transport, JSON, objective, rewards, tokenizers, graphs, retrieval, rollouts and schedules.",
        discussion: "Medians of several repetitions after a warm-up; nothing is asserted. Run it on an idle machine.",
        subcommands: [
            ModelBenchmark.self, TransportBenchmark.self, JSONBenchmark.self, AdvantageBenchmark.self,
            RewardsBenchmark.self, RewardsFuzz.self, SynthesisBenchmark.self, TokenizersBenchmark.self,
            KnowledgeBenchmark.self, RetrievalBenchmark.self, RolloutsBenchmark.self, TransportServer.self,
            GradientComparison.self, KillsBenchmark.self, ScheduleBenchmark.self, SoakBenchmark.self,
        ])
}

/// What every benchmark takes.
struct BenchmarkOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @Option(help: "Measured repetitions after one unmeasured warm-up; the median is reported.")
    var repetitions = 5

    func validate() throws {
        guard repetitions >= 1 else { throw ValidationError("--repetitions must be at least 1") }
    }
}
