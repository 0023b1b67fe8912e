import ArgumentParser
import EmbeddedBackend
import Foundation
import Primitives

/// Tokens per second of the embedded model and GFLOP/s of its matrix kernel.
struct EmbeddedBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embedded", abstract: "The embedded model: training, forward, sampling, prefill, matrix kernel.",
        discussion: "The peer is PyTorch, or NumPy for the matrix kernel alone where there is no PyTorch.")

    static let quickstartModel = "Recipes/quickstart/base"

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A model directory; \(quickstartModel) where it is there, else random weights of its shape.")
    var model: String?

    @Option(help: "A Python interpreter that may have torch.")
    var python: String?

    @Option(parsing: .upToNextOption, help: "Numbers of threads to measure with.")
    var threads = [1, 2]

    func validate() throws {
        guard threads.allSatisfy({ $0 >= 1 }) else { throw ValidationError("--threads must be at least 1") }
    }

    func run() throws {
        let (weights, source) = try loadWeights()
        let workload = EmbeddedWorkload(weights.configuration)
        let shapes = KernelShape.all(weights.configuration)

        let loss = try DecoderTrainer(weights: weights, threads: 1).forward(workload.training).joined()
            .reduce(0) { $0 - Double($1) }
        let kernels = shapes.map { $0.seconds(repetitions: options.repetitions) }
        let timings = try threads.map {
            try EmbeddedTimings(weights, workload: workload, threads: $0, repetitions: options.repetitions)
        }
        let (peer, note) = askPeer(weights, workload: workload, shapes: shapes)

        var report = BenchmarkReport(
            benchmark: "embedded",
            workload: "\(source), \(weights.count) parameters; \(workload.training.count) training sequences, "
                + "\(workload.trainingTokens) tokens; \(EmbeddedWorkload.sampledSequences) sequences sampled at a time")
        for (index, count) in threads.enumerated() {
            let other = peer?.timings.indices.contains(index) == true ? peer?.timings[index] : nil
            report.measurements += Self.rates(
                timings[index], peer: other, name: peer?.name ?? "", workload: workload, threads: count)
        }
        for (index, shape) in shapes.enumerated() {
            report.measurements.append(
                Measurement(
                    name: "\(shape.name) \(shape.m)×\(shape.n)×\(shape.k), 1 thread",
                    value: shape.operations / kernels[index] * 1e-9, unit: "GFLOP/s",
                    peer: peer.map { .init(name: $0.name, value: shape.operations / $0.kernels[index] * 1e-9) }))
        }
        report.notes = note.map { [$0] } ?? []
        if let other = peer?.loss {
            report.notes.append(
                String(format: "loss of the training batch %.4f, the peer's %.4f: the same model", loss, other))
        }
        report.show(asJSON: options.json)
    }

    private func loadWeights() throws -> (DecoderWeights, String) {
        if let directory = model
            ?? (FileManager.default.fileExists(atPath: Self.quickstartModel)
                ? Self.quickstartModel : nil)
        {
            return (try DecoderWeights.load(directory: directory), directory)
        }
        return (DecoderWeights.random(EmbeddedWorkload.quickstartShape, seed: 1), "random weights")
    }

    private func askPeer(
        _ weights: DecoderWeights, workload: EmbeddedWorkload, shapes: [KernelShape]
    ) -> (EmbeddedPeer?, note: String?) {
        do {
            if let python {
                let interpreter = PythonPeer(interpreter: python)
                if interpreter.imports("torch") {
                    return (
                        try EmbeddedPeer(
                            pyTorch: interpreter, weights: weights, workload: workload, shapes: shapes,
                            threads: threads, repetitions: options.repetitions), nil
                    )
                }
            }
            for name in [python, "python3"].compactMap({ $0 }) {
                let interpreter = PythonPeer(interpreter: name)
                guard interpreter.imports("numpy") else { continue }
                let reason = python == nil ? "give --python with torch" : "\(python ?? "") has no torch"
                return (
                    try EmbeddedPeer(numPy: interpreter, shapes: shapes, repetitions: options.repetitions),
                    "no peer for the model (\(reason)); NumPy stands beside the matrix kernel"
                )
            }
            return (nil, "the peer is absent: neither torch (--python PATH) nor numpy (python3) can be imported")
        } catch {
            return (nil, "the peer is absent: \(error)")
        }
    }

    private static func rates(
        _ timings: EmbeddedTimings, peer: EmbeddedTimings?, name: String, workload: EmbeddedWorkload, threads: Int
    ) -> [Measurement] {
        let sequences = EmbeddedWorkload.sampledSequences
        let parts: [(String, KeyPath<EmbeddedTimings, Double>, Int)] = [
            ("trained (forward, backward, AdamW)", \.training, workload.trainingTokens),
            ("forward only", \.forward, workload.trainingTokens),
            ("sampled", \.sampling, sequences * EmbeddedWorkload.sampledTokens),
            ("prefilled", \.prefill, sequences * EmbeddedWorkload.prefillLength),
        ]
        return parts.map { part, path, tokens in
            Measurement(
                name: "\(part), \(threads) thread\(threads == 1 ? "" : "s")",
                value: Double(tokens) / timings[keyPath: path], unit: "tokens/s",
                peer: peer.map { .init(name: name, value: Double(tokens) / $0[keyPath: path]) })
        }
    }
}
