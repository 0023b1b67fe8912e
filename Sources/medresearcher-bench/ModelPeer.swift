import EmbeddedBackend
import Foundation
import Primitives

/// What PyTorch measured on a ``ModelWorkload``.
struct ModelPeer {
    var name: String
    /// One entry per number of threads.
    var timings: [ModelTimings]
    /// Seconds of one product of each kernel shape.
    var kernels: [Double]
    /// The loss of the training batch before any step.
    var loss: Double

    /// - Parameter directory: where the weights lie in Hugging Face layout.
    init(
        _ interpreter: PythonPeer, directory: String, workload: ModelWorkload, kernels shapes: [KernelShape],
        threads: [Int], repetitions: Int
    ) throws {
        let sequences = workload.training.map { JSONValue.tokens($0.inputTokens + $0.targetTokens.suffix(1)) }
        let answer = try interpreter.run(
            PyTorchPeer.script,
            input: [
                "configuration": workload.configuration.json, "weights": .string(directory + "/model.safetensors"),
                "sequences": .array(sequences), "threads": .array(threads.map { .integer($0) }),
                "repetitions": .integer(repetitions), "kernels": .array(shapes.map(\.json)),
                "sampled_batches": .array(ModelWorkload.sampledBatches.map { .integer($0) }),
                "prompt_length": .integer(ModelWorkload.promptLength),
                "sampled_tokens": .integer(workload.sampledTokens),
            ])
        func time(_ value: JSONValue) throws -> ModelTimings.Time {
            .init(wall: try value.double(at: "wall"), processor: try value.double(at: "processor"))
        }
        name = "PyTorch \(try answer.string(at: "version"))"
        loss = try answer.double(at: "loss")
        timings = try answer.array(at: "timings").map { entry in
            ModelTimings(
                training: try time(entry["training"] ?? .null), sampling: try entry.array(at: "sampling").map(time),
                trainingMemory: try entry.double(at: "memory"))
        }
        kernels = try answer.array(at: "kernels").compactMap(\.doubleValue)
        guard kernels.count == shapes.count, timings.count == threads.count else {
            throw PythonPeer.Failure(description: "it answered with \(kernels.count) products of \(shapes.count)")
        }
    }
}
