import Foundation
import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// The tiny Qwen3 model and its PyTorch results in `../shared/golden/qwen3-tiny`.
enum GoldenModel {
    static let directory: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return root.deletingLastPathComponent().appendingPathComponent("shared/golden/qwen3-tiny").path
    }()
    static let isPresent = FileManager.default.fileExists(atPath: directory + "/summary.json")

    static func weights() throws -> DecoderWeights { try DecoderWeights.load(directory: directory + "/model") }

    static func tensors(_ name: String) throws -> SafeTensors {
        try SafeTensors.read(directory + "/\(name).safetensors")
    }

    /// The batch of the goldens without its padding.
    static func batch() throws -> [TrainingSequence] {
        let file = try tensors("batch")
        let lengths = try integers(file, "lengths")
        let (inputs, targets) = (try integers(file, "input_ids"), try integers(file, "target_tokens"))
        let (weights, logprobs) = (try floats(file, "weights"), try floats(file, "logprobs"))
        let advantages = try floats(file, "advantages")
        let width = inputs.count / lengths.count
        return lengths.enumerated().map { row, length in
            let range = (row * width)..<(row * width + Int(length))
            return TrainingSequence(
                inputTokens: inputs[range].map(Int32.init), targetTokens: targets[range].map(Int32.init),
                weights: Array(weights[range]), logprobs: Array(logprobs[range]),
                advantages: Array(advantages[range]))
        }
    }

    static func floats(_ file: SafeTensors, _ name: String) throws -> [Float] {
        try #require(file[name]?.floats, "no float tensor \(name)")
    }

    static func integers(_ file: SafeTensors, _ name: String) throws -> [Int64] {
        guard case .int64(let values)? = file[name]?.elements else { throw MissingTensor(name: name) }
        return values
    }

    struct MissingTensor: Error { var name: String }

    /// `|a − b| / |b|` in the Euclidean norm.
    static func relativeError(_ found: [Float], _ expected: [Float]) -> Double {
        let difference = zip(found, expected).reduce(0.0) { $0 + pow(Double($1.0 - $1.1), 2) }
        let scale = expected.reduce(0.0) { $0 + pow(Double($1), 2) }
        return (difference / max(scale, 1e-30)).squareRoot()
    }
}
