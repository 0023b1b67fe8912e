import ArgumentParser
import Foundation
import Primitives
import Rewards

/// Verdicts per second and their latency on one core, against Math-Verify and verl's scorers in the same run.
struct RewardsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rewards",
        abstract: "Graded answers a second: text, numbers, quantities, LaTeX; the worst megabyte.",
        discussion: """
            Every verdict is measured whole: finding the answer, reading it, comparing it, and writing the report. Golds \
            are read once, as a rollout worker does. Peers: the packages math-verify and verl (its \
            `verl/utils/reward_score` is enough) of the Python that --python names.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "The Python interpreter of the peers.")
    var python = "python3"

    @Option(help: "Cases of each workload.")
    var cases = 4000

    func run() throws {
        let peer = PythonPeer(interpreter: python)
        var report = BenchmarkReport(
            benchmark: "rewards",
            workload: "\(cases) pairs of gold and answer of each kind, half of them right; one core")
        for workload in RewardsWorkload.all(cases: cases) {
            let ours = try measure(workload)
            let theirs = try peerRates(workload, peer: peer, notes: &report.notes)
            let rate = Measurement(name: "\(workload.name): verdicts", value: ours.rate, unit: "/s")
            if theirs.isEmpty { report.measurements.append(rate) }
            for peer in theirs {
                var measurement = rate
                measurement.peer = peer
                report.measurements.append(measurement)
            }
            for (name, value) in [("p50", ours.p50), ("p99", ours.p99), ("max", ours.maximum)] {
                report.measurements.append(
                    Measurement(
                        name: "\(workload.name): \(name)", value: value * 1e6, unit: "µs", direction: .lowerIsBetter))
            }
        }
        for hostile in RewardsWorkload.hostileMegabytes {
            let prepared = try PreparedGold(hostile.gold)
            let seconds = Stopwatch(repetitions: options.repetitions).median { _ in
                consume(AnswerVerifier().grade(hostile.text, against: prepared))
            }
            report.measurements.append(
                Measurement(
                    name: "1 MB of \(hostile.name)", value: seconds * 1e3, unit: "ms", direction: .lowerIsBetter))
        }
        report.show(asJSON: options.json)
    }

    private struct Latency {
        var rate, p50, p99, maximum: Double
    }

    /// The throughput is the median of the passes; the latencies are those of one pass in which each verdict is timed.
    private func measure(_ workload: RewardsWorkload) throws -> Latency {
        let verifier = AnswerVerifier()
        let prepared = try workload.pairs.map { try PreparedGold($0.gold) }
        let seconds = Stopwatch(repetitions: options.repetitions).median { _ in
            for (pair, gold) in zip(workload.pairs, prepared) { consume(verifier.grade(pair.answer, against: gold)) }
        }
        for (pair, gold) in zip(workload.pairs, prepared) {
            let isCorrect = verifier.grade(pair.answer, against: gold).verdict == .correct
            guard isCorrect == pair.isRight else {
                throw ValidationError("\(pair.answer) for \(pair.gold.value): the verdict should not be \(isCorrect)")
            }
        }
        var times: [Double] = []
        for (pair, gold) in zip(workload.pairs, prepared) {
            let start = ContinuousClock.now
            consume(verifier.grade(pair.answer, against: gold))
            times.append(start.duration(to: .now).seconds)
        }
        times.sort()
        return Latency(
            rate: Double(workload.pairs.count) / seconds, p50: times[times.count / 2],
            p99: times[times.count * 99 / 100], maximum: times[times.count - 1])
    }

    private func peerRates(
        _ workload: RewardsWorkload, peer: PythonPeer, notes: inout [String]
    ) throws -> [Measurement.Peer] {
        let pairs = workload.pairs.prefix(RewardsPeer.cases).map { pair -> JSONValue in
            [.string(pair.gold.value), .string(pair.answer)]
        }
        var rates: [Measurement.Peer] = []
        for scorer in RewardsPeer.scorers(for: workload.name) {
            do {
                let input: JSONValue = ["scorer": .string(scorer), "pairs": .array(Array(pairs))]
                let output = try peer.run(RewardsPeer.script, input: input)
                rates.append(.init(name: scorer, value: try output.double(at: "rate")))
            } catch {
                let note = "\(scorer) was not measured: \(error)"
                if !notes.contains(note) { notes.append(note) }
            }
        }
        return rates
    }
}
