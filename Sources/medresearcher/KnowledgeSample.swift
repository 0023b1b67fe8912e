import ArgumentParser
import Foundation
import Knowledge
import Reporting

struct KnowledgeSample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Draws certified queries from a graph: chains and conjunctions.",
        discussion: "Writes one certificate a line. The same graph, options and seed give the same lines.")

    @OptionGroup var graph: GraphArgument

    @Option(help: "How many queries.")
    var count = 1000

    @Option(help: "The fewest facts on the way to the answer.")
    var minimumHops = 2

    @Option(help: "The most facts on the way to the answer.")
    var maximumHops = 6

    @Option(help: "The share of conjunctions, from 0 to 1.")
    var conjunctions = 0.5

    @Option(name: .customLong("without"), help: "A relation that no query uses. May be repeated.")
    var excluded: [String] = []

    @Flag(help: "Certify on the asserted facts alone, not on all that the graph entails.")
    var asserted = false

    @Option(help: "The seed.")
    var seed: UInt64 = 1

    @Option(help: "Where the certificates go (.jsonl or .jsonl.zst); standard output if not given.")
    var output: String?

    func validate() throws {
        guard count >= 1 else { throw ValidationError("--count is \(count); expected 1 or more") }
        guard minimumHops >= 1, minimumHops <= maximumHops, maximumHops <= 16 else {
            throw ValidationError(
                "--minimum-hops and --maximum-hops must be from 1 to 16, the first not above the second")
        }
        guard (0...1).contains(conjunctions) else {
            throw ValidationError("--conjunctions is \(conjunctions); expected 0 to 1")
        }
    }

    func run() throws {
        if let output { try OutputCheck.file(output) }
        let facts = try graph.load().facts(asserted ? .asserted : .entailed)
        for name in excluded where facts.graph.relationIndex(name: name) == nil {
            throw ValidationError("--without \(name): the graph has no such relation")
        }
        let steps = facts.graph.allSteps.filter { !excluded.contains(facts.graph.relation($0).name) }
        let sampler = QuerySampler(
            hops: minimumHops...maximumHops, allowedSteps: Set(steps), conjunctionShare: conjunctions, seed: seed)
        let sample = sampler.sample(facts, count: count)
        var sink = LineFiles.Sink(path: output)
        for certificate in sample { sink.append(certificate.json.serialized()) }
        try sink.close()
        let hops = (minimumHops...maximumHops).map { hops in
            "\(sample.count { $0.hops == hops }) of \(hops) hops"
        }
        let chains = sample.count { $0.proofs.count == 1 }
        Terminal.writeToStandardError(
            "\(sample.count) certified queries, \(chains) of them chains: \(hops.joined(separator: ", "))\n")
        if sample.count < count { Terminal.writeToStandardError("the graph gave no more within the bounds\n") }
    }
}
