import Primitives
import Testing

@testable import Rewards

@Suite struct JSONReaderTests {
    private func value(_ text: String, _ policy: JSONObject = [:]) throws -> String {
        try CollectionProbe(.json, policy).value(text).text
    }

    @Test(arguments: [
        ("{\"b\": 1, \"a\": 2}", "{\"a\":2,\"b\":1}"), ("1.0", "1"), ("1e0", "1"), ("-0.0e5", "0"), ("10E-1", "1"),
        ("0.000001e6", "1"), ("123456789012345678901234567890", "12345678901234567890123456789e1"),
        ("1.50", "1.5"), ("1e400", "1e400"), ("\"\\u0041\\/\"", "\"A/\""), ("\"\\ud83d\\ude00\"", "\"\u{1F600}\""),
        (" [ ] ", "[]"), ("\"\\u0001\"", "\"\\u0001\""), ("0.00000012", "12e-8"), ("100", "100"),
    ])
    func `one text for one value`(text: String, canonical: String) throws {
        #expect(try value(text) == canonical)
        #expect(try value(canonical) == canonical)
    }

    @Test(arguments: [
        ("0.1", "0.1000000000000000000001"), ("9007199254740993", "9007199254740992"), ("\"1\"", "1"),
        ("[1,2]", "[2,1]"), ("{\"a\":null}", "{}"), ("1e400", "1e401"), ("\"a\"", "\"A\""),
    ])
    func `different values have different texts`(left: String, right: String) throws {
        #expect(try value(left) != value(right))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "01", "+1", ".5", "1.", "NaN", "'a'", "{a:1}", "\"\t\"", "\"\\x\"", "[1] or [2]",
        "\"\\ud800\"", "\u{FEFF}1", "{\"a\":1,\"a\":1}", "tru", "[1}", "\"a", "// c\n1", "1 2", "-", "1e", "\u{FF11}",
    ])
    func `what RFC 8259 or the policy refuses`(text: String) {
        #expect(throws: AnswerProblem.self) { try value(text) }
    }

    @Test func `the last of duplicate keys counts by policy`() throws {
        #expect(try value("{\"a\":1,\"b\":0,\"a\":2}", ["duplicate_keys": "last"]) == "{\"a\":2,\"b\":0}")
    }

    @Test func `budgets hold before the work is done`() {
        let deep = String(repeating: "[", count: 5000)
        #expect(throws: AnswerProblem.overBudget("more than 128 nested JSON arrays and objects")) { try value(deep) }
        #expect(throws: AnswerProblem.self) { try value("1e99999999999999999999") }
        #expect(throws: AnswerProblem.self) { try value(String(repeating: "9", count: 5000)) }
    }

    @Test func `errors tell the byte`() {
        #expect(throws: AnswerProblem.malformed("expected a JSON value, found `]`", offset: 3)) { try value("[1,]") }
    }

    @Test func `a code fence is taken off by policy`() throws {
        #expect(try value("```json\n{\"a\": 1}\n```", ["code_fence": true]) == "{\"a\":1}")
        #expect(throws: AnswerProblem.self) { try value("```json\n{\"a\": 1}\n```") }
    }

    @Test(arguments: [
        "{\"name\":\"f\",\"arguments\":{\"x\":1.0}}", "{\"id\":\"c1\",\"arguments\":\"{\\\"x\\\":1}\",\"name\":\"f\"}",
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":{\"x\":1}}}",
    ])
    func `tool calls are equal by name and arguments`(text: String) throws {
        #expect(try value(text, ["tool_call": true]) == "{\"arguments\":{\"x\":1},\"name\":\"f\"}")
    }

    @Test(arguments: [
        "{\"arguments\":{}}", "{\"name\":\"\"}", "{\"name\":\"f\",\"arguments\":[1]}", "[]", "1",
        "{\"name\":\"f\",\"also\":\"g\"}", "{\"name\":\"f\",\"arguments\":\"x\"}",
    ])
    func `what is no tool call`(text: String) {
        #expect(throws: AnswerProblem.self) { try value(text, ["tool_call": true]) }
    }

    @Test func `numbers are ordered exactly`() throws {
        let ordered = ["-1e30", "-2", "-1.5", "-1e-9", "0", "1e-9", "0.5", "1", "1.0001", "9", "10", "1e30"]
        let numbers = try ordered.map { text in
            guard case .number(let number) = try StrictJSONParser.parse(Array(text.utf8)) else {
                throw JSONError.syntax(problem: text, offset: 0, line: 0, column: 0)
            }
            return number
        }
        for (index, left) in numbers.enumerated() {
            for (other, right) in numbers.enumerated() { #expect((left < right) == (index < other)) }
        }
    }

    @Test func `random bytes never crash`() {
        var random = SplitMix(state: 3)
        let alphabet = Array("{}[]\",:\\u0d8e1.-+ tfn".utf8) + [0xC3, 0xA9, 0x00, 0xFF]
        for _ in 0..<20000 {
            let bytes = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            guard let node = try? StrictJSONParser.parse(bytes) else { continue }
            #expect((try? StrictJSONParser.parse(Array(node.text.utf8))) == node)
        }
    }
}
