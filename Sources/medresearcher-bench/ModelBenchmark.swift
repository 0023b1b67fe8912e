import ArgumentParser
import EmbeddedBackend
import Foundation
import Primitives

/// Tokens per second and memory of the embedded model, and how near to the machine's peak it comes.
struct ModelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "The embedded model: training, sampling, memory, matrix products.",
        discussion: """
            Trains and samples the quickstart's model and random weights of the shape of Qwen3 0.6B, next to PyTorch \
            (eager, float32, same weights and batch) where --python has it. The large model needs 20 GB of memory and, \
            on two cores, some minutes.
            """)

    @OptionGroup var options: BenchmarkOptions

    @Option(parsing: .upToNextOption, help: "Of quickstart and qwen3-0.6b.")
    var models = ModelWorkload.Model.allCases

    @Option(help: "A Python interpreter that may have torch.")
    var python: String?

    @Option(parsing: .upToNextOption, help: "Numbers of threads to measure with.")
    var threads = [1, 2]

    @Option(help: "Tokens of a training step (8192 for the quickstart's model, 1024 for the large one).")
    var trainingTokens: Int?

    @Option(help: "Tokens that each sequence samples (128 and 16).")
    var sampledTokens: Int?

    @Option(help: "Measured repetitions for the large model.")
    var largeRepetitions = 1

    @Flag(inversion: .prefixedNo, help: "Whether to measure matrix products.")
    var kernels = true

    func validate() throws {
        guard threads.allSatisfy({ $0 >= 1 }), largeRepetitions >= 1 else {
            throw ValidationError("--threads and --large-repetitions must be at least 1")
        }
        guard (trainingTokens ?? 2) >= 2, (sampledTokens ?? 1) >= 1 else {
            throw ValidationError("--training-tokens must be at least 2, --sampled-tokens at least 1")
        }
    }

    func run() throws {
        for model in models { try run(model) }
    }

    private func run(_ model: ModelWorkload.Model) throws {
        let workload = try ModelWorkload(model, trainingTokens: trainingTokens, sampledTokens: sampledTokens)
        let repetitions = model == .quickstart ? options.repetitions : largeRepetitions
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("medresearcher-bench-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }

        let shapes = kernels ? KernelShape.cubes + KernelShape.all(workload.configuration) : []
        let products = shapes.map { $0.seconds(repetitions: options.repetitions, packed: model == .quickstart) }
        let before = ProcessMemory.now ?? .nan
        var weights: DecoderWeights? = try workload.weights()
        let parameters = weights?.count ?? 0
        try weights?.save(directory: directory)
        let loss = try weights.map { try DecoderTrainer(weights: $0, threads: 2).forward(workload.training) }?
            .joined().reduce(0) { $0 - Double($1) }
        let timings = try threads.map {
            try ModelTimings(
                &weights, workload: workload, threads: $0, repetitions: repetitions, before: before)
        }
        weights = nil
        let (peer, note) = askPeer(directory, workload: workload, shapes: shapes, repetitions: repetitions)

        var report = BenchmarkReport(
            benchmark: "model",
            workload: "\(workload.source), \(parameters) parameters; a step of \(workload.training.count) sequences, "
                + "\(workload.trainingTokens) tokens; \(workload.sampledTokens) tokens sampled per sequence")
        report.measurements =
            ModelReport(
                workload: workload, parameters: parameters, threads: threads, timings: timings, shapes: shapes,
                products: products, peer: peer
            ).measurements
        report.notes = note.map { [$0] } ?? []
        if let loss, let other = peer?.loss {
            report.notes.append(
                String(
                    format: "loss of the training batch %.4f, the peer's %.4f, relative difference %.1e", loss, other,
                    abs(loss - other) / abs(other)))
        }
        report.show(asJSON: options.json)
    }

    private func askPeer(
        _ directory: String, workload: ModelWorkload, shapes: [KernelShape], repetitions: Int
    ) -> (ModelPeer?, note: String?) {
        let interpreter = PythonPeer(interpreter: python ?? "python3")
        guard interpreter.imports("torch") else {
            return (nil, "the peer is absent: \(interpreter.interpreter) has no torch (give --python PATH)")
        }
        do {
            return (
                try ModelPeer(
                    interpreter, directory: directory, workload: workload, kernels: shapes, threads: threads,
                    repetitions: repetitions), nil
            )
        } catch {
            return (nil, "the peer is absent: \(error)")
        }
    }
}

extension ModelWorkload.Model: ExpressibleByArgument {}
