import Primitives
import Testing

@testable import Rewards

/// Answers that public suites write in several notations.
@Suite struct MathematicsFormsTests {
    static let equalPairs: [(String, String)] = [
        // Definitions of functions
        ("W(n)=1", "W(x)=1"), ("f(x)=x^2", "f(t)=t^2"), ("f(x)=ax+b", "f(t)=at+b"), ("f(x,y)=x-y", "f(a,b)=a-b"),
        ("f(x)=x^2", "x^2"), ("P(A)=\\frac12", "P(A)=0.5"),
        // Inequalities and what they describe
        ("(-\\infty,-1)\\cup(2,+\\infty)", "x<-1\\text{ or }x>2"),
        ("x<-1\\text{ or }x>2", "(-\\infty,-1)\\cup(2,\\infty)"),
        ("1\\le x<3", "x\\ge 1\\text{ and }x<3"), ("[1,3)", "x\\ge 1\\text{ and }x<3"), ("(3,\\infty)", "2x>6"),
        ("(-\\infty,0)\\cup(0,\\infty)", "x\\ne 0"), ("-2<x<2", "|x|<2"),
        ("(-\\infty,-2]\\cup[2,\\infty)", "|x|\\ge 2"),
        ("(1,5)", "|x-3|<2"), ("[0,\\infty)", "0\\le x<\\infty"),
        ("(-2,2)", "\\{x\\mid -2<x<2\\}"), ("(-\\infty,2)\\cup(2,\\infty)", "\\{x\\in\\mathbb{R}\\mid x\\ne 2\\}"),
        // Named sets and free parameters
        ("\\mathbb{R}", "\\Bbb{R}"), ("\\mathbb{R}", "\\text{all real numbers}"),
        ("k\\pi,k\\in\\mathbb{Z}", "k\\pi,k\\in\\mathbf{Z}"), ("k\\pi,k\\in\\mathbb{Z}", "n\\pi,n\\in Z"),
        ("\\frac{\\pi}{4}+k\\pi,k\\in\\mathbb{Z}", "\\frac{\\pi}{4}+k\\pi\\ (k\\in\\mathbb{Z})"),
        // Units
        ("\\$18", "18\\text{ dollars}"), ("10\\text{ km/h}", "10\\,\\mathrm{km/h}"),
        ("18", "18\\,\\mathrm{kg\\cdot m/s}"),
        ("18\\text{ m}^2", "18 \\mathrm{~m}^{2}"), ("\\$18", "\\text{\\$}18"),
        // Factorials and binomial coefficients of a variable
        ("(n+1)!", "(n+1)n!"), ("(n-1)!", "\\frac{n!}{n}"), ("\\binom{n}{2}", "\\frac{n(n-1)}{2}"),
        ("\\binom{n}{k}", "\\frac{n!}{k!(n-k)!}"), ("\\binom{2n}{n}", "\\frac{(2n)!}{(n!)^2}"),
        ("\\binom{n}{n-1}", "\\binom{n}{1}"),
        // Names and words
        ("18", "|AB|=18"), ("18", "m\\angle ABC=18^\\circ"), ("\\text{June 20}", "June 20"),
        ("\\text{(E)}", "\\textbf{(E)}\\"),
    ]

    static let unequalPairs: [(String, String)] = [
        ("f(x)=x^2", "f(t)=x^2"), ("f(x)=ax", "f(a)=ax"), ("f(x)=ax", "f(t)=bt"), ("f(x)=x", "g(x)=x"),
        ("f(x,y)=x-y", "f(a,b)=b-a"), ("f(2)=4", "f(3)=4"), ("P(A)=\\frac12", "P(B)=\\frac12"), ("f(x)=1", "f(x,y)=1"),
        ("(6,\\infty)", "2x>6"), ("(1,3)", "x<3\\text{ or }x>1"),
        ("(-\\infty,-1)\\cup(2,\\infty)", "x<-1\\text{ and }x>2"),
        ("(-2,2)", "|x|>2"), ("(-2,2)", "|x|\\le 2"), ("(-2,2)", "\\{x\\mid x<2\\}"), ("1<x<3", "x>1\\text{ and }y<3"),
        ("(-3,\\infty)", "-x>3"),
        ("k\\pi,k\\in\\mathbb{Z}", "2n\\pi,n\\in\\mathbb{Z}"), ("k\\pi,k\\in\\mathbb{Z}", "k\\pi,k\\in\\mathbb{N}"),
        ("\\$18", "18\\text{ cents}"), ("10\\text{ km/h}", "10\\,\\mathrm{m/s}"), ("18", "18x"),
        ("(n+1)!", "n!"), ("\\binom{n}{2}", "\\binom{n}{3}"), ("\\binom{2n}{n}", "\\frac{(2n)!}{n!}"),
        ("18", "AB\\cdot CD=18x"), ("\\text{June 20}", "June 21"), ("20", "June 20"),
    ]

    private static let policy: JSONObject = ["unevaluated": "allow", "relation_as_set": true]

    @Test(arguments: equalPairs) func areEqual(pair: (String, String)) throws {
        #expect(try outcome(pair.0, pair.1, Self.policy) == .equal)
        #expect(try outcome(pair.1, pair.0, Self.policy) == .equal)
    }

    @Test(arguments: unequalPairs) func areUnequal(pair: (String, String)) throws {
        #expect(try outcome(pair.0, pair.1, Self.policy) == .unequal)
        #expect(try outcome(pair.1, pair.0, Self.policy) == .unequal)
    }

    /// Votes count canonical texts.
    @Test(arguments: [
        ("\\tan\\frac{\\pi}{8}", "\\sqrt{2}-1"), ("\\sin 18^\\circ", "\\frac{\\sqrt{5}-1}{4}"),
        ("\\cos\\frac{\\pi}{5}", "\\frac{1+\\sqrt{5}}{4}"),
        ("\\tan\\frac{\\pi}{24}", "\\sqrt{6}-\\sqrt{3}+\\sqrt{2}-2"),
        ("\\sqrt[3]{7+5\\sqrt{2}}", "1+\\sqrt{2}"), ("f(x)=x^2", "f(t)=t^2"),
        ("\\frac{1}{\\sqrt[3]{2}-1}", "1+\\sqrt[3]{2}+\\sqrt[3]{4}"),
    ])
    func haveOneText(pair: (String, String)) throws {
        #expect(try text(pair.0) == text(pair.1))
    }

    @Test(arguments: [
        ("e^{-200}", "e^{-300}"), ("\\sqrt2-1", "\\sqrt2+1"), ("\\cos\\frac{\\pi}{7}", "\\cos\\frac{\\pi}{9}"),
    ])
    func haveTwoTexts(pair: (String, String)) throws {
        #expect(try text(pair.0) != text(pair.1))
    }

    private func text(_ latex: String) throws -> String {
        var fields = PolicyFields(JSONObject())
        let reader = MathematicsReader(policy: try MathematicsPolicy(&fields))
        var work = Work()
        return try reader.read(AnswerText(latex), side: .prediction, work: &work).text
    }

    /// The domain of the functions is a small part of the line.
    @Test func antiderivativesOnASmallDomainAreDecided() throws {
        let policy: JSONObject = ["syntax": "plain", "constant_of_integration": true]
        let gold = "x*asin(2*x) + sqrt(1 - 4*x**2)/2 + C"
        #expect(try outcome(gold, "2*x*asin(2*x) + sqrt(1 - 4*x**2) + C", policy) == .unequal)
        #expect(try outcome(gold, "x*asin(2*x) + sqrt(1/4 - x**2) + C", policy) == .equal)
    }
}
