import Testing

@testable import Synthesis

struct PassAtKTests {
    /// `1 - np.prod(1 - k / np.arange(n - c + 1, n + 1))`, the estimator as its paper gives it, numpy 2.4.
    @Test(arguments: [
        (10, 3, 1, 0.30000000000000004), (10, 3, 5, 0.9166666666666666), (200, 17, 10, 0.5974489015799118),
        (5, 0, 3, 0.0), (5, 5, 5, 1.0), (8, 1, 8, 1.0),
    ]) func agreesWithThePaper(attempts: Int, correct: Int, k: Int, expected: Double) throws {
        let estimate = try #require(PassAtK.estimate(correct: correct, attempts: attempts, k: k))
        #expect(abs(estimate - expected) < 1e-12)
    }

    /// The share of subsets of size `k` with a right attempt, by listing them all.
    @Test(arguments: [(6, 2, 3), (7, 4, 2), (5, 1, 4), (6, 6, 1)])
    func isTheShareOfSubsetsWithASuccess(attempts: Int, correct: Int, k: Int) throws {
        let subsets = (0..<(1 << attempts)).filter { $0.nonzeroBitCount == k }
        let passing = subsets.count { $0 & ((1 << correct) - 1) != 0 }
        let estimate = try #require(PassAtK.estimate(correct: correct, attempts: attempts, k: k))
        #expect(abs(estimate - Double(passing) / Double(subsets.count)) < 1e-12)
    }

    @Test(arguments: [(3, 1, 4), (0, 0, 1), (4, 5, 1), (4, -1, 1), (4, 1, 0)])
    func impossibleCountsGiveNothing(attempts: Int, correct: Int, k: Int) {
        #expect(PassAtK.estimate(correct: correct, attempts: attempts, k: k) == nil)
    }

    @Test func meansOverQuestions() throws {
        let mean = try #require(PassAtK.mean(of: [(1, 2), (2, 2), (0, 2)], k: 1))
        #expect(abs(mean - 0.5) < 1e-12)
        #expect(PassAtK.mean(of: [(1, 2), (1, 1)], k: 2) == nil)
        #expect(PassAtK.mean(of: [], k: 1) == nil)
    }
}
