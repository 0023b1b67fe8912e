import Testing

@testable import Rewards

@Suite struct JudgeCalibrationTests {
    private func calibration(_ tp: Int, _ fp: Int, _ tn: Int, _ fn: Int) -> JudgeCalibration {
        JudgeCalibration(
            [(tp, true, true), (fp, false, true), (tn, false, false), (fn, true, false)]
                .flatMap { Array(repeating: (isCorrect: $0.1, isJudgedCorrect: $0.2), count: $0.0) })
    }

    /// 20 both yes, 15 both no, 5 and 10 apart: agreement 0.7, by chance 0.5, κ 0.4 (Cohen's textbook example).
    @Test func `kappa is agreement beyond chance`() {
        let calibration = calibration(20, 10, 15, 5)
        #expect(calibration.agreement == 0.7)
        #expect(abs((calibration.kappa ?? 0) - 0.4) < 1e-12)
        #expect(self.calibration(5, 0, 5, 0).kappa == 1)
        #expect(self.calibration(5, 0, 0, 0).kappa == nil)
        #expect(JudgeCalibration().agreement == nil)
    }

    /// With no false positive among n the bound is 1 − 0.05^(1/n): the rule of three.
    @Test(arguments: [(10, 0.258865), (100, 0.029513), (1000, 0.0029912)])
    func `no false positive bounds the rate by about three over n`(incorrect: Int, bound: Double) {
        #expect(abs(calibration(3, 0, incorrect, 0).falsePositiveBound() - bound) < 1e-5)
    }

    /// Exact limits from the beta distribution: 0.95 quantile of Beta(k+1, n−k).
    @Test(arguments: [(1, 10, 0.394163), (5, 100, 0.102253), (2, 20, 0.282619)])
    func `the bound is that of Clopper and Pearson`(false: Int, incorrect: Int, bound: Double) {
        #expect(abs(calibration(0, `false`, incorrect - `false`, 0).falsePositiveBound() - bound) < 1e-4)
    }

    @Test func `the bound is 1 where nothing is known`() {
        #expect(JudgeCalibration().falsePositiveBound() == 1)
        #expect(calibration(0, 4, 0, 0).falsePositiveBound() == 1)
        #expect(calibration(0, 0, 4, 0).falsePositiveRate == 0)
    }
}
