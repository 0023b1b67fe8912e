import Primitives
import Testing

@testable import Training

@Suite struct SupervisedSourceTests {
    private func examples(_ count: Int) -> [SupervisedSequence] {
        (0..<count).map { SupervisedSequence(tokens: [0, TokenID($0)], weights: [0, 1]) }
    }

    @Test(arguments: [(7, 3), (6, 3), (2, 5)]) func everyEpochVisitsEachExampleOnce(count: Int, batch: Int) throws {
        let source = try ShuffledExamples(examples: examples(count), batchSize: batch, seed: 1)
        for epoch in 0..<3 {
            let steps = epoch * source.stepsPerEpoch + 1...(epoch + 1) * source.stepsPerEpoch
            #expect(steps.flatMap { source.indices(step: $0) }.sorted() == Array(0..<count))
        }
    }

    @Test func theCursorCountsSmallerLastBatches() throws {
        let source = try ShuffledExamples(examples: examples(7), batchSize: 3, seed: 1)
        #expect(source.cursor(afterStep: 3) == DataCursor(consumed: 7, epoch: 1, next: 0))
        #expect(source.cursor(afterStep: 4) == DataCursor(consumed: 10, epoch: 1, next: 3))
        #expect(source.steps(epochs: 1.5) == 5)
    }

    @Test func anEmptyDataSetIsRefused() {
        #expect(throws: TrainingError.self) { try ShuffledExamples(examples: [], batchSize: 1, seed: 1) }
    }

    @Test func aStreamReadsConsecutiveIndices() async throws {
        let stream = ExampleStream(batchSize: 2) { SupervisedSequence(tokens: [0, TokenID($0)], weights: [0, 1]) }
        #expect(try await stream.batch(step: 3).map { $0.tokens[1] } == [4, 5])
        #expect(stream.cursor(afterStep: 3) == DataCursor(consumed: 6, epoch: 0, next: 6))
    }
}
