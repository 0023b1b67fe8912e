import Foundation
import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// A random tiny model and what PyTorch computes with it, as `Scripts/interop/parity/make.py` writes them.
struct ParityFixture: CustomTestStringConvertible, Sendable {
    let directory: String
    var name: String { directory.split(separator: "/").last.map(String.init) ?? directory }
    var testDescription: String { name }

    /// Where `Scripts/interop/parity/run` has put models of its own; the committed ones otherwise.
    static let overridden = ProcessInfo.processInfo.environment["MEDRESEARCHER_PARITY"]

    static let all: [ParityFixture] = {
        let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
            .path
        let root = overridden ?? committed
        return ((try? FileStore.list(root)) ?? []).filter { FileStore.exists("\(root)/\($0)/reference.safetensors") }
            .map { ParityFixture(directory: root + "/" + $0) }
    }()

    func weights() throws -> DecoderWeights { try DecoderWeights.load(directory: directory + "/model") }

    func adapted() throws -> DecoderWeights { try weights().adapted(byAdapterIn: directory + "/adapter") }

    func reference() throws -> Reference { Reference(file: try SafeTensors.read(directory + "/reference.safetensors")) }

    struct Reference {
        let file: SafeTensors

        func floats(_ name: String) throws -> [Float] { try #require(file[name]?.floats, "no tensor \(name)") }
        func integers(_ name: String) throws -> [Int32] {
            try #require(file[name]?.integers, "no tensor \(name)").map(Int32.init)
        }

        /// Names and values of all tensors whose name begins with a prefix, which is cut off.
        func all(_ prefix: String) -> [(name: String, values: [Float])] {
            file.tensors.filter { $0.name.hasPrefix(prefix) }
                .map { (String($0.name.dropFirst(prefix.count)), $0.floats ?? []) }
        }

        func batch() throws -> [TrainingSequence] {
            let (inputs, targets) = (try integers("input_ids"), try integers("target_tokens"))
            let (weights, logprobs) = (try floats("weights"), try floats("logprobs"))
            let advantages = try floats("advantages")
            var start = 0
            return try integers("lengths").map { length in
                let range = start..<start + Int(length)
                start = range.upperBound
                return TrainingSequence(
                    inputTokens: Array(inputs[range]), targetTokens: Array(targets[range]),
                    weights: Array(weights[range]), logprobs: Array(logprobs[range]),
                    advantages: Array(advantages[range]))
            }
        }
    }
}

/// The largest differences found, for the table that `Scripts/interop/parity/run` prints.
enum ParityReport {
    /// Appends a line `model quantity difference` where a report is wanted.
    static func add(_ fixture: ParityFixture, _ quantity: String, _ difference: Double) {
        guard let root = ParityFixture.overridden else { return }
        let line = "\(fixture.name)\t\(quantity)\t\(difference)\n"
        guard let file = FileHandle(forWritingAtPath: root + "/differences.tsv") else { return }
        file.seekToEndOfFile()
        file.write(Data(line.utf8))
        try? file.close()
    }
}
