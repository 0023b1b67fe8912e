import Primitives
import Rewards

/// Pairs of gold and answer of one kind, made from a counter so that every run grades the same ones.
struct RewardsWorkload {
    struct Pair {
        var gold: Gold
        var answer: String
        var isRight: Bool
    }

    struct Hostile {
        var name: String
        var gold: Gold
        var text: String
    }

    var name: String
    var pairs: [Pair]

    static func all(cases: Int) -> [RewardsWorkload] {
        [
            make("text", cases, type: .text, place: "tag:answer", text),
            make("number", cases, type: .number, place: "whole", number),
            make("quantity", cases, type: .quantity, place: "whole", quantity),
            make("LaTeX", cases, type: .latex, place: "boxed", latex),
        ]
    }

    /// Even cases are right answers in another spelling, odd ones get the answer of a gold far away.
    private static func make(
        _ name: String, _ cases: Int, type: AnswerType, place: String, _ item: (Int) -> (gold: String, same: String)
    ) -> RewardsWorkload {
        let pairs = (0..<cases).map { index -> Pair in
            let isRight = index.isMultiple(of: 2)
            let (gold, same) = item(index)
            let answer = isRight ? same : item(index + 2 * cases).same
            return Pair(
                gold: Gold(type: type, value: gold, policy: ["answer_in": .string(place)]),
                answer: wrap(answer, place), isRight: isRight)
        }
        return RewardsWorkload(name: name, pairs: pairs)
    }

    private static func wrap(_ answer: String, _ place: String) -> String {
        switch place {
        case "tag:answer": "<think>The passages name it.</think>\n<answer>\(answer)</answer>"
        case "boxed": "Therefore, the final answer is $\\boxed{\(answer)}$."
        default: answer
        }
    }

    private static func text(_ index: Int) -> (gold: String, same: String) {
        let stems = ["Crohn's disease", "acute myeloid leukemia", "TNF receptor", "paracetamol", "Escherichia coli"]
        let name = "\(stems[index % stems.count]) \(index / stems.count)"
        return (name, "the \(name.uppercased())")
    }

    private static func number(_ index: Int) -> (gold: String, same: String) {
        let value = 1000 + index * 37
        return switch index % 6 {
        case 0, 1: ("\(value)", grouped(value))
        case 2, 3: ("\(value).5", "\(value).50")
        default: ("\(value)", "\(value).0")
        }
    }

    private static func grouped(_ value: Int) -> String {
        let digits = String(value)
        return String(digits.dropLast(3)) + "," + digits.suffix(3)
    }

    private static func quantity(_ index: Int) -> (gold: String, same: String) {
        let value = index + 2
        return switch index % 6 {
        case 0, 1: ("\(value) g", "\(value)000 mg")
        case 2, 3: ("\(value) mg/dL", "\(value)0 mg/L")
        default: ("\(value) h", "\(value * 60) min")
        }
    }

    /// In the manner of competition answers: integers, fractions, radicals, polynomials, points, intervals, angles.
    private static func latex(_ index: Int) -> (gold: String, same: String) {
        let n = index / 2 + 3
        return switch (index / 2) % 10 {
        case 0, 1, 2: ("\(n + index % 2)", "\(n + index % 2).0")
        case 3: ("\\frac{\(n)}{\(n + 1 + index % 2)}", "\\dfrac{\(2 * n)}{\(2 * (n + 1 + index % 2))}")
        case 4: ("\(n)\\sqrt{\(3 + index % 2 * 2)}", "\\sqrt{\(n * n * (3 + index % 2 * 2))}")
        case 5: ("x^2+\(n + index % 2)x+1", "1+\(n + index % 2)x+x^{2}")
        case 6: ("(\(n),-\(n + index % 2))", "\\left(\(n), -\(n + index % 2)\\right)")
        case 7:
            (
                "[\(n),\\infty\(index % 2 == 0 ? ")" : ")\\cup\\{1\\}")",
                "\\left[\(n), \\infty\\right\(index % 2 == 0 ? ")" : ")\\cup\\{1\\}")"
            )
        case 8: ("\\frac{\\pi}{\(n + index % 2)}", "\\pi/\(n + index % 2)")
        default: ("\(n + index % 2)^\\circ", "\(n + index % 2)^{\\circ}")
        }
    }

    /// A megabyte each of what makes other graders hang.
    static let hostileMegabytes: [Hostile] = {
        func megabyte(_ piece: String) -> String { String(repeating: piece, count: 1_000_000 / piece.utf8.count) }
        let text = Gold(type: .text, value: "aspirin")
        let whole: JSONObject = ["answer_in": "whole"]
        let boxed = Gold(type: .latex, value: "1", policy: ["answer_in": "boxed"])
        let prose = Gold(type: .latex, value: "1", policy: ["answer_in": "math_prose"])
        return [
            Hostile(name: "<answer>", gold: text, text: megabyte("<answer>")),
            Hostile(name: "<think>", gold: text, text: megabyte("<think>")),
            Hostile(name: "\\boxed{", gold: boxed, text: megabyte("\\boxed{")),
            Hostile(name: "open braces", gold: boxed, text: "\\boxed" + megabyte("{")),
            Hostile(name: "dollar signs", gold: prose, text: megabyte("$ ")),
            Hostile(name: "final answers", gold: prose, text: megabyte("Final Answer: The final answer is ")),
            Hostile(name: "digits", gold: Gold(type: .number, value: "1", policy: whole), text: megabyte("9")),
            Hostile(name: "letters", gold: Gold(type: .text, value: "a", policy: whole), text: megabyte("a")),
            Hostile(name: "accented letters", gold: Gold(type: .text, value: "a", policy: whole), text: megabyte("é")),
            Hostile(name: "brackets", gold: Gold(type: .json, value: "1", policy: whole), text: megabyte("[")),
            Hostile(name: "commas", gold: Gold(type: .set, value: "a, b", policy: whole), text: megabyte("a,")),
            Hostile(
                name: "power tower", gold: boxed, text: "\\boxed{" + megabyte("10^{") + "1" + megabyte("}") + "}"),
        ]
    }()
}
