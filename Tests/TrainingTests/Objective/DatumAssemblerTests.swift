import Testing

@testable import Training

@Suite struct DatumAssemblerTests {
    static let long = PolicySequence(
        tokens: [10, 11, 12, 13, 14, 15], policyMask: [false, false, true, true, false, true],
        logprobs: [0, 0, -0.5, -0.25, 0, -1], advantage: 2)
    static let short = PolicySequence(
        tokens: [10, 20], policyMask: [false, true], logprobs: [0, -0.75], advantage: -1)

    @Test func arraysAreShiftedAndZeroWhereThePolicyDidNotWrite() {
        let datum = DatumAssembler(aggregation: .tokenSum).policyDatums([Self.long])[0]
        #expect(datum.inputTokens == [10, 11, 12, 13, 14])
        #expect(datum.targetTokens == [11, 12, 13, 14, 15])
        #expect(datum.weights == [0, 1, 1, 0, 1])
        #expect(datum.logprobs == [0, -0.5, -0.25, 0, -1])
        #expect(datum.advantages == [0, 2, 2, 0, 2])
    }

    @Test func tokenMeanDividesByThePolicyTokensOfTheBatch() {
        let datums = DatumAssembler(aggregation: .tokenMean).policyDatums([Self.long, Self.short])
        #expect(datums[0].advantages == [0, 0.5, 0.5, 0, 0.5])
        #expect(datums[1].advantages == [-0.25])
    }

    @Test func sequenceMeanDividesByEachSequencesTokens() {
        let datums = DatumAssembler(aggregation: .sequenceMean).policyDatums([Self.long, Self.short])
        #expect(datums[0].advantages.map { $0 * 3 } == [0, 1, 1, 0, 1])
        #expect(datums[1].advantages == [-0.5])
    }

    @Test func supervisedWeightsSumToOneOverTheBatch() {
        let datums = DatumAssembler().supervisedDatums([
            SupervisedSequence(tokens: [1, 2, 3], weights: [1, 1, 1]),
            SupervisedSequence(tokens: [4, 5], weights: [0, 2]),
        ])
        #expect(datums[0].weights == [0.25, 0.25])
        #expect(datums[1].weights == [0.5])
        #expect(datums[0].targetTokens == [2, 3])
        #expect(datums[1].advantages == [0])
    }

    @Test func aBatchWithoutWeightStaysAtZero() {
        let datums = DatumAssembler().supervisedDatums([
            SupervisedSequence(tokens: [1, 2], weights: [1, 0])
        ])
        #expect(datums[0].weights == [0])
    }
}
