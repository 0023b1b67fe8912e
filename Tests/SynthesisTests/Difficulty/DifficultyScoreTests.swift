import Primitives
import Testing

@testable import Synthesis

struct DifficultyScoreTests {
    private static func observation(
        _ constraints: Int, _ bits: Double, _ rank: Int?, _ blurred: Int, _ passes: (Int, Int)
    ) -> (features: DifficultyFeatures, observed: Proportion) {
        (
            DifficultyFeatures(
                constraints: constraints, depth: constraints, searchBits: bits, retrievalRank: rank,
                blurredNames: blurred), Proportion(successes: passes.0, count: passes.1)
        )
    }

    private static let observations = [
        observation(1, 0, 1, 0, (4, 4)), observation(2, 1, 3, 0, (3, 4)), observation(3, 2.5, nil, 1, (1, 4)),
        observation(4, 4, nil, 0, (0, 4)), observation(2, 0, 40, 0, (2, 4)), observation(6, 7.25, nil, 2, (0, 8)),
        observation(3, 1.5, 5, 1, (5, 8)),
    ]

    /// The optimum of the same objective by `torch.optim.LBFGS` in double precision, torch 2.13.
    @Test(arguments: [
        (
            1.0,
            [
                2.7808648673300396, -0.6059181896350184, -0.3257572147339194, -0.3603122520518668,
                0.09180039722058148,
            ]
        ),
        (
            0.1,
            [
                3.3482150396376156, -1.386946942790449, -0.24529240208702008, -0.344487498908788, 1.0870819008317603,
            ]
        ),
    ]) func fitsLikeTorch(penalty: Double, expected: [Double]) {
        let fitted = DifficultyScore.fitted(to: Self.observations, penalty: penalty)
        for (weight, reference) in zip(fitted.weights, expected) { #expect(abs(weight - reference) < 1e-6) }
    }

    @Test func nothingObservedLeavesThePrior() {
        #expect(DifficultyScore.fitted(to: []) == .prior)
        let untried = Self.observation(2, 0, 1, 0, (0, 0))
        #expect(DifficultyScore.fitted(to: [untried]) == .prior)
    }

    @Test func separableObservationsStayFinite() {
        let observations = [Self.observation(1, 0, 1, 0, (50, 50)), Self.observation(6, 20, nil, 3, (0, 50))]
        let fitted = DifficultyScore.fitted(to: observations, penalty: 0.01)
        #expect(fitted.weights.allSatisfy { $0.isFinite && abs($0) < 100 })
    }

    @Test func everyFeatureMakesAQuestionHarder() {
        let easy = DifficultyFeatures(constraints: 2, depth: 2, searchBits: 1, retrievalRank: 2, blurredNames: 0)
        let rate = DifficultyScore.prior.passRate(easy)
        for change in [
            { $0.constraints = 3 }, { $0.searchBits = 2 }, { $0.retrievalRank = 9 }, { $0.retrievalRank = nil },
            { $0.blurredNames = 1 },
        ] as [(inout DifficultyFeatures) -> Void] {
            var harder = easy
            change(&harder)
            #expect(DifficultyScore.prior.passRate(harder) < rate)
        }
    }
}

struct CalibrationErrorTests {
    private static let observations = [
        (0.05, 0, 10), (0.12, 3, 8), (0.1, 1, 4), (0.55, 6, 10), (0.95, 9, 9), (1, 3, 4), (0.5, 2, 2),
    ]
    .map { predicted, successes, count in
        CalibrationError.Observation(
            predicted: predicted, observed: Proportion(successes: successes, count: count))
    }

    /// Each attempt a row, binned by numpy 2.4.
    @Test func agreesWithNumpy() throws {
        let error = try #require(CalibrationError(Self.observations))
        #expect(abs(error.expected - 0.11042553191489357) < 1e-12)
        #expect(abs(error.maximum - 0.22) < 1e-12)
        #expect(abs(error.brier - 0.15335531914893616) < 1e-12)
        #expect(error.bins.reduce(0) { $0 + $1.observed.count } == 47)
    }

    @Test func aPerfectPredictionHasNoError() throws {
        let error = try #require(
            CalibrationError([.init(predicted: 0.25, observed: Proportion(successes: 2, count: 8))]))
        #expect(error.expected == 0)
        #expect(abs(error.brier - 0.1875) < 1e-12)
    }

    @Test func nothingObservedGivesNothing() {
        #expect(CalibrationError([]) == nil)
        #expect(CalibrationError([.init(predicted: 0.5, observed: Proportion(successes: 0, count: 0))]) == nil)
        #expect(CalibrationError([.init(predicted: 1.5, observed: Proportion(successes: 0, count: 1))]) == nil)
    }
}
