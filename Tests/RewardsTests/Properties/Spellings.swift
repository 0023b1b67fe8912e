import Primitives
import Testing

@testable import Rewards

/// A source of answers of one type: the same number always means the same answer, in several spellings.
struct Spellings: Sendable, CustomTestStringConvertible {
    var type: AnswerType
    var policy: JSONObject = [:]
    /// Texts that all say the answer of a number.
    var texts: @Sendable (Int) -> [String]

    var testDescription: String { type.rawValue }

    static let all: [Spellings] = [
        Spellings(type: .text) {
            ["finding \($0)", "The Finding \($0)", "\u{201C}finding \($0)\u{201D}", "FINDING  \($0)."]
        },
        Spellings(type: .entity) { ["Crohn's disease \($0)", "crohn disease \($0)", "Crohn\u{2019}s  disease \($0)"] },
        Spellings(type: .number) { ["\($0)", "\($0).0", "+\($0)", "\($0)e0", "\($0 * 10)e-1", "\($0 * 2)/2"] },
        Spellings(type: .number) { ["\($0 + 1000).5", grouped($0 + 1000) + ".50", "\(2 * $0 + 2001)/2"] },
        Spellings(type: .integer) { ["\($0 + 1000)", grouped($0 + 1000), "+\($0 + 1000)"] },
        Spellings(type: .percent) { ["\($0)%", "\($0) %", "\($0) percent", "\($0).0%"] },
        Spellings(type: .quantity) { ["\($0) g", "\($0)000 mg", "\($0) grams", "\($0)e-3 kg"] },
        Spellings(type: .quantity) { ["\($0) mg/dL", "\($0)0 mg/L", "\($0)e-2 g/L"] },
        Spellings(type: .quantity) { ["\($0) °C", "\($0) degrees Celsius", "\($0 + 273).15 K"] },
        Spellings(type: .range) { ["\($0)–\($0 + 5) mg", "\($0) to \($0 + 5) mg", "between \($0) and \($0 + 5) mg"] },
        Spellings(type: .date) {
            ["2021-03-\(day($0))", "\(Int(day($0))!) March 2021", "March \(Int(day($0))!), 2021"]
        },
        Spellings(type: .datetime) {
            [
                "2021-03-\(day($0))T10:30:00", "\(Int(day($0))!) March 2021 10:30",
                "March \(Int(day($0))!), 2021 10:30 am",
            ]
        },
        Spellings(type: .decimal) { ["\($0).25", "+\($0).250", "\($0)25e-2"] },
        Spellings(type: .choice) {
            let letter = ["A", "B", "C", "D", "E", "F", "G", "H"][$0 % 8]
            return [letter, "(\(letter))", "\(letter.lowercased()).", "**\(letter)**"]
        },
        Spellings(type: .record) {
            ["dose: \($0); drug: x", "drug: X; dose: \($0).0", "{\"drug\": \"x\", \"dose\": \($0)}"]
        },
        Spellings(type: .duration) { ["P\($0)D", "\($0) days", "PT\($0 * 24)H", "\($0 * 24) hours"] },
        Spellings(type: .identifier, policy: ["scheme": "nct"]) { ["NCT0\(1_000_000 + $0)", "nct0\(1_000_000 + $0)"] },
        Spellings(type: .variant) { ["NP_000248.2:p.(Ala\($0)Thr)", "NP_000248.2:p.(A\($0)T)"] },
        Spellings(type: .gene) { ["ABC\($0)", "abc\($0)", "Abc\($0)"] },
        Spellings(type: .drug) { ["compound-\($0)", "Compound-\($0)", "COMPOUND-\($0)"] },
        Spellings(type: .disease) {
            let roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"][($0 - 1) % 10]
            let number = "\(($0 - 1) % 10 + 1)"
            return ["anaemia type \(number) x\($0)", "anemia type \(roman) x\($0)", "Anaemia Type \(number) x\($0)"]
        },
        Spellings(type: .list) { ["\($0), b", "[\($0), b]", "['\($0)', 'b']"] },
        Spellings(type: .multiset) { ["\($0), a, a", "a, \($0), a", "[a, a, \($0)]"] },
        Spellings(type: .set) { ["\($0), a", "a and \($0)", "{a, \($0)}", "a; \($0)"] },
        Spellings(type: .json) { ["{\"a\": \($0), \"b\": [1]}", "{\"b\":[1.0],\"a\":\($0)e0}"] },
        Spellings(type: .latex) { ["\\frac{\($0)}{7}", "\($0)/7", "\\dfrac{\($0 * 2)}{14}"] },
        Spellings(type: .latex) { ["x^2+\($0)x", "x(x+\($0))", "\($0)x + x^{2}"] },
        Spellings(type: .latex) { ["\($0)\\sqrt{2}", "\\sqrt{\($0 * $0 * 2)}", "\\frac{\($0 * 2)}{\\sqrt{2}}"] },
        Spellings(type: .latex) { ["\\{\($0), 0\\}", "\\{0,\($0)\\}", "\\left\\{0, \($0)\\right\\}"] },
        Spellings(type: .latex) { ["[\($0),\\infty)", "\\left[\($0), \\infty\\right)"] },
        Spellings(type: .latex) { ["\\sin^2 x + \\cos^2 x + \($0)", "\($0 + 1)"] },
        Spellings(type: .latex) { ["x = \($0)y", "x - \($0)y = 0", "2x = \(2 * $0)y"] },
    ]

    private static func grouped(_ value: Int) -> String {
        let digits = String(value)
        return String(digits.dropLast(3)) + "," + digits.suffix(3)
    }

    private static func day(_ number: Int) -> String {
        let day = String(number % 28 + 1)
        return day.count == 1 ? "0" + day : day
    }
}
