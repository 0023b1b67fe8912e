import Primitives
import Testing

@testable import Rewards

/// Grades every example of the documentation.
@Suite struct ReadmeExamplesTests {
    private static let header = ["type", "gold", "answer", "verdict", "policy"]
    static let examples = Readme.tables.filter { $0.header == header }.flatMap(\.rows)

    /// What is wrong with an example; `nil` where it holds.
    private func problem(_ row: Readme.Row) throws -> String? {
        guard row.cells.count == Self.header.count else { return "\(row.cells.count) cells" }
        let texts = row.cells.map(Readme.code)
        guard let verdict = Verdict(rawValue: row.cells[3]) else { return "`\(row.cells[3])` is no verdict" }
        var policy: JSONObject = [:]
        if !texts[4].isEmpty {
            guard case .object(let object) = try JSONValue.parse(texts[4]) else { return "the policy is no object" }
            policy = object
        }
        let outcome = try Scorer().score(
            ScoreCase(typeName: texts[0], gold: .string(texts[1]), prediction: .string(texts[2]), policy: policy))
        return outcome.report.verdict == verdict ? nil : outcome.explanation
    }

    @Test(arguments: examples)
    func `an example has the verdict that is stated`(row: Readme.Row) throws {
        let problem = try problem(row)
        #expect(problem == nil, "\(row)")
    }

    @Test func `there are examples of every type`() {
        #expect(Self.examples.count >= 150)
        for type in AnswerType.allCases {
            let rows = Self.examples.filter { Readme.code($0.cells[0]) == type.rawValue }
            #expect(rows.count >= 6, "\(type)")
            #expect(rows.count { $0.cells[3] == "correct" } >= 2, "\(type)")
            #expect(rows.count { $0.cells[3] == "incorrect" || $0.cells[3] == "malformed" } >= 2, "\(type)")
        }
    }

    @Test func `every line of an example's table is an example`() {
        let lines = Readme.tables.filter { $0.header.first == "type" }
        #expect(lines.allSatisfy { $0.header == Self.header })
    }

    @Test(arguments: [
        "| `number` | `1` | `2` | correct | |", "| `number` | `1` | `1` | incorrect | |",
        "| `number` | `1` | `1` | right | |", "| `number` | `1` | `1` | correct |",
        #"| `number` | `1` | `1` | correct | `[]` |"#,
    ])
    func `a wrong example is found`(line: String) throws {
        #expect(try problem(Readme.Row(line: 1, cells: Readme.cells(of: line[...]))) != nil)
    }

    @Test func `a wrong policy is found`() {
        let row = Readme.Row(line: 1, cells: ["`number`", "`1`", "`1`", "correct", #"`{"decimal": 1}`"#])
        #expect(throws: RewardError.self) { try problem(row) }
    }

    @Test func `bars and characters are written with escapes`() {
        #expect(Readme.cells(of: #"| `a\|b` | | c |"#) == ["`a|b`", "", "c"])
        #expect(Readme.code(#"`\u{41}\u{x}\frac`"#) == #"A\u{x}\frac"#)
        #expect(Readme.codes("`a`, `b` or c") == ["a", "b"])
    }
}
