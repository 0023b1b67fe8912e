import Foundation
import Primitives
import Storage
import Testing

@testable import EmbeddedBackend

/// Equality with PyTorch (transformers, PEFT) for every architecture, with and without an adapter.
@Suite struct ParityTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var fixture: ParityFixture
        var isAdapted: Bool
        var testDescription: String { fixture.name + (isAdapted ? ", adapted" : "") }
        var prefix: String { isAdapted ? "adapter." : "" }
        func weights() throws -> DecoderWeights { try isAdapted ? fixture.adapted() : fixture.weights() }
    }

    static let cases = ParityFixture.all.flatMap { fixture in
        [false, true].map { Case(fixture: fixture, isAdapted: $0) }
    }

    private func expect(
        _ found: [Float], _ expected: [Float], within bound: Double, _ quantity: String, _ test: Case,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let error = found.count == expected.count ? GoldenModel.relativeError(found, expected) : .infinity
        ParityReport.add(test.fixture, test.prefix + quantity, error)
        #expect(error <= bound, "\(quantity): relative error \(error)", sourceLocation: location)
    }

    @Test func everyArchitectureIsThere() throws {
        let found = Set(try ParityFixture.all.map { try $0.weights().configuration.architecture })
        #expect(found == Set(DecoderConfiguration.Architecture.allCases))
    }

    @Test(arguments: cases) func logprobsEqualPyTorch(_ test: Case) throws {
        let reference = try test.fixture.reference()
        let trainer = DecoderTrainer(weights: try test.weights(), threads: 2)
        let batch = try reference.batch()
        expect(
            try trainer.forward(batch).flatMap { $0 }, try reference.floats(test.prefix + "target_logprobs"),
            within: 1e-5, "target_logprobs", test)

        // All logits of a sequence, up to the constant that the softmax takes out: every token in turn is the target.
        let vocabulary = trainer.configuration.vocabularySize
        let rows = try trainer.forward(
            (0..<vocabulary).map { token in
                var sequence = batch[0]
                sequence.targetTokens = sequence.targetTokens.map { _ in Int32(token) }
                return sequence
            })
        let found = batch[0].inputTokens.indices.flatMap { position in rows.map { $0[position] } }
        expect(
            found, try reference.floats(test.prefix + "vocabulary_logprobs"), within: 1e-5, "vocabulary_logprobs", test)
    }

    @Test(arguments: cases, ["cross_entropy", "ppo"])
    func lossAndGradientsEqualPyTorch(_ test: Case, loss: String) throws {
        let reference = try test.fixture.reference()
        let trainer = DecoderTrainer(weights: try test.weights(), threads: 2)
        let result = try trainer.forwardBackward(
            try reference.batch(), loss: loss == "ppo" ? .ppo(clipLow: 0.8, clipHigh: 1.2) : .crossEntropy)
        expect(
            [Float(result.lossSum)], try reference.floats("\(test.prefix)\(loss).loss"), within: 1e-5, "\(loss).loss",
            test)
        let gradients = reference.all("\(test.prefix)\(loss).grad.")
        #expect(gradients.count == trainer.trained.count)
        for (parameter, expected) in gradients {
            let found = try #require(trainer.gradient(parameter), "no parameter \(parameter)")
            expect(found, expected, within: 1e-4, "\(loss).grad.\(parameter)", test)
        }
    }

    @Test(arguments: cases) func anAdamWStepEqualsPyTorch(_ test: Case) throws {
        let reference = try test.fixture.reference()
        let trainer = DecoderTrainer(weights: try test.weights(), threads: 2)
        _ = try trainer.forwardBackward(try reference.batch(), loss: .crossEntropy)
        trainer.optimizerStep(
            learningRate: 2e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.01, gradientClipNorm: 0)
        let stepped = trainer.snapshot()
        let buffer = stepped.adapter?.parameters ?? stepped.parameters
        for (parameter, expected) in reference.all("\(test.prefix)adamw.") {
            let tensor = try #require(trainer.trained.first { $0.name == parameter }, "no parameter \(parameter)")
            let found = Array(UnsafeBufferPointer(start: buffer.pointer + tensor.offset, count: tensor.count))
            expect(found, expected, within: 1e-4, "adamw.\(parameter)", test)
        }
        try Self.export(stepped, trainer: trainer, batch: reference.batch(), test)
    }

    @Test(arguments: cases) func greedyDecodingEqualsPyTorch(_ test: Case) async throws {
        let reference = try test.fixture.reference()
        let engine = SamplingEngine(weights: try test.weights(), threads: 1)
        defer { engine.shutdown() }
        let expected = try reference.integers(test.prefix + "greedy.tokens")
        let completion = try await engine.sample(
            .init(
                prompt: try reference.integers(test.prefix + "greedy.prompt"), maxTokens: expected.count, temperature: 0
            ))
        #expect(completion.tokens == expected)
        expect(
            completion.logprobs, try reference.floats(test.prefix + "greedy.logprobs"), within: 1e-5, "greedy.logprobs",
            test)
    }

    /// Leaves the stepped model and what it computes for `check.py`, which loads it with transformers and PEFT.
    private static func export(
        _ weights: DecoderWeights, trainer: DecoderTrainer, batch: [TrainingSequence], _ test: Case
    ) throws {
        guard ParityFixture.overridden != nil else { return }
        let directory = test.fixture.directory + (test.isAdapted ? "/ours-adapter" : "/ours")
        for part in ["", "/merged"] { try FileStore.createDirectory(directory + part) }
        try weights.save(directory: directory)
        try weights.saveMerged(directory: directory + "/merged")
        let logprobs = try trainer.forward(batch).flatMap { $0 }
        try SafeTensors(
            tensors: [.init(name: "target_logprobs", shape: [logprobs.count], elements: .float32(logprobs))]
        ).write(to: directory + "/computed.safetensors")
    }
}
