import ArgumentParser
import Foundation
import Primitives

/// What an episode costs this process besides the model: prompt, parsing, tools, scoring and the written row.
struct RolloutsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollouts",
        abstract: "Processor time of an episode, episodes per second, and memory, with a sampler that costs nothing.",
        discussion: """
            Ours: EpisodeRunner, the reward of ResearchEnvironment, and the rows of a step as a run writes them. The \
            sampler answers in the process, at once or after log-normal waits, or over HTTP. The server runs in a process \
            of its own (Python) and is the same for all. Peers: verifiers 0.1.14 (SingleTurnEnv.evaluate with one reward \
            function) and a raw asyncio loop, which sends the same request, reads the answer's text and does nothing else.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A Python interpreter that may have verifiers; any Python serves for the server and the raw loop.")
    var python = "python3"

    @Flag(help: "Measure no peers and nothing over HTTP.")
    var alone = false

    @Option(help: "A tokenizer.json (also .zst) or a model's directory, of Qwen3's chat format.")
    var tokenizer = "../shared/tokenizers/qwen3"

    @Option(parsing: .upToNextOption, help: "Numbers of episodes in flight.")
    var inFlight = [64, 256, 1024, 4096]

    @Option(help: "Episodes of each repetition, and at least as many as are in flight.")
    var episodes = 2000

    @Option(help: "Episodes of each peer, and at least as many as are in flight.")
    var peerEpisodes = 1000

    @Option(help: "Mean of the log-normal waits, in milliseconds.")
    var meanWait = 200.0

    func validate() throws {
        guard (inFlight + [episodes, peerEpisodes]).allSatisfy({ $0 >= 1 }), meanWait > 0 else {
            throw ValidationError("all numbers must be at least 1 and the wait positive")
        }
    }

    func run() throws {
        OpenFiles.raiseLimit()
        let workload = try RolloutsWorkload(tokenizerPath: tokenizer)
        var report = BenchmarkReport(
            benchmark: "rollouts",
            workload: "prompt \(workload.promptTokens) tokens, answer \(workload.answerTokens); with tools 3 calls and "
                + "4 turns; tokenizer \(tokenizer), \(workload.vocabularySize) entries")
        for count in inFlight {
            let total = max(episodes, count)
            for load in [RolloutsLoad.Kind.atOnce, .waiting(mean: meanWait / 1000)] {
                for turns in [1, RolloutsWorkload.toolTurns] {
                    let load = RolloutsLoad(kind: load, turns: turns, inFlight: count, episodes: total)
                    add(&report, load, try measure(load, workload), peers: [])
                }
            }
        }
        if !alone { try addHTTP(&report, workload) }
        report.notes += [
            "bars: 250 CPU µs for a single-turn episode with parsing, scoring and writing; 20 × verifiers; 10,000 in "
                + "flight within 2 GB",
            "with tools: per turn, of \(RolloutsWorkload.toolTurns) turns; waits: log-normal, mean \(Int(meanWait)) ms, σ 1",
        ]
        report.show(asJSON: options.json)
    }

    private func addHTTP(_ report: inout BenchmarkReport, _ workload: RolloutsWorkload) throws {
        let server: RolloutsServer
        do { server = try RolloutsServer(python: python, answer: workload.answerTokenIDs) } catch {
            report.notes.append("nothing over HTTP: \(error)")
            return
        }
        defer { server.stop() }
        for count in inFlight {
            let load = RolloutsLoad(
                kind: .http(url: server.url), turns: 1, inFlight: count, episodes: max(episodes, count))
            let ours = try measure(load, workload)
            var peers: [(String, RolloutsLoad.Cost)] = []
            for peer in RolloutsPeer.allCases {
                do {
                    let cost = try peer.run(
                        python: python, url: server.url, inFlight: count, episodes: max(peerEpisodes, count))
                    peers.append((peer.rawValue, cost))
                } catch {
                    report.notes.append("\(peer.rawValue) at \(count) in flight is absent: \(error)")
                }
            }
            add(&report, load, ours, peers: peers)
        }
    }

    private func measure(_ load: RolloutsLoad, _ workload: RolloutsWorkload) throws -> RolloutsLoad.Cost {
        var warmUp = load
        warmUp.episodes = min(load.episodes, 200)
        _ = try waiting { [warmUp] in try await warmUp.run(workload) }
        // A load that waits takes as long as its waits; its processor time varies little.
        let repetitions = load.isWaiting ? 1 : options.repetitions
        var costs: [RolloutsLoad.Cost] = []
        for _ in 0..<repetitions { costs.append(try waiting { try await load.run(workload) }) }
        return RolloutsLoad.Cost(
            processor: costs.map(\.processor).median, perSecond: costs.map(\.perSecond).median,
            peakMemory: costs.map(\.peakMemory).max() ?? 0)
    }

    private func add(
        _ report: inout BenchmarkReport, _ load: RolloutsLoad, _ ours: RolloutsLoad.Cost,
        peers: [(String, RolloutsLoad.Cost)]
    ) {
        let turns = Double(load.turns)
        for peer in peers.isEmpty ? [nil] : peers.map(Optional.some) {
            report.measurements.append(
                Measurement(
                    name: load.name, value: ours.processor / turns * 1e6,
                    unit: load.turns == 1 ? "CPU µs" : "CPU µs/turn", direction: .lowerIsBetter,
                    peer: peer.map { .init(name: $0.0, value: $0.1.processor / turns * 1e6) }))
            report.measurements.append(
                Measurement(
                    name: load.name, value: ours.perSecond, unit: "episodes/s",
                    peer: peer.map { .init(name: $0.0, value: $0.1.perSecond) }))
        }
        report.measurements.append(
            Measurement(
                name: load.name, value: ours.peakMemory / 1e6, unit: "MB peak", direction: .lowerIsBetter))
    }
}
