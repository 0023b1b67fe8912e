import BigInt
import Primitives
import Testing

@testable import Rewards

@Suite struct NumberPropertyTests {
    private static func grouped(_ digits: String) -> String {
        var text = ""
        for (index, digit) in digits.reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// Spellings of `mantissa · 10^-places`.
    private static func spellings(_ mantissa: Int, places: Int) -> [String] {
        let digits = String(mantissa)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        let (whole, part) = (padded.dropLast(places), padded.suffix(places))
        let plain = places == 0 ? String(whole) : "\(whole).\(part)"
        let group = grouped(String(whole)) + (places == 0 ? "" : ".\(part)")
        return [
            plain, "+" + plain, group, plain + (places == 0 ? ".0" : "0"), "\(mantissa)e-\(places)",
            "\(mantissa) × 10^-\(places)", "\(mantissa)/1\(String(repeating: "0", count: places))", "00" + plain,
        ]
    }

    @Test func `all spellings of a number are equal, and to no other number`() throws {
        var generator = NumberGenerator(seed: 3)
        let reader = try NumberProbe.reader()
        for _ in 0..<500 {
            let mantissa = Int(generator.next() % 1_000_000_000_000)
            let places = Int(generator.next() % 9)
            let value = try #require(Rational(BigInt(mantissa), BigInt(10).power(places)))
            for text in Self.spellings(mantissa, places: places) {
                var work = Work()
                let read = try reader.read(AnswerText(text), side: .prediction, work: &work)
                #expect(read == CanonicalValue(number: value), "\(text)")
                #expect(read != CanonicalValue(number: value + 1))
            }
        }
    }

    @Test func `a canonical text is its own canonical text`() throws {
        var generator = NumberGenerator(seed: 5)
        for _ in 0..<500 {
            let (top, bottom) = (Int(generator.next() % 100_000) - 50_000, Int(generator.next() % 1000) + 1)
            let text = try #require(Rational(top, bottom)).description
            #expect(try NumberProbe.canonical(text) == text)
        }
    }

    @Test(arguments: [
        JSONObject(), ["ordinals": true, "suffixes": true, "currency": "optional"],
        ["separators": "guess", "text_around": "ignore"], ["separators": "either", "text_around": "ignore"],
        ["separators": "european", "parentheses": true, "literals": true], ["base": 36],
    ])
    func `no bytes crash a reader, and work is linear`(policy: JSONObject) throws {
        let alphabet = Array(
            "0123456789.,'-+/eExX*^%$() {}½×⁵⁻⅔٤𝟎€−–\u{A0}\u{2009}\u{200B}and two hundred half first k".utf8)
        let reader = try NumberProbe.reader(policy)
        var generator = NumberGenerator(seed: 17)
        for round in 0..<6000 {
            let count = Int(generator.next() % 40)
            let bytes = (0..<count).map { _ in
                round % 2 == 0
                    ? UInt8(truncatingIfNeeded: generator.next())
                    : alphabet[Int(generator.next() % UInt64(alphabet.count))]
            }
            var work = Work()
            _ = try? reader.read(AnswerText(bytes[...]), side: .prediction, work: &work)
            #expect(work.operations < 4000)
        }
    }

    @Test func `comparison under rounding never depends on how the prediction is written`() throws {
        var generator = NumberGenerator(seed: 23)
        for _ in 0..<300 {
            let gold = "\(generator.next() % 100_000)/\(generator.next() % 997 + 1)"
            let mantissa = Int(generator.next() % 100_000)
            let places = Int(generator.next() % 4)
            let verdicts = try Self.spellings(mantissa, places: places).map {
                try NumberProbe.compare(gold, $0, ["decimals": 2]).isEqual
            }
            #expect(Set(verdicts).count == 1)
        }
    }
}
