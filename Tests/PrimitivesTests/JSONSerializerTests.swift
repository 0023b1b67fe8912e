import Primitives
import Testing

@Suite struct JSONSerializerTests {
    static let compactTexts: [(JSONValue, String)] = [
        (.bigInteger("-9223372036854775809"), "-9223372036854775809"),
        (JSONValue.null, "null"), (-7, "-7"), (0, "0"), (120, "120"), (.integer(Int64.min), "-9223372036854775808"),
        (1.0, "1.0"), (0.1, "0.1"), (.number(1e300), "1e+300"), (.number(.nan), "null"), (.number(.infinity), "null"),
        (["b": [1, true], "a": "x\"\\/\n\u{1}é"], #"{"b":[1,true],"a":"x\"\\/\n\u0001é"}"#), ([:], "{}"), ([], "[]"),
    ]

    @Test(arguments: compactTexts)
    func writesCompactly(value: JSONValue, expected: String) {
        #expect(value.text == expected)
    }

    /// Expected texts from Python 3.11, `json.dumps(value, ensure_ascii=False)`.
    static let pythonTexts: [(JSONValue, String)] = [
        (["name": "search", "n": [1, 2.5]] as JSONValue, #"{"name": "search", "n": [1, 2.5]}"#), ([:], "{}"),
        ([], "[]"), (.bigInteger("18446744073709551616"), "18446744073709551616"),
        (.number(1e16), "1e+16"), (.number(-1.2e16), "-1.2e+16"),
        (.number(9_999_999_999_999_998), "9999999999999998.0"),
        (.number(1e15), "1000000000000000.0"), (.number(0.0001), "0.0001"), (.number(0.00001), "1e-05"),
        (.number(1e22), "1e+22"), (.number(12_345_678_901_234_568), "1.2345678901234568e+16"),
        (.number(.nan), "NaN"), (.number(-.infinity), "-Infinity"), ("\u{7f}\u{8}é</", "\"\u{7f}\\bé</\""),
    ]

    @Test(arguments: pythonTexts)
    func writesAsPythonDoes(value: JSONValue, expected: String) {
        #expect(value.pythonText == expected)
    }

    @Test func doublesReadBackExactly() throws {
        var random = CounterRandom(seed: 1, stage: .evaluation)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let read = try JSONValue.parse(JSONValue.number(value).serialized())
            #expect(read.doubleValue?.bitPattern == value.bitPattern)
        }
        for exponent in -40...40 {
            let value = (random.uniform() * 1e15).rounded() / 1e4 * (exponent < 0 ? 1 / 1e3 : 1e3)
            #expect(try JSONValue.parse("\(value)").doubleValue == value)
        }
    }

    @Test func floatsAreShortAndReadBackExactly() throws {
        #expect(JSONValue.float(0.1).text == "0.1")
        #expect(JSONValue.float(-1.5).text == "-1.5")
        #expect(JSONValue.float(3).text == "3.0")
        var random = CounterRandom(seed: 2, stage: .evaluation)
        var values: [Float] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0x1p24, 0x1.fffffep24]
        for _ in 0..<10_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            if value.isFinite { values.append(value) }
        }
        let read = try #require(try JSONValue.parse(JSONValue.floats(values).serialized()).floatsValue)
        #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
    }

    /// Any bit pattern: small, large, subnormal, negative.
    @Test func `a float is the double nearest to its shortest text`() throws {
        var random = CounterRandom(seed: 5, stage: .sampling)
        for number in 0..<20_000 {
            let pattern = UInt32(truncatingIfNeeded: random.next())
            let value = number % 2 == 0 ? Float(bitPattern: pattern) : Float(-30 * random.uniform())
            guard value.isFinite else { continue }
            guard case .number(let written) = JSONValue.float(value) else {
                Issue.record("\(value) is no number")
                return
            }
            let short = try #require(Double(value.description))
            #expect(written == (Float(short) == value ? short : Double(value)))
            #expect(Float(written) == value)
        }
    }

    @Test(arguments: [0, 9, -9, 10, -10, 99, 100, 1_234_567, .max, .min, .min + 1] as [Int64])
    func `integers are written in full`(integer: Int64) {
        #expect(JSONValue.integer(integer).text == "\(integer)")
    }

    @Test func tokensReadBack() throws {
        let tokens: [TokenID] = [0, 9, 10, 151_643, .max, .min]
        #expect(try JSONValue.parse(JSONValue.tokens(tokens).serialized()).tokensValue == tokens)
        #expect(try JSONValue.parse("[1, 2147483648]").tokensValue == nil)
        #expect(try JSONValue.parse("[1.0]").tokensValue == nil)
    }
}
