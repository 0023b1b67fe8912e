import EmbeddedBackend
import Foundation
import Primitives

/// What a peer of the embedded model measured.
struct EmbeddedPeer {
    var name: String
    /// One entry per number of threads; empty where only the matrix kernel has a peer.
    var timings: [EmbeddedTimings]
    /// Seconds of one product of each kernel shape.
    var kernels: [Double]
    /// The loss of the training batch before any step.
    var loss: Double?

    init(
        pyTorch interpreter: PythonPeer, weights: DecoderWeights, workload: EmbeddedWorkload, shapes: [KernelShape],
        threads: [Int], repetitions: Int
    ) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("medresearcher-bench-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try weights.save(directory: directory.path)
        let sequences = workload.training.map { JSONValue.tokens($0.inputTokens + $0.targetTokens.suffix(1)) }
        let answer = try interpreter.run(
            PyTorchPeer.script,
            input: [
                "configuration": weights.configuration.json, "weights": .string(directory.path + "/model.safetensors"),
                "sequences": .array(sequences), "threads": .array(threads.map { .integer($0) }),
                "repetitions": .integer(repetitions), "kernels": .array(shapes.map(\.json)),
                "concurrent": .integer(EmbeddedWorkload.sampledSequences),
                "prompt_length": .integer(EmbeddedWorkload.samplingPromptLength),
                "sampled_tokens": .integer(EmbeddedWorkload.sampledTokens),
                "prefill_length": .integer(EmbeddedWorkload.prefillLength),
            ])
        name = "PyTorch \(try answer.string(at: "version"))"
        loss = try answer.double(at: "loss")
        timings = try answer.array(at: "timings").map { entry in
            EmbeddedTimings(
                training: try entry.double(at: "training"), forward: try entry.double(at: "forward"),
                sampling: try entry.double(at: "sampling"), prefill: try entry.double(at: "prefill"))
        }
        kernels = try Self.kernels(answer, count: shapes.count)
    }

    init(numPy interpreter: PythonPeer, shapes: [KernelShape], repetitions: Int) throws {
        let answer = try interpreter.run(
            NumPyPeer.script,
            input: ["repetitions": .integer(repetitions), "kernels": .array(shapes.map(\.json))],
            environment: NumPyPeer.environment)
        name = "NumPy \(try answer.string(at: "version"))"
        timings = []
        kernels = try Self.kernels(answer, count: shapes.count)
    }

    private static func kernels(_ answer: JSONValue, count: Int) throws -> [Double] {
        let seconds = try answer.array(at: "kernels").compactMap(\.doubleValue)
        guard seconds.count == count else {
            throw PythonPeer.Failure(description: "it timed \(seconds.count) matrix products of \(count)")
        }
        return seconds
    }
}
