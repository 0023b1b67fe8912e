import ArgumentParser
import Foundation
import Primitives
import Transport

/// What a request costs the client in processor time and latency, how well it keeps slots busy, and what it keeps.
struct TransportBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport",
        abstract: "Processor time and added latency of chat completions, utilisation of slots, and memory.",
        discussion: """
            The server runs in a process of its own. The peers are Python's aiohttp and the openai package, under the same \
            loads with fewer requests. A whole run takes about eight minutes, most of it the peers'; --alone takes three.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A Python interpreter that may have aiohttp and openai.")
    var python: String?

    @Flag(help: "Measure no peers.")
    var alone = false

    @Option(parsing: .upToNextOption, help: "Numbers of requests in flight.")
    var inFlight = [16, 64, 256, 1024]

    @Option(help: "Requests of each repetition, and at least three for each in flight.")
    var requests = 2000

    @Option(help: "Requests of each repetition of a peer, and at least two for each in flight.")
    var peerRequests = 600

    @Option(help: "Measured repetitions of each peer.")
    var peerRepetitions = 3

    @Option(help: "Slots of the utilisation experiment.")
    var slots = 128

    @Option(help: "Requests of the utilisation experiment; 0 leaves it out.")
    var scheduled = 5120

    @Option(help: "Requests over which resident memory is compared; 0 leaves it out.")
    var soak = 0

    func validate() throws {
        guard (inFlight + [requests, peerRequests, peerRepetitions, slots]).allSatisfy({ $0 >= 1 }), scheduled >= 0,
            soak >= 0
        else {
            throw ValidationError("--scheduled and --soak must be at least 0, all other numbers at least 1")
        }
    }

    func run() throws {
        OpenFiles.raiseLimit()
        let server = try TransportServerProcess()
        defer { server.stop() }
        var loads = inFlight.flatMap { count in
            TransportLoad.Kind.allCases.flatMap { kind in
                [
                    TransportLoad.saturating(kind, slots: count, count: max(requests, 3 * count)),
                    TransportLoad.steady(kind, slots: count, count: max(requests, 3 * count)),
                ]
            }
        }
        if scheduled > 0 { loads.append(.logNormal(slots: slots, count: scheduled)) }
        let ours = try measure(loads, url: server.url)
        var report = BenchmarkReport(
            benchmark: "transport",
            workload:
                "chat completions on loopback, request written and answer parsed; \(requests) requests or three for "
                + "each in flight, one after the other or paced")
        let peers = alone ? [] : askPeers(loads, url: server.url, &report)
        for (index, load) in loads.enumerated() {
            let others = peers.compactMap { peer in peer.costs[index].map { (peer.name, $0) } }
            if load.isScheduled {
                add(&report, name(of: load), "of ideal", .higherIsBetter, ours[index], others) {
                    load.idealMakespan / $0.makespan
                }
            } else {
                add(&report, name(of: load), "CPU µs", .lowerIsBetter, ours[index], others) { $0.processor * 1e6 }
                guard load.isPaced else { continue }
                add(&report, name(of: load) + ", added p99", "ms", .lowerIsBetter, ours[index], others) {
                    $0.addedLatency * 1e3
                }
            }
        }
        if soak > 0 { try addSoak(&report, url: server.url) }
        report.notes.append("bars: 85 CPU µs for 1.6 KB, 400 for 28 KB; utilisation 0.98; memory flat")
        report.notes.append(
            "paced: the server waits 1 ms × the number in flight ± 50 %; utilisation: log-normal waits, mean 100 ms, σ 1"
        )
        report.show(asJSON: options.json)
    }

    private func name(of load: TransportLoad) -> String {
        if load.isScheduled { return "utilisation, \(load.slots) slots" }
        return "\(load.kind.label), \(load.slots) in flight" + (load.isPaced ? " at 1,000/s" : "")
    }

    /// What each peer's loads cost, in the order of the loads; notes in the report say why a cost is missing.
    private func askPeers(
        _ loads: [TransportLoad], url: String, _ report: inout BenchmarkReport
    ) -> [(name: String, costs: [TransportLoad.Cost?])] {
        let shorter = loads.map { load in
            var load = load
            // A schedule is as good as its own ideal, which belongs to all of its waits.
            if !load.isScheduled { load.waits = Array(load.waits.prefix(max(peerRequests, 2 * load.slots))) }
            return load
        }
        let interpreter = PythonPeer(interpreter: python ?? "python3")
        var peers: [(name: String, costs: [TransportLoad.Cost?])] = []
        for module in PythonHTTPPeer.modules {
            do {
                let outcomes = try PythonHTTPPeer(interpreter: interpreter, module: module)
                    .run(shorter, url: url, repetitions: peerRepetitions)
                var costs: [TransportLoad.Cost?] = []
                for (load, outcome) in zip(shorter, outcomes) {
                    switch outcome {
                    case .cost(let cost): costs.append(cost)
                    case .failure(let reason):
                        costs.append(nil)
                        report.notes.append("\(module) failed at \(name(of: load)): \(reason)")
                    }
                }
                peers.append((module, costs))
            } catch {
                report.notes.append("\(module) is absent: \(error)")
            }
        }
        if !peers.isEmpty {
            report.notes.append(
                "peers: medians of \(peerRepetitions) repetitions of \(peerRequests) requests or two for each in flight"
            )
        }
        return peers
    }

    private func measure(_ loads: [TransportLoad], url: String) throws -> [TransportLoad.Cost] {
        let (repetitions, connections) = (options.repetitions, loads.map(\.slots).max() ?? 1)
        return try waiting {
            let client = HTTPClient(configuration: HTTPClientConfiguration(maximumConnections: connections))
            defer { client.shutdown() }
            var result: [TransportLoad.Cost] = []
            for load in loads {
                var warmUp = load
                warmUp.waits = Array(repeating: 0, count: load.slots)
                _ = try await warmUp.run(client, url: url)
                var costs: [TransportLoad.Cost] = []
                for _ in 0..<repetitions { costs.append(try await load.run(client, url: url)) }
                result.append(
                    TransportLoad.Cost(
                        processor: costs.map(\.processor).median, addedLatency: costs.map(\.addedLatency).median,
                        makespan: costs.map(\.makespan).median))
            }
            return result
        }
    }

    private func add(
        _ report: inout BenchmarkReport, _ name: String, _ unit: String, _ direction: Measurement.Direction,
        _ ours: TransportLoad.Cost, _ others: [(String, TransportLoad.Cost)], _ value: (TransportLoad.Cost) -> Double
    ) {
        let peers = others.map { Measurement.Peer(name: $0.0, value: value($0.1)) }
        for peer in peers.isEmpty ? [nil] : peers.map(Optional.some) {
            report.measurements.append(
                Measurement(name: name, value: value(ours), unit: unit, direction: direction, peer: peer))
        }
    }

    private func addSoak(_ report: inout BenchmarkReport, url: String) throws {
        let soak = TransportSoak(requests: soak)
        let result = try waiting {
            let client = HTTPClient()
            defer { client.shutdown() }
            return try await soak.run(client, url: url)
        }
        for (name, bytes) in [("a tenth", result.early), ("all", result.late)] {
            report.measurements.append(
                Measurement(
                    name: "resident after \(name) of \(soak.requests)", value: Double(bytes) / 1e6, unit: "MB",
                    direction: .lowerIsBetter))
        }
        report.measurements.append(
            Measurement(
                name: "1.6 KB without waits, \(soak.slots) in flight", value: result.processorPerRequest * 1e6,
                unit: "CPU µs", direction: .lowerIsBetter))
    }
}
