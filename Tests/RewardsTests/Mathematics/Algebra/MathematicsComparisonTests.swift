import Primitives
import Testing

@testable import Rewards

/// What a comparison of two answers came to.
enum MathematicsOutcome: Equatable {
    case equal, unequal, malformed, refused, undecided, overBudget, goldError
}

/// Reads both sides under a policy and compares them.
func outcome(_ gold: String, _ prediction: String, _ policy: JSONObject = JSONObject()) throws -> MathematicsOutcome {
    try verdict(gold, prediction, policy).outcome
}

func verdict(
    _ gold: String, _ prediction: String, _ policy: JSONObject = JSONObject()
) throws -> (outcome: MathematicsOutcome, guarantee: Guarantee?, operations: Int) {
    var fields = PolicyFields(policy)
    let reader = MathematicsReader(policy: try MathematicsPolicy(&fields))
    var work = Work()
    let left: CanonicalValue
    do { left = try reader.read(AnswerText(gold), side: .gold, work: &work) } catch {
        return (.goldError, nil, work.operations)
    }
    do {
        let right = try reader.read(AnswerText(prediction), side: .prediction, work: &work)
        let comparison = try reader.compare(gold: left, prediction: right, work: &work)
        return (comparison.isEqual ? .equal : .unequal, comparison.guarantee, work.operations)
    } catch {
        switch error {
        case .malformed: return (.malformed, nil, work.operations)
        case .refused: return (.refused, nil, work.operations)
        case .undecided: return (.undecided, nil, work.operations)
        case .overBudget: return (.overBudget, nil, work.operations)
        }
    }
}

@Suite struct MathematicsComparisonTests {
    static let equalPairs: [(String, String)] = [
        // Rational numbers
        ("1/2", "\\frac{1}{2}"), ("0.5", "\\frac12"), ("1\\frac{4}{5}", "9/5"), ("2^{10}", "1024"),
        ("-\\frac{3}{4}", "\\frac{-3}{4}"), ("1.5\\times 10^{3}", "1500"), ("(1+2)(3-4)", "-3"),
        // Radicals
        ("\\sqrt{8}", "2\\sqrt{2}"), ("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}"),
        ("\\frac{1}{1+\\sqrt{2}}", "\\sqrt{2}-1"), ("\\sqrt{3+2\\sqrt{2}}", "1+\\sqrt{2}"),
        ("\\sqrt[3]{16}", "2\\sqrt[3]{2}"), ("\\sqrt[3]{-8}", "-2"),
        (
            "\\frac{1}{\\sqrt{2}+\\sqrt{3}+\\sqrt{5}}",
            "\\frac{2\\sqrt{3}+3\\sqrt{2}-\\sqrt{30}}{12}"
        ),
        ("\\sqrt{6}", "\\sqrt{2}\\sqrt{3}"), ("4^{3/2}", "8"), ("\\sqrt[3]{2+\\sqrt{5}}+\\sqrt[3]{2-\\sqrt{5}}", "1"),
        ("\\sqrt{10+2\\sqrt{21}}", "\\sqrt{3}+\\sqrt{7}"), ("\\sqrt{\\frac{3}{4}}", "\\frac{\\sqrt{3}}{2}"),
        // Complex numbers
        ("i^2", "-1"), ("\\frac{1}{i}", "-i"), ("(1+i)^2", "2i"), ("\\frac{2+i}{1-i}", "\\frac{1}{2}+\\frac{3}{2}i"),
        ("\\sqrt{-4}", "2i"), ("e^{i\\pi}", "-1"), ("e^{i\\pi/3}", "\\frac{1+i\\sqrt{3}}{2}"), ("|3+4i|", "5"),
        // Constants
        ("\\pi", "\\frac{2\\pi}{2}"), ("\\ln 8", "3\\ln 2"), ("\\log_2 8", "3"), ("\\log_{10} 1000", "3"),
        ("\\ln(e^3)", "3"), ("e^{\\ln 5}", "5"), ("\\log_{4} 8", "\\frac{3}{2}"), ("\\ln 6", "\\ln 2+\\ln 3"),
        ("\\ln(2+\\sqrt{3})", "-\\ln(2-\\sqrt{3})"),
        // Trigonometry
        ("\\sin\\frac{\\pi}{6}", "\\frac12"), ("\\cos 45^\\circ", "\\frac{\\sqrt2}{2}"),
        ("\\tan\\frac{\\pi}{3}", "\\sqrt{3}"),
        ("\\cos\\frac{\\pi}{5}", "\\frac{1+\\sqrt{5}}{4}"), ("\\sin\\frac{\\pi}{12}", "\\frac{\\sqrt6-\\sqrt2}{4}"),
        ("\\arctan 1", "\\frac{\\pi}{4}"), ("\\arcsin\\frac12", "\\frac{\\pi}{6}"),
        ("\\arccos(-\\frac12)", "\\frac{2\\pi}{3}"),
        ("\\tan\\frac{\\pi}{8}", "\\sqrt{2}-1"),
        ("\\cos\\frac{\\pi}{7}\\cos\\frac{2\\pi}{7}\\cos\\frac{3\\pi}{7}", "\\frac18"),
        ("\\arctan\\frac12+\\arctan\\frac13", "\\frac{\\pi}{4}"),
        // Polynomials and rational functions
        ("(x+1)^2", "x^2+2x+1"), ("\\frac{x^2-1}{x-1}", "x+1"), ("\\frac{1}{x}+\\frac{1}{y}", "\\frac{x+y}{xy}"),
        ("\\frac{a}{b}", "a b^{-1}"), ("(x-1)(x+1)(x^2+1)", "x^4-1"), ("\\frac{11+9a}{20}", "0.45a+0.55"),
        ("\\frac{x}{x^2-1}", "\\frac{1}{2(x-1)}+\\frac{1}{2(x+1)}"), ("x^{1/2}x^{1/2}", "x"),
        ("(x+1)^{500}", "(x+1)^{499}(x+1)"), ("\\frac{1}{x+\\sqrt{2}}", "\\frac{x-\\sqrt{2}}{x^2-2}"),
        // Identities
        ("\\sin^2 x+\\cos^2 x", "1"), ("\\tan^2(y)+1", "\\sec^2(y)"), ("\\sin 2x", "2\\sin x\\cos x"),
        ("e^{a+b}", "e^a e^b"), ("2^{2x}", "4^x"), ("\\cos^2 x", "\\frac{1+\\cos 2x}{2}"), ("e^{\\ln x}", "x"),
        ("\\ln(x^2)", "2\\ln|x|"), ("\\sqrt{x^2}", "|x|"), ("\\sqrt{xy}", "\\sqrt{x}\\sqrt{y}"), ("|x-y|", "|y-x|"),
        ("\\sin(x+y)", "\\sin x\\cos y+\\cos x\\sin y"), ("\\frac{1}{\\sqrt{x+1}}", "\\frac{\\sqrt{x+1}}{x+1}"),
        ("\\cosh^2 x-\\sinh^2 x", "1"), ("\\ln(2x)", "\\ln 2+\\ln x"), ("\\sqrt{4x+4}", "2\\sqrt{x+1}"),
        ("\\arcsin x+\\arccos x", "\\frac{\\pi}{2}"),
        // Relations
        ("2x+4y-3=0", "y=-\\frac12 x+\\frac34"), ("x^2/4+y^2/3=1", "x^2/16+y^2/12=1/4"), ("x<1", "-x>-1"),
        ("x\\le 1", "1\\ge x"), ("x\\neq 3", "3\\neq x"), ("1<x<2", "2>x>1"), ("y=\\sqrt{2}x", "x=\\frac{y}{\\sqrt2}"),
        ("x=11", "11"), ("11", "x=11"), ("y=2x+1", "2x+1"), ("x=5", "x = 2+3 = 5"),
        // Collections
        ("1,-2", "-2,1"), ("\\{1,2\\}", "\\{2,1\\}"), ("(1,2)", "(1,2)"),
        ("1\\pm\\sqrt{19}", "1-\\sqrt{19},1+\\sqrt{19}"),
        ("x=1\\text{ or }x=2", "\\{1,2\\}"), ("\\{1,1,2\\}", "\\{1,2\\}"),
        ("x=2, y=3", "2, 3"),
        // Sets of reals
        ("[0,1)\\cup[1,2]", "[0,2]"), ("(-\\infty,2)\\cup(3,\\infty)", "(3,\\infty)\\cup(-\\infty,2)"),
        ("(0,1)", "0<x<1"), ("x\\in(2,12)", "(2,12)"), ("[0,2]\\setminus(0,1)", "\\{0\\}\\cup[1,2]"),
        ("(-\\infty,\\infty)", "\\mathbb{R}"), ("\\{1,2\\}\\cap\\{2,3\\}", "\\{2\\}"), ("x>3", "(3,\\infty)"),
        // Matrices
        ("\\begin{pmatrix}1/2\\\\ 0\\end{pmatrix}", "\\begin{pmatrix}0.5\\\\ 0\\end{pmatrix}"),
        ("\\begin{pmatrix}2 & 4\\end{pmatrix}", "2\\begin{pmatrix}1 & 2\\end{pmatrix}"),
        // Words, units, bases
        ("\\text{Evelyn}", "\\text{evelyn}"), ("\\text{(C)}", "\\text{C}"), ("5\\text{ cm}", "5"),
        ("5", "5\\text{ cm}"),
        ("\\$18.90", "18.90"), ("90^\\circ", "90"), ("52_8", "52_{8}"), ("7:32", "\\frac{7}{32}"),
        ("5.4\\text{ cents}", "5.4\\text{ cent}"),
        // Functions that are computed
        ("3", "|{-3}|"), ("f(2)", "f(1+1)"), ("\\frac{NO}{BO}=\\frac{1}{\\sqrt{6}}", "\\frac{\\sqrt{6}}{6}"),
        ("C", "\\text{(C)}"), ("0<f(x)<1", "(0,1)"), ("p=5,q=2;p=7,q=2", "(5,2),(7,2)"), ("\\max(x,y)", "\\max(y,x)"),
        ("\\gcd(12,18)", "\\gcd(6,0)"),
        ("\\sum_{k=1}^{10}k^2", "\\sum_{n=1}^{10}n^2"), ("\\sum_{k=1}^{n}k(k+1)", "\\sum_{j=1}^{n}(j^2+j)"),
        ("\\int_0^1 3x^2 dx", "\\int_0^1 (2+1)t^2 dt"),
    ]

    static let unequalPairs: [(String, String)] = [
        ("1/3", "0.3333"), ("1/3", "0.333333333333333333"), ("0.0000001", "0.0000002"), ("2^{-99}", "2^{-98}"),
        ("\\sqrt{2}", "1.41421356237"), ("\\pi", "3.14159265358979"), ("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5}"),
        ("\\pi", "\\frac{355}{113}"), ("i", "-i"), ("1+2i", "2+i"), ("e", "\\pi"), ("1-\\frac1e", "1+\\frac1e"),
        ("(x+1)^2", "x^2+1"), ("x", "y"), ("x+2n+1", "x+1"), ("\\frac{1}{x}", "x"), ("(x+1)^{500}", "(x+1)^{501}"),
        ("\\sin x", "\\cos x"), ("\\sin 2x", "2\\sin x"), ("\\sqrt{x^2}", "x"), ("\\ln(x+y)", "\\ln x+\\ln y"),
        ("x>5", "x<5"), ("x>5", "x\\ge 5"), ("x<1", "x>-1"), ("2x+z=1", "1"), ("a^2+b=0", "0"), ("7=11a+c", "11a+c"),
        ("xy=0", "0"),
        ("x^2=x", "x=1"), ("x=2", "y=2"), ("x=2,y=3", "3,2"), ("x=2, y=3", "y=2, x=3"),
        ("(1,2)", "(2,1)"), ("1,2", "1,2,3"), ("\\{1,2\\}", "\\{1,3\\}"), ("\\pm 2021", "2021"), ("42", "42, 43"),
        ("[0,1)", "(0,1)"), ("(0,9)", "[0,9)"), ("(2,4)", "2,5"), ("(-\\infty,2)", "(-\\infty,2]"),
        ("\\begin{pmatrix}1\\\\ 2\\end{pmatrix}", "\\begin{pmatrix}2\\\\ 1\\end{pmatrix}"),
        ("5\\text{ cm}", "5\\text{ km}"), ("5\\text{ g}", "5\\text{ kg}"), ("1112112_3", "1112122_3"), ("52_8", "52_9"),
        ("52_8", "52"), ("\\text{odd}", "\\text{even}"), ("12:00", "1:00"), ("d", "\\text{E}"), ("f(2)", "f(3)"),
        ("50\\%", "50"), ("90^\\circ", "91^\\circ"), ("D=(0,1)", "D=(0,1.5)"), ("n=2,3,4", "n=1,2,3"),
        ("[-2,7]", "-2<x<7"), ("\\infty", "-\\infty"), ("\\int_0^1 x^2 dx", "\\int_0^1 x^3 dx"),
    ]

    @Test(arguments: equalPairs) func equalInBothDirections(_ pair: (String, String)) throws {
        #expect(try outcome(pair.0, pair.1) == .equal)
        #expect(try outcome(pair.1, pair.0) == .equal)
    }

    @Test(arguments: unequalPairs) func unequalInBothDirections(_ pair: (String, String)) throws {
        #expect(try outcome(pair.0, pair.1) == .unequal)
        #expect(try outcome(pair.1, pair.0) == .unequal)
    }

    @Test(arguments: [
        ("41", "41=42"), ("42", "41=42"), ("2", "z=3+3=2"), ("5050", "\\sum_{k=1}^{100}k"), ("1", "\\int_0^1 3x^2dx"),
        ("6", "\\gcd(12,18)"), ("120", "5!"), ("120", "\\binom{16}{2}"), ("0", "\\lim_{x\\to 0}x"),
        ("42", "\\max(41,42)"),
        ("11", "x=5+5+1=7=11"), ("2", "\\lfloor 2.5\\rfloor"), ("2x", "\\frac{d}{dx}(x^2)"),
    ])
    func laundering(_ pair: (String, String)) throws {
        #expect(try outcome(pair.0, pair.1) == .refused)
    }

    @Test(arguments: [
        "10^{10^{10}}", "(10^7)!", "10000000!", "\\binom{10^{9}}{5\\cdot 10^{8}}", "9^{9^{9^{9}}}", "2^{10^{30}}",
        "\\sum_{k=1}^{10^{9}}k", "(1+\\sqrt{2})^{10^{12}}", "\\prod_{k=1}^{1999}k^{k}", "((10!)!)!",
    ])
    func hugeNumbersCostLittle(_ text: String) throws {
        let result = try verdict("42", text, ["unevaluated": "allow"])
        #expect(result.outcome == .overBudget)
        #expect(result.operations <= 2_100_000)
    }

    @Test(arguments: [("\\frac{1}{0}", "1"), ("\\ln 0", "1"), ("0^{-1}", "1")])
    func valuesThatDoNotExist(_ pair: (String, String)) throws {
        #expect(try outcome(pair.1, pair.0) != .equal)
    }

    @Test func guarantees() throws {
        #expect(try verdict("1/2", "0.5").guarantee == .exact)
        #expect(try verdict("\\cos\\frac{\\pi}{5}", "\\frac{1+\\sqrt{5}}{4}").guarantee == .exact)
        #expect(
            try verdict("\\tan\\frac{\\pi}{24}", "\\sqrt{6}-\\sqrt{3}+\\sqrt{2}-2").guarantee == .separationBound)
        guard case .probability(let bits)? = try verdict("\\sqrt{x^2}", "|x|").guarantee else {
            Issue.record("expected a probability")
            return
        }
        #expect(bits >= 48)
    }

    @Test func policies() throws {
        #expect(try outcome("28\\%", "28", ["percent": "bare"]) == .equal)
        #expect(try outcome("28\\%", "0.28", ["percent": "bare"]) == .unequal)
        #expect(try outcome("28\\%", "0.28") == .equal)
        #expect(try outcome("28/100", "28", ["percent": "bare"]) == .unequal)
        #expect(try outcome("(1,3)", "\\{1,3\\}") == .unequal)
        #expect(try outcome("(1,3)", "\\{1,3\\}", ["brackets": "loose"]) == .equal)
        #expect(try outcome("(1,3)", "1,3", ["brackets": "loose"]) == .equal)
        #expect(try outcome("5\\text{ cm}", "5", ["units": "required"]) == .unequal)
        #expect(try outcome("90^\\circ", "90", ["degrees": "required"]) == .unequal)
        #expect(try outcome("1/12", "0.0833333333333333", ["decimals": 6]) == .equal)
        #expect(try outcome("1/12", "0.0833", ["decimals": 6]) == .unequal)
        #expect(try outcome("0.0000001", "0.0000002", ["decimals": 6]) == .unequal)
        #expect(try outcome("\\sqrt{17}", "4.123105625617661", ["decimals": 6]) == .equal)
        #expect(try outcome("6", "\\gcd(12,18)", ["unevaluated": "allow"]) == .equal)
        #expect(try outcome("6", "\\gcd(12,18)", ["unevaluated": "arithmetic"]) == .equal)
        #expect(try outcome("6", "3!", ["unevaluated": "arithmetic"]) == .refused)
        #expect(try outcome("(1,3)", "\\{1,3\\}") == .unequal)
        #expect(try outcome("(1,3)", "\\{1,3\\}", ["brackets": "loose"]) == .equal)
        #expect(try outcome("x\\in[-2,7]", "-2\\le x\\le 7") == .unequal)
        #expect(try outcome("x\\in[-2,7]", "-2\\le x\\le 7", ["relation_as_set": true]) == .equal)
        #expect(try outcome("x=11", "x=5+5+1=7=11", ["chains": "last"]) == .equal)
        #expect(try outcome("42", "41=42", ["chains": "last"]) == .refused)
        #expect(try outcome("x/y", "x/y", ["gold_syntax": "sympy"]) == .equal)
    }

    @Test(arguments: [
        ("reduced_fraction", "\\frac{1}{2}", "\\frac{2}{4}"), ("expanded", "x^2+2x+1", "(x+1)^2"),
        ("factored", "(x+1)^2", "x^2+2x+1"), ("decimal", "0.5", "\\frac12"), ("integer", "4", "\\frac{8}{2}"),
    ])
    func forms(_ form: String, _ good: String, _ bad: String) throws {
        #expect(try outcome(good, good, ["form": .string(form)]) == .equal)
        #expect(try outcome(good, bad, ["form": .string(form)]) == .refused)
        #expect(try outcome(good, bad) == .equal)
    }

    @Test func antiderivatives() throws {
        let policy: JSONObject = ["constant_of_integration": true, "syntax": "plain"]
        #expect(try outcome("-2*x*atan(x) + log(x**2 + 1) + C", "log(x**2+1) - 2*atan(x)*x + 7", policy) == .equal)
        #expect(try outcome("sin(x)**2/2 + C", "-cos(2*x)/4 + C", policy) == .equal)
        #expect(try outcome("log(x) + C", "log(3*x) + K", policy) == .equal)
        #expect(try outcome("x**2 + C", "2*x**2 + C", policy) == .unequal)
        #expect(try outcome("exp(x)*sin(x) + C", "2*exp(x)*sin(x) + C", policy) == .unequal)
    }
}
