import ArgumentParser
import Foundation
import Knowledge
import Primitives
import Reporting

/// Loading, closure, certification and sampling of knowledge graphs, against networkx in the same run.
struct KnowledgeBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge",
        abstract: "Load, entailment closure, certified queries a minute, sampler cost versus graph size.",
        discussion: """
            Times are processor seconds of this process, so that another load on the machine counts little. The peer is \
            the package networkx of the Python that --python names: it reads the same triples, closes the same \
            hierarchy, and draws chains at random and keeps those that are unique and shortest, as releases do that \
            filter instead of searching.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A graph: a directory, a graph file, or a triples table.")
    var graph = "../shared/data/kg/full_kg_open.tsv.zst"

    @Option(help: "Facts of a synthetic graph that is measured as well. May be repeated.")
    var facts: [Int] = [100_000, 1_000_000]

    @Option(help: "Certified queries to draw.")
    var queries = 4000

    @Option(help: "The Python interpreter of the peer.")
    var python = "python3"

    func validate() throws {
        guard facts.allSatisfy({ $0 >= 1000 }) else { throw ValidationError("--facts must be at least 1000") }
        guard queries >= 1 else { throw ValidationError("--queries must be at least 1") }
    }

    func run() throws {
        let real = try KnowledgeGraph.load(path: graph)
        var report = BenchmarkReport(benchmark: "knowledge", workload: "\(graph), \(real)")
        let peer = try peerTimes(notes: &report.notes)
        try measure(real, name: "open graph", peer: peer, report: &report)
        for count in facts {
            try measure(
                SyntheticGraph.make(facts: count, seed: 1), name: "synthetic \(count)", peer: [:], report: &report)
        }
        report.notes.append("peer: networkx reads the table as text; its chains are drawn at random and filtered")
        report.show(asJSON: options.json)
    }

    /// The verifier keeps facts in hash tables, which graphs with more of them would fill the memory with.
    private static let verifiedFacts = 2_000_000

    private func measure(
        _ graph: KnowledgeGraph, name: String, peer: [String: Double], report: inout BenchmarkReport
    ) throws {
        func add(
            _ what: String, _ value: Double, _ unit: String, better: Measurement.Direction, peerKey: String? = nil
        ) {
            Terminal.writeToStandardError("\(name): \(what) \(value) \(unit)\n")
            let rival = peerKey.flatMap { peer[$0] }.map { Measurement.Peer(name: "networkx", value: $0) }
            report.measurements.append(
                Measurement(name: "\(name): \(what)", value: value, unit: unit, direction: better, peer: rival))
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).graph")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try graph.save(file: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        add("file", Double(size) / 1e6, "MB", better: .lowerIsBetter)
        let load = try seconds { consume(try KnowledgeGraph.load(file: path)) }
        add("load", load, "s", better: .lowerIsBetter, peerKey: "load")
        let close = try seconds { consume(try graph.facts(.entailed)) }
        add("closure", close, "s", better: .lowerIsBetter, peerKey: "closure")
        let entailed = try graph.facts(.entailed)
        add("entailed facts", Double(entailed.count), "facts", better: .higherIsBetter)

        for (mode, facts) in [("asserted", graph.asserted), ("entailed", entailed)] {
            for (kind, share) in [("chains", 0.0), ("conjunctions", 1.0)] {
                let sampler = QuerySampler(
                    allowedSteps: Set(graph.allSteps), conjunctionShare: share, seed: 1)
                var sample: [Certificate] = []
                let time = try seconds(repetitions: 1) { sample = sampler.sample(facts, count: queries) }
                add(
                    "certified \(kind), \(mode)", Double(sample.count) / time * 60, "a minute",
                    better: .higherIsBetter, peerKey: mode == "asserted" && share == 0 ? "chains" : nil)
                guard share == 0, mode == "entailed", graph.triples.count <= Self.verifiedFacts else { continue }
                let verifier = CertificateVerifier(graph: graph)
                let checked = sample.prefix(300)
                if let first = checked.first { consume(verifier.verify(first)) }
                var failures = 0
                let verify = try seconds(repetitions: 1) { failures = checked.count { verifier.verify($0) != nil } }
                guard failures == 0 else { throw ValidationError("\(failures) certificates do not hold") }
                add("verified, entailed", Double(checked.count) / verify * 60, "a minute", better: .higherIsBetter)
            }
        }
        for method in SubgraphSampler.Method.allCases where method != .mixed {
            let sampler = SubgraphSampler(method: method, seed: 1)
            let draws = 200
            let time = try seconds(repetitions: 1) {
                for number in 0..<draws { consume(sampler.subgraph(number, of: graph)) }
            }
            add(
                method.rawValue, time / Double(draws) * 1e3, "ms a draw", better: .lowerIsBetter,
                peerKey: method.rawValue)
        }
    }

    /// The median of processor seconds after one unmeasured call.
    private func seconds(repetitions: Int? = nil, _ body: () throws -> Void) throws -> Double {
        if repetitions == nil { try body() }
        var times: [Double] = []
        for _ in 0..<(repetitions ?? options.repetitions) {
            let start = ProcessorTime.now
            try body()
            times.append(ProcessorTime.now - start)
        }
        return times.median
    }

    private func peerTimes(notes: inout [String]) throws -> [String: Double] {
        let peer = PythonPeer(interpreter: python)
        guard graph.hasSuffix(".tsv") || graph.hasSuffix(".tsv.zst") else {
            notes.append("networkx was not measured: it reads triples tables")
            return [:]
        }
        guard peer.imports("networkx") else {
            notes.append("networkx was not measured: \(python) cannot import it")
            return [:]
        }
        let table = FileManager.default.temporaryDirectory.appendingPathComponent("bench-\(UUID().uuidString).tsv")
        defer { try? FileManager.default.removeItem(at: table) }
        try Data(KnowledgePeer.table(graph)).write(to: table)
        let output = try peer.run(
            KnowledgePeer.script, input: ["table": .string(table.path), "seconds": 20, "seed": 1])
        var times: [String: Double] = [:]
        for key in KnowledgePeer.keys { times[key] = try output.double(at: key) }
        return times
    }
}
