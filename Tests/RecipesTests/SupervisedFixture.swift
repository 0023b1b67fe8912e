import EmbeddedBackend
import Foundation
import Primitives
import Storage
import Synthesis
import Tokenizers
import Training

@testable import Recipes

/// A directory with a model of a few thousand random weights that speaks the quick start's tokens, for runs of seconds.
final class SupervisedFixture: Sendable {
    let root = NSTemporaryDirectory() + "supervised-" + UUID().uuidString
    let tokenizer: Tokenizer
    let renderer: any ChatRenderer

    static let positions = 160

    private static let quickstartBase = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("Recipes/quickstart/base").path
    }()

    init() throws {
        let base = root + "/base"
        try FileStore.createDirectory(base)
        let file = try FileStore.read(Self.quickstartBase + "/tokenizer.json")
        try FileStore.writeAtomically(file, to: base + "/tokenizer.json")
        tokenizer = try Tokenizer.load(path: base + "/tokenizer.json")
        renderer = try RendererCatalogue(name: "qwen3", tokenizer: tokenizer, modelPath: base, templatePath: nil)
            .renderer(RendererOptions())
        let shape = DecoderConfiguration(
            vocabularySize: tokenizer.vocabularySize, hiddenSize: 16, intermediateSize: 16, layerCount: 1, headCount: 2,
            keyValueHeadCount: 1, headSize: 8, ropeTheta: 10_000, maximumPositions: Self.positions,
            endOfTextToken: tokenizer.tokenID("<|im_end|>").map(Int.init))
        try DecoderWeights.random(shape, seed: 3, copying: false).save(directory: base)
    }

    deinit { try? FileStore.remove(root) }

    /// Writes lines into a file of the fixture, compressed where its name says so.
    @discardableResult
    func write(_ lines: [String], to name: String) throws -> String {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        let path = root + "/" + name
        try FileStore.writeAtomically(name.hasSuffix(".zst") ? Zstandard.compress(bytes) : bytes, to: path)
        return path
    }

    /// A conversation of two messages as a line.
    static func line(_ number: Int, words: Int = 3) -> String {
        let answer = (0..<words).map { "\((number * 7 + $0) % 10)" }.joined(separator: " ")
        return
            #"{"messages":[{"role":"user","content":"count \#(number)"},{"role":"assistant","content":"\#(answer)"}]}"#
    }

    func recipe(graph: String, sft: String, supervisedQuestions: Int = 0) throws -> Recipe {
        let text = """
            name: small
            seed: 5
            model: {base: base}
            backend: {kind: embedded, probe: false, threads: 1}
            knowledge: {graph: \(graph)}
            synthesis: {maximum_hops: 2, exclude_relations: [], supervised_questions: \(supervisedQuestions), held_out_questions: 0}
            checkpoints: {every: 2}
            sft:
            \(sft)
            """
        return try Recipe(
            try RecipeNode.parse(text, source: root + "/small.yaml"), paths: RecipePaths(destination: root + "/run"))
    }

    func encoder(
        trainOn: SupervisedSection.TrainOn = .allAssistantMessages, limit: Int? = nil,
        tooLong: SupervisedDatasetSection.TooLong = .error
    ) -> ConversationEncoder {
        ConversationEncoder(
            renderer: renderer, trainOn: trainOn, limit: limit.map { .init(tokens: $0, reason: "the test") },
            tooLong: tooLong)
    }

    func section(_ text: String) throws -> SupervisedDatasetSection {
        let recipe = try RecipeTests.read(
            """
            name: tiny
            model: {base: base}
            knowledge: {graph: graph}
            sft:
              dataset: {\(text)}
            """)
        guard let section = recipe.supervised?.dataset else {
            throw RecipeError(problems: [.init(place: .init(source: "test", line: 0), text: "no data set")])
        }
        return section
    }
}
