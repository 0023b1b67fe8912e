import ArgumentParser
import Backends
import Foundation
import Primitives
import Transport

/// Processor time per request of the HTTP client and of the Tinker sampling path.
struct TransportBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport", abstract: "Processor time per request of the HTTP client and of a Tinker sample.",
        discussion: "The server runs in a process of its own. The peers are Python's aiohttp and httpx.")

    static let samplingPrompt = (0..<64).map { TokenID($0 + 1) }
    static let sampledTokens = 16

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A Python interpreter that may have aiohttp or httpx.")
    var python: String?

    @Option(parsing: .upToNextOption, help: "Numbers of requests in flight.")
    var inFlight = [16, 64, 256]

    @Option(help: "Requests of each repetition.")
    var requests = 2000

    @Option(help: "Samples of each repetition; each is a submission and a poll.")
    var samples = 512

    func validate() throws {
        guard (inFlight + [requests, samples]).allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("--in-flight, --requests and --samples must be at least 1")
        }
    }

    func run() throws {
        let server = try TransportServerProcess()
        defer { server.stop() }
        let ours = try measure(url: server.url, key: server.key)
        var report = BenchmarkReport(
            benchmark: "transport",
            workload: "client processor time on loopback; \(requests) requests of healthz; \(samples) samples of "
                + "\(Self.sampledTokens) tokens after \(Self.samplingPrompt.count)")
        var peers: [(name: String, times: [TransportTimes])] = []
        let interpreter = PythonPeer(interpreter: python ?? "python3")
        for module in PythonHTTPPeer.modules where interpreter.imports(module) {
            do {
                peers.append((module, try ask(interpreter, module: module, server: server)))
            } catch {
                report.notes.append("\(module) is absent: \(error)")
            }
        }
        if peers.isEmpty {
            report.notes.append("no peer: \(interpreter.interpreter) can import neither aiohttp nor httpx")
        }
        for (index, count) in inFlight.enumerated() {
            for (name, path) in [("healthz", \TransportTimes.health), ("sample", \TransportTimes.sample)] {
                let others = peers.map { Measurement.Peer(name: $0.name, value: $0.times[index][keyPath: path] * 1e6) }
                for peer in others.isEmpty ? [nil] : others.map(Optional.some) {
                    report.measurements.append(
                        Measurement(
                            name: "\(name), \(count) in flight", value: ours[index][keyPath: path] * 1e6,
                            unit: "CPU µs", direction: .lowerIsBetter, peer: peer))
                }
            }
        }
        report.notes.append("a sample is two exchanges, its request written and its answer read")
        report.show(asJSON: options.json)
    }

    private func measure(url: String, key: String) throws -> [TransportTimes] {
        let (inFlight, requests, samples, repetitions) = (inFlight, requests, samples, options.repetitions)
        return try waiting {
            let client = HTTPClient()
            let session = try await TinkerSession.connect(
                TinkerEndpoint(baseURL: url, apiKey: key, profile: .embedded), transport: client)
            let sampler = try await session.createSampler(baseModel: "minute", policyVersion: 0)
            var times: [TransportTimes] = []
            for concurrency in inFlight {
                var (health, sample): ([Double], [Double]) = ([], [])
                for repetition in 0...repetitions {
                    let healthTime = try await Self.processorTime(concurrency, count: requests) { _ in
                        let response = try await client.send(HTTPRequest(method: "GET", url: url + "/api/v1/healthz"))
                        consume(try JSONValue.parse(response.body))
                    }
                    let sampleTime = try await Self.processorTime(concurrency, count: samples) { number in
                        let parameters = SamplingParameters(
                            maxTokens: Self.sampledTokens, stopTokens: [], seed: Int64(number))
                        consume(
                            try await sampler.sample(prompt: Self.samplingPrompt, count: 1, parameters: parameters))
                    }
                    guard repetition > 0 else { continue }
                    health.append(healthTime)
                    sample.append(sampleTime)
                }
                times.append(TransportTimes(health: health.median, sample: sample.median))
            }
            await session.close()
            client.shutdown()
            return times
        }
    }

    /// Processor seconds per call of `count` calls, `concurrency` at a time.
    private static func processorTime(
        _ concurrency: Int, count: Int, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Double {
        let start = ProcessorTime.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for first in 0..<concurrency {
                group.addTask {
                    for number in stride(from: first, to: count, by: concurrency) { try await body(number) }
                }
            }
            try await group.waitForAll()
        }
        return (ProcessorTime.now - start) / Double(count)
    }

    private func ask(
        _ interpreter: PythonPeer, module: String, server: TransportServerProcess
    ) throws -> [TransportTimes] {
        let answer = try interpreter.run(
            PythonHTTPPeer.script,
            input: [
                "module": .string(module), "url": .string(server.url), "key": .string(server.key),
                "in_flight": .array(inFlight.map { .integer($0) }), "requests": .integer(requests),
                "samples": .integer(samples), "repetitions": .integer(options.repetitions),
                "prompt": .tokens(Self.samplingPrompt), "tokens": .integer(Self.sampledTokens),
            ])
        let times = try (answer.arrayValue ?? []).map {
            TransportTimes(health: try $0.double(at: "health"), sample: try $0.double(at: "sample"))
        }
        guard times.count == inFlight.count else {
            throw PythonPeer.Failure(description: "it answered \(answer.text)")
        }
        return times
    }
}

/// Processor seconds of one request of each kind.
private struct TransportTimes: Sendable {
    var health: Double
    var sample: Double
}
