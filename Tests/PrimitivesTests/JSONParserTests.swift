import Primitives
import Testing

@Suite struct JSONParserTests {
    static let readable: [(String, JSONValue)] = [
        ("null", JSONValue.null), (" true\n", true), ("false", false), ("0", 0), ("-12", -12),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .bigInteger("9223372036854775808")), ("1.0", 1.0), ("-0", .number(-0.0)),
        ("1e2", 100.0), ("1E+2", 100.0), ("12.5e-1", 1.25), ("5e-324", .number(.leastNonzeroMagnitude)),
        ("1e-400", 0.0),
        ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)), ("0.1", 0.1),
        ("123456789012345678901234567890", .bigInteger("123456789012345678901234567890")),
        ("-9223372036854775809", .bigInteger("-9223372036854775809")), ("9223372036854775808.0", 0x1p63),
        ("[]", []), ("[ 1 , [2] ]", [1, [2]]), ("{}", [:]), (#"{ "a" : 1 , "b":{"c":[]} }"#, ["a": 1, "b": ["c": []]]),
        (#""""#, ""), (#""Fallot é 漢 😀""#, "Fallot é 漢 😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u00e9x\ud83d\ude00\u0000""#, "éx😀\u{0}"),
    ]

    @Test(arguments: readable)
    func reads(text: String, expected: JSONValue) throws {
        let value = try JSONValue.parse(text)
        #expect(value == expected)
        if case .number(let number) = value { #expect(number.sign == expected.doubleValue?.sign) }
    }

    @Test(arguments: [
        "", " ", "nul", "tru e", "True", "+1", "01", "-", "-x", "1.", ".5", "1e", "1e+", "0x1", "1e400", "NaN",
        "Infinity", "[1,]", "[1 2]", "[", "]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "1 2",
        "\"", "\"\n\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"",
        "\"\\ud800\\n\"", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\u{FEFF}1", "// x\n1",
    ])
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    }

    @Test(arguments: [
        [0xC3], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
    ])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        for prefix in ["\"abc", "\"a\\n"] {
            let text = Array(prefix.utf8) + bytes + Array("\"".utf8)
            #expect { try JSONValue.parse(text) } throws: { error in
                guard case JSONError.syntax(let problem, let offset, _, _) = error else { return false }
                return problem.contains("UTF-8") && offset == 4
            }
        }
    }

    @Test func errorCarriesOffsetLineAndColumn() {
        #expect {
            try JSONValue.parse("{\n  \"a\": 1,\n  \"b\": x\n}")
        } throws: { error in
            guard case JSONError.syntax(_, let offset, let line, let column) = error else { return false }
            return offset == 19 && line == 3 && column == 8
        }
    }

    @Test func duplicateKeysAreFoundInLargeObjectsToo() throws {
        let members = (0..<1000).map { "\"k\($0)\":\($0)" }
        let value = try JSONValue.parse("{" + members.joined(separator: ",") + "}")
        #expect(value["k999"] == 999)
        #expect(throws: JSONError.self) {
            try JSONValue.parse("{" + (members + ["\"k7\":0"]).joined(separator: ",") + "}")
        }
    }

    @Test func keysAreComparedByTheirBytes() throws {
        let composed = "\u{e9}"
        let decomposed = "e\u{301}"
        let value = try JSONValue.parse("{\"\(composed)\":1,\"\(decomposed)\":2}")
        #expect(value[composed] == 1)
        #expect(value[decomposed] == 2)
        let filler = (0..<20).map { "\"\($0)\":0" }.joined(separator: ",")
        let large = try JSONValue.parse("{\(filler),\"\(composed)\":1,\"\(decomposed)\":2}")
        #expect(large.objectValue?.count == 22)
    }

    @Test func depthIsLimited() throws {
        _ = try JSONValue.parse(String(repeating: "[", count: 512) + String(repeating: "]", count: 512))
        #expect(throws: JSONError.self) {
            try JSONValue.parse(String(repeating: "[", count: 513) + String(repeating: "]", count: 513))
        }
        #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "{\"a\":", count: 100_000)) }
    }
}
