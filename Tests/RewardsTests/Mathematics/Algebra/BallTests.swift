import BigInt
import Testing

@testable import Rewards

/// Balls hold values that are known to more digits than doubles have; references are textbook decimals.
@Suite struct BallTests {
    private let arithmetic = BallArithmetic(bits: 200)

    /// Whether the decimal, which is right to its last place, lies within the ball.
    private func holds(_ ball: Ball?, _ decimal: String) -> Bool {
        guard let ball, let value = Rational(plainDecimal: decimal) else { return false }
        let expected = arithmetic.ball(value)
        let places = decimal.split(separator: ".").last?.utf8.count ?? 0
        let slack = arithmetic.unit / BigInt(10).power(places)
        return abs(ball.mid - expected.mid) <= ball.rad + slack + 2 && ball.rad < arithmetic.unit >> 180
    }

    private func ball(_ text: String) -> Ball { arithmetic.ball(Rational(plainDecimal: text) ?? .zero) }

    @Test func constants() {
        #expect(holds(arithmetic.pi, "3.14159265358979323846264338327950288419716939937510"))
        #expect(holds(arithmetic.exponential(ball("1")), "2.71828182845904523536028747135266249775724709369995"))
        #expect(holds(arithmetic.logarithm(ball("2")), "0.69314718055994530941723212145817656807550013436025"))
        #expect(holds(arithmetic.logarithm(ball("10")), "2.30258509299404568401799145468436420760110148862877"))
        #expect(holds(arithmetic.squareRoot(ball("2")), "1.41421356237309504880168872420969807856967187537694"))
    }

    @Test func functions() {
        #expect(
            holds(arithmetic.sineAndCosine(ball("1"))?.sine, "0.84147098480789650665250232163029899962256306079837"))
        #expect(
            holds(arithmetic.sineAndCosine(ball("1"))?.cosine, "0.54030230586813971740093660744297660373231042061792"))
        #expect(
            holds(arithmetic.sineAndCosine(ball("-1"))?.sine, "-0.84147098480789650665250232163029899962256306079837"))
        #expect(holds(arithmetic.exponential(ball("-1")), "0.36787944117144232159552377016146086744581113103176"))
        #expect(holds(arithmetic.arctangent(ball("1")), "0.78539816339744830961566084581987572104929234984378"))
        #expect(holds(arithmetic.arctangent(ball("-2")), "-1.10714871779409050301706546017853704007004764540143"))
    }

    @Test(arguments: ["-7.3", "-2", "-0.4", "0.001", "0.9", "3", "25.125"])
    func identitiesHoldWithinTheBounds(_ text: String) throws {
        let x = ball(text)
        let (sine, cosine) = try #require(arithmetic.sineAndCosine(x))
        let square = arithmetic.multiply(sine, sine) + arithmetic.multiply(cosine, cosine) - arithmetic.one
        #expect(square.containsZero && square.rad < arithmetic.unit >> 180)
        let power = try #require(arithmetic.exponential(x))
        let back = try #require(arithmetic.logarithm(power)) - x
        #expect(back.containsZero)
        let inverse = try #require(arithmetic.inverse(x))
        #expect((arithmetic.multiply(inverse, x) - arithmetic.one).containsZero)
    }

    @Test func aBallAroundZeroHasNoInverse() {
        #expect(arithmetic.inverse(Ball(mid: 1, rad: 1)) == nil)
        #expect(arithmetic.logarithm(Ball(mid: 0, rad: 5)) == nil)
        #expect(arithmetic.squareRoot(Ball(mid: -10, rad: 1)) == nil)
    }
}
