import Primitives
import Testing

@testable import Rewards

@Suite struct NumberScannerTests {
    private func scan(_ text: String, from: Int = 0, style: NumberStyle = NumberStyle()) throws -> ScannedNumber? {
        var work = Work()
        return try NumberScanner.scan(Array(text.utf8), from: from, style: style, work: &work)
    }

    @Test(arguments: [
        ("5 mg", 1), ("1,234 mg", 5), ("1,23", 1), ("1.5.2", 3), ("5e", 1), ("5 x 3", 1), ("5×10 mg", 1),
        ("2.48×10^-5 mol", 11), ("3/4 cup", 3), ("1 1/2 cups", 5), ("1 cup", 1), ("120/80/60", 3), ("42 or 43", 2),
        ("10^6/L", 4), ("5.", 1), ("-3", 2), ("\u{2212}3 K", 4), ("5 eV", 1), ("2½ h", 3),
    ])
    func `the longest number is taken`(text: String, end: Int) throws {
        #expect(try scan(text)?.end == end)
    }

    @Test(arguments: ["", "mg", "-", "- mg", ".", "e5", "/2", ",5", "(5)", "\u{FF}"])
    func `nothing is taken where no number begins`(text: String) throws {
        #expect(try scan(text) == nil)
    }

    @Test func `a scan begins where it is told to`() throws {
        #expect(try scan("dose 12.5 mg", from: 5)?.value == Rational(25, 2))
        #expect(try scan("dose 12.5 mg", from: 4) == nil)
        #expect(try scan("12", from: 2) == nil)
        #expect(try scan("12", from: 9) == nil)
    }

    @Test(arguments: [
        ("120", 3, 0), ("0.0120", 3, 4), ("1.20e3", 3, 0), ("2.5e-2", 2, 3), ("1,234.50", 6, 2), ("0", 1, 0),
        ("0.00", 1, 2),
        ("007", 1, 0), ("10^6", 1, 0), ("3/4", 0, 0),
    ])
    func `figures and decimals as written`(text: String, figures: Int, decimals: Int) throws {
        let number = try #require(try scan(text))
        #expect(number.significantFigures == figures)
        #expect(number.decimals == decimals)
    }

    @Test func `fractions may be left alone`() throws {
        var style = NumberStyle()
        style.fractions = false
        #expect(try scan("120/80", style: style)?.value == 120)
        #expect(try scan("½", style: style) == nil)
    }
}
