import Tokenizers
import Training

/// The supervised stage: `sft`.
///
/// Keys that a recipe leaves out are not recorded where they were added after runs had been made without them, so that the
/// recipes of those runs resolve to what they are.
public struct SupervisedSection: Sendable {
    /// What of an example is learned, by tinker-cookbook's names.
    public enum TrainOn: String, CaseIterable, Sendable {
        case lastAssistantMessage = "last_assistant_message"
        case lastAssistantTurn = "last_assistant_turn"
        case allAssistantMessages = "all_assistant_messages"
        case allMessages = "all_messages"
        case allTokens = "all_tokens"

        var mask: LossMask {
            switch self {
            case .lastAssistantMessage: .lastAssistantMessage
            case .lastAssistantTurn: .lastAssistantTurn
            case .allAssistantMessages: .allAssistantMessages
            case .allMessages: .allMessages
            case .allTokens: .allTokens
            }
        }
    }

    /// Whether several examples share a datum.
    public enum Packing: String, CaseIterable, Sendable {
        case none
        /// They follow each other and see each other; no server can keep them apart.
        case concatenate
    }

    public var trainOn = TrainOn.allAssistantMessages
    public var epochs: Double
    /// Overrides `epochs` when not 0.
    public var steps: Int
    /// Examples of an optimizer step.
    public var batchSize: Int
    public var bucketBatches: Int
    public var microBatching = MicroBatching.whole
    public var packing: ExamplePacking?
    public var evaluateEvery: Int
    public var heldOut: HeldOutSection
    public var earlyStop: EarlyStop?
    public var dataset: SupervisedDatasetSection?
    public var optimizer: OptimizerSection

    init(_ section: RecipeSection, clip: Double) {
        if section.has("train_on") {
            trainOn = section.choice("train_on", default: .allAssistantMessages) ?? .allAssistantMessages
        }
        section.knows("train_on")
        epochs = section.quantity("epochs", default: 2, in: 0.001...100_000)
        steps = section.integer("steps", default: 0, in: 0...10_000_000)
        batchSize = section.integer("batch_size", default: 8, in: 1...100_000)
        bucketBatches = section.optionalInteger("bucket_batches", in: 0...1_000_000) ?? 0
        let accumulation = section.optionalInteger("accumulation", in: 1...100_000)
        let batchTokens = section.optionalInteger("batch_tokens", in: 1...1_000_000_000)
        if let batchTokens { microBatching = .tokens(batchTokens) }
        if let accumulation, accumulation > 1 { microBatching = .parts(accumulation) }
        packing = Self.packing(section)
        evaluateEvery = section.integer("evaluate_every", default: 0, in: 0...1_000_000)
        dataset = section.optionalSection("dataset").map { SupervisedDatasetSection($0) }
        heldOut = HeldOutSection(section, hasFiles: dataset?.heldOut.isEmpty == false)
        earlyStop = section.optionalSection("early_stop").map { stop in
            defer { stop.finish() }
            return EarlyStop(
                patience: stop.integer("patience", default: 3, in: 1...1_000_000),
                minimumImprovement: stop.number("minimum_improvement", default: 0, in: 0...1e6))
        }
        optimizer = OptimizerSection(section.section("optimizer"), learningRate: 1e-3, beta2: 0.95, clip: clip)
        section.finish()
        if accumulation != nil, batchTokens != nil {
            section.reader.complain(
                section.place(of: "batch_tokens"),
                "sft.batch_tokens and sft.accumulation both say how a batch is divided; keep one of them")
        }
        if let accumulation, accumulation > batchSize {
            section.reader.complain(
                section.place(of: "accumulation"),
                "sft.accumulation is \(accumulation), but a batch has sft.batch_size: \(batchSize) examples to divide; lower "
                    + "it, or raise sft.batch_size")
        }
        if earlyStop != nil, !heldOut.exists {
            section.reader.complain(
                section.place(of: "early_stop"),
                "sft.early_stop needs examples to measure the evaluation loss on; add sft.evaluation_examples, "
                    + "sft.evaluation_share or sft.dataset.held_out")
        }
    }

    private static func packing(_ section: RecipeSection) -> ExamplePacking? {
        guard section.has("packing") else {
            section.knows("packing")
            if section.optionalInteger("pack_tokens", in: 2...100_000_000) != nil {
                section.reader.complain(
                    section.place(of: "pack_tokens"),
                    "sft.pack_tokens has no meaning without `sft.packing: concatenate`; add that, or use sft.batch_tokens to "
                        + "bound a pass without packing")
            }
            return nil
        }
        guard section.choice("packing", default: Packing.none) == .concatenate else {
            _ = section.optionalInteger("pack_tokens", in: 2...100_000_000)
            return nil
        }
        return ExamplePacking(maximumTokens: section.integer("pack_tokens", default: nil, in: 2...100_000_000))
    }
}

/// The examples that are not trained on: how many, when the loss on them is measured, and what is sampled from them.
public struct HeldOutSection: Sendable {
    /// Examples taken from those to train on.
    public var examples: Int
    /// Their share of those to train on.
    public var share: Double
    /// Whether files of the data set are held out.
    public var hasFiles: Bool
    /// Steps between evaluation losses; 0: at the end of every epoch.
    public var every: Int
    /// Held-out examples whose beginnings the policy continues.
    public var samples: Int
    /// Steps between samples.
    public var sampleEvery: Int
    public var sampleTokens: Int

    var exists: Bool { examples > 0 || share > 0 || hasFiles }

    /// The number of examples to take from so many.
    func count(of total: Int) -> Int { examples > 0 ? examples : HeldOutSplit.count(share: share, of: total) }

    init(_ section: RecipeSection, hasFiles: Bool) {
        self.hasFiles = hasFiles
        examples = section.optionalInteger("evaluation_examples", in: 0...10_000_000) ?? 0
        share = section.optionalNumber("evaluation_share", in: 0...0.9) ?? 0
        every = section.optionalInteger("evaluation_loss_every", in: 0...10_000_000) ?? 0
        sampleEvery = section.optionalInteger("sample_every", in: 0...10_000_000) ?? 0
        samples = section.optionalInteger("samples", in: 1...10_000) ?? 4
        sampleTokens = section.optionalInteger("sample_tokens", in: 1...1_000_000) ?? 256
        let ways = [
            ("evaluation_examples", examples > 0), ("evaluation_share", share > 0), ("dataset.held_out", hasFiles),
        ]
        .filter(\.1).map { "sft." + $0.0 }
        if ways.count > 1 {
            section.reader.complain(
                section.place,
                "\(ways.joined(separator: " and ")) both say which examples are held out; keep one of them")
        }
        let dependents = ["evaluation_loss_every", "sample_every", "samples", "sample_tokens"]
        for key in dependents where ways.isEmpty && section.has(key) {
            section.reader.complain(
                section.place(of: key),
                "sft.\(key) needs held-out examples; add sft.evaluation_examples, sft.evaluation_share or "
                    + "sft.dataset.held_out")
        }
        for key in dependents.dropFirst(2) where sampleEvery == 0 && !ways.isEmpty && section.has(key) {
            section.reader.complain(
                section.place(of: key), "sft.\(key) has no meaning without sft.sample_every; add that, or remove it")
        }
    }
}
