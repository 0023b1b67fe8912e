import EmbeddedBackend
import Foundation
import Primitives
import Storage
import Synthesis
import Tokenizers
import Training

/// The conversations of `sft.dataset` as training examples. Reading them is a function of the files, the tokenizer and the
/// recipe; the files' hashes are inputs of the run.
struct SupervisedDataset: Sendable {
    /// Examples of the files to train on, in their order.
    private(set) var training: [SupervisedSequence] = []
    /// Examples of the held-out files.
    private(set) var heldOut: [SupervisedSequence] = []
    private(set) var inputs: [RunDescription.Input] = []
    private var cut = 0
    private var dropped = 0
    private let limit: ConversationEncoder.Limit?

    /// How many lines that cannot be used are named.
    private static let shownProblems = 20

    /// Reads all files, and finds all lines that cannot be used before it gives up.
    init(_ section: SupervisedDatasetSection, encoder: ConversationEncoder) async throws {
        limit = encoder.limit
        var problems: [String] = []
        for (list, name) in [(section.files, "sft.dataset.files"), (section.heldOut, "sft.dataset.held_out")] {
            for (index, path) in list.enumerated() {
                let file = try ConversationFile(path: path)
                inputs.append(.init(name: "\(name)[\(index)]", sha256: file.sha256))
                for line in try await file.map(format: section.format, { try encoder.encode($0) }) {
                    switch line.result {
                    case .success(let outcome): add(outcome, isHeldOut: name.hasSuffix("held_out"))
                    case .failure(let problem): problems.append("\(path):\(problem.line): \(problem.text)")
                    }
                }
            }
        }
        guard problems.isEmpty else {
            throw SynthesisError.unusableConversations(
                problems: Array(problems.prefix(Self.shownProblems)), count: problems.count)
        }
        guard !training.isEmpty else {
            throw TrainingError.invalidConfiguration(
                "sft.dataset.files (\(section.files.joined(separator: ", "))) hold no example to train on"
                    + (dropped > 0 ? "; \(dropped) were dropped as too long" : ""))
        }
        guard section.heldOut.isEmpty || !heldOut.isEmpty else {
            throw TrainingError.invalidConfiguration(
                "sft.dataset.held_out (\(section.heldOut.joined(separator: ", "))) holds no example to measure on")
        }
    }

    private mutating func add(_ outcome: ConversationEncoder.Outcome, isHeldOut: Bool) {
        let sequence: SupervisedSequence
        switch outcome {
        case .whole(let whole): sequence = whole
        case .cut(let start):
            cut += 1
            sequence = start
        case .dropped:
            dropped += 1
            return
        }
        if isHeldOut { heldOut.append(sequence) } else { training.append(sequence) }
    }

    /// What came of the files, for people.
    var summary: String {
        let tokens = (training + heldOut).reduce(0) { $0 + $1.tokens.count }
        var text = "sft.dataset: \(training.count) examples to train on"
        if !heldOut.isEmpty { text += ", \(heldOut.count) held out" }
        text += ", \(tokens) tokens"
        if let limit, cut + dropped > 0 {
            text += "; with more than \(limit.tokens) tokens (\(limit.reason)): \(cut) cut, \(dropped) dropped"
        }
        return text
    }
}

extension Recipe {
    /// The greatest length of a training sequence that the model can hold; `nil` where only a server knows.
    func modelLimit() throws -> ConversationEncoder.Limit? {
        guard backend.kind == .embedded else { return nil }
        let file = model.base + "/config.json"
        let configuration = try DecoderConfiguration(json: JSONValue.parse(FileStore.read(file)), file: file)
        // The last token is predicted only, so it needs no position.
        return .init(
            tokens: configuration.maximumPositions + 1,
            reason: "the model has \(configuration.maximumPositions) positions")
    }

    func conversationEncoder(
        _ section: SupervisedSection, _ dataset: SupervisedDatasetSection, renderer: any ChatRenderer
    ) throws -> ConversationEncoder {
        let own = dataset.maximumTokens.map {
            ConversationEncoder.Limit(tokens: $0, reason: "sft.dataset.maximum_tokens")
        }
        let limit = [own, try modelLimit()].compactMap { $0 }.min { $0.tokens < $1.tokens }
        return ConversationEncoder(
            renderer: renderer, trainOn: section.trainOn, limit: limit, tooLong: dataset.tooLong)
    }
}
