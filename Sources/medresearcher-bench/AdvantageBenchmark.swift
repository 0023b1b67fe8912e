import ArgumentParser
import Backends
import Primitives
import Training

/// The cost of what lies between rewards and a training request.
struct AdvantageBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advantages", abstract: "Group-relative advantages and datum assembly.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "Episodes of a group.")
    var groupSize = 8

    func validate() throws {
        guard groupSize >= 1 else { throw ValidationError("--group-size must be at least 1") }
    }

    func run() throws {
        let watch = Stopwatch(repetitions: options.repetitions)
        var random = CounterRandom(seed: 7, stage: .reinforcement)
        let groups = (0..<4096).map { _ in (0..<groupSize).map { _ in Double(random.integer(below: 14)) / 10 } }
        let estimator = GroupRelativeAdvantage()
        let perPass = watch.medianOfShort {
            var sum = 0.0
            for rewards in groups { sum += estimator.advantages(of: rewards)[0] }
            consume(sum)
        }
        let sequences = (0..<128).map { _ in Self.sequence(&random) }
        let tokens = sequences.reduce(0) { $0 + $1.tokens.count }
        let assembler = DatumAssembler()
        let perBatch = watch.medianOfShort { consume(assembler.policyDatums(sequences)) }

        var report = BenchmarkReport(
            benchmark: "advantages",
            workload: "\(groups.count) groups of \(groupSize) rewards; \(sequences.count) episodes, \(tokens) tokens")
        report.measurements = [
            Measurement(
                name: "group-relative advantage", value: perPass / Double(groups.count * groupSize) * 1e9,
                unit: "ns/sample", direction: .lowerIsBetter),
            Measurement(name: "datum assembly", value: Double(tokens) / perBatch / 1e6, unit: "Mtokens/s"),
        ]
        report.show(asJSON: options.json)
    }

    /// An episode of 100 to 400 tokens, the second half written by the policy.
    private static func sequence(_ random: inout CounterRandom) -> PolicySequence {
        let count = 100 + random.integer(below: 301)
        let mask = (0..<count).map { $0 >= count / 2 }
        var logprobs = [Float](repeating: 0, count: count)
        for position in count / 2..<count { logprobs[position] = Float(-3 * random.uniform()) }
        return PolicySequence(
            tokens: (0..<count).map { _ in TokenID(random.integer(below: 1024)) }, policyMask: mask,
            logprobs: logprobs, advantage: random.uniform() - 0.5)
    }
}
