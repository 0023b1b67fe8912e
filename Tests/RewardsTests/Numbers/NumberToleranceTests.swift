import Primitives
import Testing

@testable import Rewards

@Suite struct NumberToleranceTests {
    @Test(arguments: [
        ("0.3333333", "1/3"), ("0.0000001", "0.0000002"), ("1e-20", "1e-21"), ("-5", "5"), ("1.5", "15"),
        ("0.33", "0.333"),
        ("50%", "50"), ("1,000", "1.000"), ("42", "43"), ("9007199254740993", "9007199254740992"),
        ("0.1", "0.10000000000000001"),
    ])
    func `without a tolerance different numbers are different`(gold: String, prediction: String) throws {
        let comparison = try NumberProbe.compare(gold, prediction)
        #expect(!comparison.isEqual && comparison.guarantee == .exact)
    }

    /// 22/7 = 3.142857…; the golds and digits were rounded by hand.
    @Test(arguments: [
        ("22/7", "3.14"), ("22/7", "3.143"), ("22/7", "3.1429"), ("22/7", "3.140"), ("22/7", "22/7"), ("3.1", "3.1"),
        ("3.101", "3.1"), ("0.125", "0.12"), ("0.125", "0.13"), ("0.135", "0.14"), ("-0.125", "-0.13"), ("0.001", "0"),
        ("0.995", "1"), ("2.5", "2.5"), ("1234.5678", "1234.57"),
    ])
    func `right roundings to two decimals`(gold: String, prediction: String) throws {
        #expect(try NumberProbe.compare(gold, prediction, ["decimals": 2]).isEqual)
    }

    @Test(arguments: [
        ("22/7", "3.1"), ("22/7", "3"), ("22/7", "3.15"), ("22/7", "3.144"), ("22/7", "3.1428"), ("22/7", "3.1449"),
        ("22/7", "-3.14"), ("0.135", "0.13"), ("0.125", "0.11"), ("-0.125", "0.13"), ("1/3", "1/4"), ("0.333", "1/3"),
        ("2.5", "3"), ("0.995", "0.99"),
    ])
    func `wrong roundings to two decimals`(gold: String, prediction: String) throws {
        #expect(try !NumberProbe.compare(gold, prediction, ["decimals": 2]).isEqual)
    }

    @Test(arguments: [
        ("1234.5", "1230"), ("1234.5", "1.23e3"), ("1234.5", "1234"), ("1234.5", "1235"), ("1234.5", "1234.5"),
        ("0.00123456", "0.00123"), ("0.00123456", "0.0012346"), ("0.00123456", "0.001235"), ("9.996", "10"),
        ("9.996", "10.0"), ("-1234.5", "-1230"), ("6.02214076e23", "6.02×10^23"), ("100", "100"),
    ])
    func `right significant figures`(gold: String, prediction: String) throws {
        #expect(try NumberProbe.compare(gold, prediction, ["significant_figures": 3]).isEqual)
    }

    @Test(arguments: [
        ("1234.5", "1200"), ("1234.5", "1240"), ("1234.5", "1236"), ("0.00123456", "0.0012"),
        ("0.00123456", "0.001234"), ("9.996", "9.99"), ("0", "0.001"), ("5", "0"), ("-1234.5", "1230"),
        ("6.02214076e23", "6e23"),
    ])
    func `wrong significant figures`(gold: String, prediction: String) throws {
        #expect(try !NumberProbe.compare(gold, prediction, ["significant_figures": 3]).isEqual)
    }

    @Test(arguments: [
        ("10", "10.5", true), ("10", "9.5", true), ("10", "10.5000001", false), ("10", "10", true),
        ("-10", "10", false),
    ])
    func `an absolute tolerance includes its bound`(gold: String, prediction: String, isEqual: Bool) throws {
        #expect(try NumberProbe.compare(gold, prediction, ["tolerance": 0.5]).isEqual == isEqual)
    }

    @Test(arguments: [
        ("200", "202", true), ("200", "198", true), ("200", "202.01", false), ("-200", "-202", true),
        ("0", "0.001", false),
        ("1e-30", "1.01e-30", true), ("1e-30", "1.02e-30", false),
    ])
    func `a relative tolerance is a part of the gold`(gold: String, prediction: String, isEqual: Bool) throws {
        let comparison = try NumberProbe.compare(gold, prediction, ["relative_tolerance": "0.01"])
        #expect(comparison.isEqual == isEqual)
        #expect(comparison.guarantee == .tolerance)
    }

    @Test func `equal numbers under a tolerance are exactly equal`() throws {
        #expect(try NumberProbe.compare("0.5", "1/2", ["tolerance": 1]).guarantee == .exact)
    }
}
