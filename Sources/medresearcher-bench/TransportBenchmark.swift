import ArgumentParser
import Foundation
import Primitives
import Transport

/// What a request costs the client in processor time and latency, how well it keeps slots busy, and what it keeps.
struct TransportBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport",
        abstract: "Processor time and added latency of chat completions, utilisation of slots, and memory.",
        discussion: "The server runs in a process of its own. The peers are Python's aiohttp and the openai package.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A Python interpreter that may have aiohttp and openai.")
    var python: String?

    @Flag(help: "Measure no peers.")
    var alone = false

    @Option(parsing: .upToNextOption, help: "Numbers of requests in flight.")
    var inFlight = [16, 64, 256, 1024]

    @Option(help: "Requests of each repetition, and at least three for each in flight.")
    var requests = 2000

    @Option(help: "Slots of the utilisation experiment.")
    var slots = 128

    @Option(help: "Requests of the utilisation experiment; 0 leaves it out.")
    var scheduled = 5120

    @Option(help: "Requests over which resident memory is compared; 0 leaves it out.")
    var soak = 0

    func validate() throws {
        guard (inFlight + [requests, slots]).allSatisfy({ $0 >= 1 }), scheduled >= 0, soak >= 0 else {
            throw ValidationError("--in-flight, --requests and --slots must be at least 1; the others at least 0")
        }
    }

    func run() throws {
        OpenFiles.raiseLimit()
        let server = try TransportServerProcess()
        defer { server.stop() }
        var loads = inFlight.flatMap { count in
            TransportLoad.Kind.allCases.map {
                TransportLoad.steady($0, slots: count, count: max(requests, 3 * count))
            }
        }
        let schedule = scheduled > 0 ? TransportLoad.logNormal(slots: slots, count: scheduled) : nil
        if let schedule { loads.append(schedule) }
        let ours = try measure(loads, url: server.url)
        var report = BenchmarkReport(
            benchmark: "transport",
            workload: "chat completions on loopback at 1,000 requests/s, request written and answer parsed; "
                + "\(requests) requests or three for each in flight")
        var peers: [(name: String, costs: [TransportLoad.Cost])] = []
        let interpreter = PythonPeer(interpreter: python ?? "python3")
        for module in alone ? [] : PythonHTTPPeer.modules {
            do {
                guard interpreter.imports(module) else { throw PythonPeer.Failure(description: "it is not installed") }
                peers.append((module, try ask(interpreter, module: module, loads: loads, url: server.url)))
            } catch {
                report.notes.append("\(module) is absent: \(error)")
            }
        }
        for (index, load) in loads.enumerated() {
            let others = peers.map { ($0.name, $0.costs[index]) }
            if load.waits == schedule?.waits {
                add(&report, "utilisation, \(slots) slots", "of ideal", .higherIsBetter, ours[index], others) {
                    load.idealMakespan / $0.makespan
                }
            } else {
                let name = "\(load.kind.label), \(load.slots) in flight"
                add(&report, name, "CPU µs", .lowerIsBetter, ours[index], others) { $0.processor * 1e6 }
                add(&report, name + ", added p99", "ms", .lowerIsBetter, ours[index], others) { $0.addedLatency * 1e3 }
            }
        }
        if soak > 0 { try addSoak(&report, url: server.url) }
        report.notes.append("bars: 85 CPU µs for 1.6 KB, 400 for 28 KB; utilisation 0.98; memory flat")
        report.notes.append(
            "waits are spread over ±50 % of the number in flight × 1 ms; log-normal waits: mean 100 ms, σ 1")
        report.show(asJSON: options.json)
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

    private func ask(
        _ interpreter: PythonPeer, module: String, loads: [TransportLoad], url: String
    ) throws -> [TransportLoad.Cost] {
        let answer = try interpreter.run(
            PythonHTTPPeer.script,
            input: [
                "module": .string(module), "url": .string(url), "body": TransportLoad.body,
                "repetitions": .integer(options.repetitions),
                "loads": .array(
                    loads.map { load in
                        [
                            "kind": .string(load.kind.rawValue), "slots": .integer(load.slots),
                            "waits": .array(load.waits.map { .integer($0) }),
                        ]
                    }),
            ])
        let costs = try (answer.arrayValue ?? []).map { cost in
            TransportLoad.Cost(
                processor: try cost.double(at: "processor"), addedLatency: try cost.double(at: "added_latency"),
                makespan: try cost.double(at: "makespan"))
        }
        guard costs.count == loads.count else { throw PythonPeer.Failure(description: "it answered \(answer.text)") }
        return costs
    }
}
