import Foundation
import Testing

@testable import Rewards

/// What a text is read as, in a notation of nested lists.
private func reading(_ text: String, _ syntax: MathSyntax = .latex) -> String {
    var work = Work()
    do { return outline(try MathParser.parse(AnswerText(text), syntax: syntax, work: &work)) } catch {
        switch error {
        case .malformed: return "malformed"
        case .overBudget: return "over budget"
        case .refused, .undecided: return "other"
        }
    }
}

private func outline(_ expression: MathExpression) -> String {
    func all(_ name: String, _ parts: [MathExpression]) -> String {
        "(" + ([name] + parts.map(outline)).joined(separator: " ") + ")"
    }
    switch expression {
    case .number(let value): return value.description
    case .constant(let constant): return ":" + constant.rawValue
    case .symbol(let name): return name
    case .text(let text): return "'" + text + "'"
    case .sum(let terms): return all("+", terms)
    case .product(let factors): return all("*", factors)
    case .power(let base, let exponent): return all("^", [base, exponent])
    case .call(let function, let arguments): return all(function.rawValue, arguments)
    case .application(let name, let arguments): return all("apply " + name, arguments)
    case .plusMinus(let value): return all("±", [value])
    case .operation(let operation, let body, let variable, let from, let to):
        let parts = [body] + [variable, from, to].map { $0 ?? .symbol("-") }
        return all(operation.rawValue, parts)
    case .relation(let first, let links):
        return "(" + outline(first) + links.map { " \($0.relation.rawValue) \(outline($0.right))" }.joined() + ")"
    case .tuple(let elements): return all("tuple", elements)
    case .set(let elements): return all("set", elements)
    case .list(let elements): return all("list", elements)
    case .interval(let lower, let isLowerOpen, let upper, let isUpperOpen):
        return (isLowerOpen ? "]" : "[") + outline(lower) + " " + outline(upper) + (isUpperOpen ? "[" : "]")
    case .setOperation(let operation, let sets): return all(operation.rawValue, sets)
    case .namedSet(let set): return "#" + set.rawValue
    case .membership(let element, let set, let isNegated): return all(isNegated ? "∉" : "∈", [element, set])
    case .matrix(let rows): return rows.map { all("row", $0) }.joined()
    case .percent(let value): return all("%", [value])
    case .degrees(let value): return all("°", [value])
    case .measured(let value, let unit): return all("in " + unit, [value])
    case .numeral(let digits, let base): return "\(digits)#\(base)"
    case .ratio(let terms): return all(":", terms)
    }
}

@Suite("Mathematical syntax")
struct MathParserTests {
    @Test(
        "Numbers are exact",
        arguments: [
            ("42", "42"), ("-7", "-7"), ("0.25", "1/4"), (".5", "1/2"), ("5.", "5"), ("007", "7"),
            ("1,234", "1234"), ("1,234,567.5", "2469135/2"), ("10,\\!080", "10080"), ("10{,}000", "10000"),
            ("12\\,500", "12500"), ("1 000 000", "1000000"), ("12E2", "1200"), ("25E-1", "5/2"), ("1e-2", "1/100"),
            ("0.\\overline{3}", "1/3"), ("0.1\\overline{6}", "1/6"), ("2.\\overline{09}", "23/11"),
            ("2\\frac{1}{4}", "9/4"), ("2 \\frac14", "9/4"), ("2 1/4", "9/4"), ("-2\\frac{1}{4}", "-9/4"),
            ("2½", "5/2"),
            ("−5", "-5"), ("--5", "5"),
        ])
    func numbers(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "A comma groups digits only where nothing makes it divide elements",
        arguments: [
            ("12,34", "(list 12 34)"), ("(1,234)", "(tuple 1 234)"), ("\\{1,234\\}", "(set 1 234)"),
            ("\\max(1,234)", "(max 1 234)"), ("1,2,345", "(list 1 2 345)"), ("1,234, 5", "(list 1234 5)"),
            ("\\frac{1,234}{5}", "(* 1234 (^ 5 -1))"), ("[1,234]", "[1 234]"), ("0,123", "(list 0 123)"),
        ])
    func commas(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Numbers side by side are not one answer",
        arguments: ["3 4", "1 00", "1 0000", "1,234 5,6", "1.2.3", "2 3x", "12 3456 789", "1 234 56"])
    func numbersApart(_ text: String) { #expect(reading(text) == "malformed") }

    @Test(
        "Operators bind as they do on paper",
        arguments: [
            ("a+b-c", "(+ a b (* -1 c))"), ("-x^2", "(* -1 (^ x 2))"), ("2x^3y", "(* 2 (^ x 3) y)"),
            ("6/8y", "(* 6 (^ (* 8 y) -1))"), ("a/b/c", "(* a (^ b -1) (^ c -1))"), ("a/b\\cdot c", "(* a (^ b -1) c)"),
            ("2^{3^4}", "(^ 2 (^ 3 4))"), ("2**3**4", "(^ 2 (^ 3 4))"), ("x^{-1}", "(^ x -1)"), ("x^-1", "(^ x -1)"),
            ("x!!", "(factorial (factorial x))"), ("3 \\pm \\sqrt2", "(+ 3 (± (root 2 2)))"), ("\\mp 1", "(± -1)"),
            ("1+7\\bmod 3", "(+ 1 (mod 7 3))"), ("-1\\mod 2", "(mod -1 2)"), ("x2", "(* x 2)"),
            ("\\frac12x", "(* (* 1 (^ 2 -1)) x)"), ("\\frac 59", "(* 5 (^ 9 -1))"),
            ("{1+2}{3-4}", "(* (+ 1 2) (+ 3 -4))"),
            ("\\{1+2\\}\\{3-4\\}", "(* (+ 1 2) (+ 3 -4))"), ("{a \\over b}", "(* a (^ b -1))"),
            ("x²+y³", "(+ (^ x 2) (^ y 3))"), ("3×10^5", "(* 3 (^ 10 5))"), ("2√3", "(* 2 (root 3 2))"),
        ])
    func operators(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Bars pair",
        arguments: [
            ("|x|", "(abs x)"), ("2|x-1|", "(* 2 (abs (+ x -1)))"), ("|x||y|", "(* (abs x) (abs y))"),
            ("||x||y||", "(abs (* (abs x) (abs y)))"), ("|x|+|y|", "(+ (abs x) (abs y))"),
            ("\\left|x\\right|", "(abs x)"), ("\\lvert x \\rvert", "(abs x)"), ("\\{|x|, 2\\}", "(set (abs x) 2)"),
            ("P(A|B)", "(apply P (apply given A B))"), ("|x", "malformed"), ("x|", "malformed"),
        ])
    func bars(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Functions take brackets or the factors that follow",
        arguments: [
            ("\\sin 2x", "(sin (* 2 x))"), ("\\sin x \\cos y", "(* (sin x) (cos y))"), ("\\sin^2 x", "(^ (sin x) 2)"),
            ("\\sin(x)^2", "(^ (sin x) 2)"), ("\\sin^{-1} a", "(arcsin a)"), ("\\sin\\cos x", "(sin (cos x))"),
            ("\\ln xy", "(ln (* x y))"), ("\\log x", "(log x 10)"), ("\\log_2 8", "(log 8 2)"), ("\\log_e x", "(ln x)"),
            ("e^x", "(^ :e x)"), ("\\exp(x)", "(^ :e x)"), ("\\sqrt[3]{x}", "(root x 3)"), ("sqrt(2)", "(root 2 2)"),
            ("\\gcd(9,876,543)", "(gcd 9 876 543)"), ("\\operatorname{lcm}(4, 6)", "(lcm 4 6)"),
            ("\\mathrm{Re}(z)", "(re z)"), ("\\lfloor x \\rfloor", "(floor x)"),
            ("\\ulcorner x \\urcorner", "(ceiling x)"),
            ("\\binom{n}{k}", "(binomial n k)"), ("{n \\choose k}", "(binomial n k)"),
            ("\\tan 15^\\circ", "(tan (° 15))"),
            ("f(2)", "(apply f 2)"), ("f^{-1}(x)", "(apply f^{-1} x)"), ("x(y+1)", "(* x (+ y 1))"),
            ("P(1+r)^n", "(* P (^ (+ 1 r) n))"), ("\\sin", "malformed"),
        ])
    func functions(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Names have one spelling",
        arguments: [
            ("x_1", "x_{1}"), ("x_{1}", "x_{1}"), ("x^2_1", "(^ x_{1} 2)"), ("x_{ij}^{2}", "(^ x_{ij} 2)"),
            ("\\alpha _{i,j}", "alpha_{i,j}"), ("\\overline{x}_{23}", "bar{x}_{23}"), ("\\bar x", "bar{x}"),
            ("h_\\theta", "h_{theta}"), ("x'", "x'"), ("x^{\\prime}", "x'"), ("\\angle ABC", "angle{ABC}"),
            ("\\mathrm{e}", ":e"), ("\\mathbf{v}", "v"), ("\\vec{v}", "vec{v}"), ("4210_{5}", "4210#5"),
            ("52_8", "52#8"),
            ("1A3_{16}", "1A3#16"), ("29_8", "malformed"),
        ])
    func names(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Two or three letters multiply, longer runs are words",
        arguments: [
            ("xyz", "(* x y z)"), ("east", "'east'"), ("no solution", "'no solution'"), ("odd", "'odd'"),
            ("\\text{odd}", "'odd'"), ("ABCD", "(* A B C D)"), ("2pi", "(* 2 :pi)"), ("alpha", "alpha"),
            ("the regular hexagon", "'the regular hexagon'"), ("Answer 9", "malformed"),
            ("9 lives or 8", "(list (in lives 9) 8)"),
        ])
    func words(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Units, percent and degrees stay with their value",
        arguments: [
            ("5 \\text{ cm}", "(in cm 5)"), ("5\\mbox{ cm}^2", "(in cm^2 5)"), ("5 cm", "(in cm 5)"),
            ("5\\text{ m}/\\text{s}", "(in m/s 5)"), ("\\$18.90", "(in $ 189/10)"), ("$5", "(in $ 5)"),
            ("-\\$5", "(in $ -5)"), ("28\\%", "(% 28)"), ("28 percent", "(% 28)"), ("90^\\circ", "(° 90)"),
            ("\\frac{270}7\\text{ degrees}", "(° (* 270 (^ 7 -1)))"), ("37^\\circ C", "(in °C 37)"),
            ("5^{\\text{th}}", "5"),
        ])
    func units(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Brackets make tuples, intervals, sets and lists",
        arguments: [
            ("(1,2)", "(tuple 1 2)"), ("(0;0;0)", "(tuple 0 0 0)"), ("(1,1;2,2)", "(tuple 1 1 2 2)"),
            ("[0,1)", "[0 1["),
            ("(0,1]", "]0 1]"), ("[0,1]", "[0 1]"), ("]0,1[", "]0 1["), ("[0,1[", "[0 1["), ("\\{1,2\\}", "(set 1 2)"),
            ("{1,2}", "(set 1 2)"), ("{{1},{2}}", "(set (set 1) (set 2))"), ("\\emptyset", "#empty"),
            ("\\{\\}", "#empty"),
            ("1, 2", "(list 1 2)"), ("1 \\text{ or } 2", "(list 1 2)"), ("a, b, and c", "(list a b c)"),
            ("x=1orx=2", "(list (x = 1) (x = 2))"),
            ("p=5,q=2;p=7,q=2", "(list (tuple (p = 5) (q = 2)) (tuple (p = 7) (q = 2)))"),
            ("[0,1) \\cup (2,3]", "(union [0 1[ ]2 3])"), ("(0,1] U [2,3)", "(union ]0 1] [2 3[)"),
            ("A \\cup B \\cap C", "(union A (intersection B C))"),
            ("\\mathbb{R} \\setminus \\{0\\}", "(difference #reals (set 0))"),
            ("\\{x \\mid x > 0\\}", "(apply set builder x (x > 0))"), ("(1,2", "malformed"), ("[1,2,3)", "malformed"),
            ("1,", "malformed"), (",1", "malformed"),
        ])
    func brackets(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Relations chain",
        arguments: [
            ("x = 11", "(x = 11)"), ("x <= 2", "(x ≤ 2)"), ("x \\leqslant 2", "(x ≤ 2)"), ("x != 3", "(x ≠ 3)"),
            ("x \\not= 3", "(x ≠ 3)"), ("1 < x \\le 3", "(1 < x ≤ 3)"), ("x \\in [0,1]", "(∈ x [0 1])"),
            ("x \\not\\in A", "(∉ x A)"), ("x in (0,1]", "(∈ x ]0 1])"), ("x \\equiv 2 \\pmod{5}", "(x ≡ (mod 2 5))"),
            ("x \\equiv 2 (\\bmod 5)", "(x ≡ (mod 2 5))"), ("7:32", "(: 7 32)"), ("a:b = 1:2", "((: a b) = (: 1 2))"),
            ("= 5", "malformed"), ("x =", "malformed"),
        ])
    func relations(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Calculus is written and not done",
        arguments: [
            ("\\int x dx", "(integral x x - -)"), ("\\int_0^1 x^2\\,dx + 1", "(+ (integral (^ x 2) x 0 1) 1)"),
            ("\\int \\frac{3 dz}{z}", "(integral (* 3 (^ z -1)) z - -)"),
            ("\\int \\lgroupx dx\\rgroup", "(integral x x - -)"),
            ("\\int xdx", "(integral x x - -)"), ("\\sum_{k=1}^{10} k^2", "(sum (^ k 2) k 1 10)"),
            ("\\sum_{i=1}^{n} i", "(sum i i 1 n)"), ("\\lim_{x \\to 3} a", "(limit a x - 3)"),
            ("\\lim_{x \\to 3^{-}} a", "(limitFromBelow a x - 3)"),
            ("\\frac{d}{dx} [ \\tan x ]", "(derivative (tan x) x - -)"),
            ("\\frac{dy}{dx}", "(derivative y x - -)"), ("\\frac{d}{e}", "(* d (^ :e -1))"),
        ])
    func calculus(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Environments",
        arguments: [
            ("\\begin{pmatrix}1 & 2\\\\3 & 4\\end{pmatrix}", "(row 1 2)(row 3 4)"),
            ("\\left[\\begin{array}{c}1\\\\2\\end{array}\\right]", "(row 1)(row 2)"),
            ("\\\\begin{pmatrix}1\\\\\\\\2\\\\end{pmatrix}", "(row 1)(row 2)"),
            ("\\begin{vmatrix}1\\end{vmatrix}", "(determinant (row 1))"),
            ("\\begin{cases}x=1\\\\y=2\\end{cases}", "(list (x = 1) (y = 2))"),
            ("\\begin{pmatrix}1 & 2\\\\3\\end{pmatrix}", "malformed"), ("\\begin{pmatrix}1", "malformed"),
        ])
    func environments(_ text: String, _ expected: String) { #expect(reading(text) == expected) }

    @Test(
        "Wrappers and spacing mean nothing",
        arguments: [
            "$x+1$", "$$x+1$$", "\\[x+1\\]", "\\(x+1\\)", "x+1.", "\\boxed{x+1}", "\\displaystyle x + 1", "{x}\\,+\\;1",
            "\\left(x+1\\right)", "\\mleft[x+1\\mright]", "\\lgroup x+1 \\rgroup", " x +\n1 ", "\\mathrm{x}+1{}",
        ])
    func wrappers(_ text: String) { #expect(reading(text) == "(+ x 1)") }

    @Test(
        "Plain notation of programs",
        arguments: [
            ("-2*x*atan(x) + log(x**2 + 1) + C", "(+ (* -2 x (arctan x)) (ln (+ (^ x 2) 1)) C)"),
            ("-6.0 + 2.0i", "(+ -6 (* 2 :i))"), ("exp(-x)/2", "(* (^ :e (* -1 x)) (^ 2 -1))"),
            ("x**(1/2)", "(^ x (* 1 (^ 2 -1)))"),
            ("2 or something else", "(list 2 'something else')"), ("[1, 2]", "(tuple 1 2)"), ("3.5e-1", "7/20"),
            ("x + a_1", "(+ x a_{1})"),
        ])
    func plain(_ text: String, _ expected: String) { #expect(reading(text, .plain) == expected) }

    @Test(
        "SymPy's constructors",
        arguments: [
            ("Eq(a, b)", "(a = b)"), ("Eq(x, {1, 2})", "(∈ x (set 1 2))"),
            ("Integral(x, (x, 0, 1))", "(integral x x 0 1)"),
            ("Interval.Ropen(a, b)", "[a b["), ("Interval(-oo, 3, True, False)", "](* -1 :infinity) 3]"),
            ("Matrix([\n[1, 2],\n[3, 4]])", "(row 1 2)(row 3 4)"),
            ("Limit(a, x, 3, dir='-')", "(limitFromBelow a x - 3)"),
            ("Sum(k**2, (k, 1, 10))", "(sum (^ k 2) k 1 10)"), ("log(x, 10)", "(log x 10)"), ("log(x, E)", "(ln x)"),
            ("Union({5}, Union({1}, {2}))", "(union (set 5) (set 1) (set 2))"), ("Mod(1, 1.0e-2)", "(mod 1 1/100)"),
            ("x_{i,j}**2", "(^ x_{i,j} 2)"), ("bar{x}_{23}", "bar{x}_{23}"), ("h_{\\theta}", "h_{theta}"),
            ("2*I*E*pi", "(* 2 :i :e :pi)"), ("UnevaluatedExpr(x)", "x"), ("(1,)", "(tuple 1)"), ("Abs(x)", "(abs x)"),
        ])
    func sympy(_ text: String, _ expected: String) { #expect(reading(text, .sympy) == expected) }

    @Test(
        "Nothing is no expression",
        arguments: [
            "", " ", "$$", "{}", ".", ",", "\\", "\\foo", "()", "x +", "^2", "x^", "\\frac{1}", "1,2)", "a?b", "*3",
        ])
    func malformed(_ text: String) { #expect(reading(text) == "malformed") }

    @Test("An error tells the byte where reading stopped")
    func offsets() {
        var work = Work()
        #expect(throws: AnswerProblem.malformed("a value expected, found “)”", offset: 5)) {
            _ = try MathParser.parse(AnswerText("π + )"), work: &work)
        }
    }
}

@Suite("Limits of mathematical syntax")
struct MathParserLimitTests {
    private static let nests: [(String, String, String)] = [
        ("(", "1", ")"), ("{", "1", "}"), ("\\sqrt{", "x", "}"), ("x^{", "2", "}"), ("-(", "1", ")"),
        ("\\sin ", "x", ""),
        ("2^", "2", ""), ("|", "x", "|"), ("\\frac{1}{", "2", "}"), ("[1,", "2", "]"), ("\\int ", "x", "dx"),
        ("\\sum_{k=1}^n ", "k", ""), ("\\lim_{x\\to 0} ", "x", ""), ("\\left\\lfloor ", "x", "\\right\\rfloor"),
        ("\\begin{pmatrix}", "1", "\\end{pmatrix}"), ("f(", "x", ")"), ("", "x", "!"), ("\\mathrm{", "x", "}"),
        ("\\overline{", "1", "}"), ("\\boxed{", "1", "}"), ("1\\mod ", "2", ""), ("A\\setminus ", "B", ""),
        ("\\frac{d}{dx}", "x", ""),
    ]

    @Test("Depth is bounded, also on a small stack of four megabytes", arguments: nests)
    func depth(_ opening: String, _ core: String, _ closing: String) async {
        for count in [20, 500, 2000] {
            let text = String(repeating: opening, count: count) + core + String(repeating: closing, count: count)
            let outcome = await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: reading(String(text.prefix(16_000)))) }
                thread.stackSize = 4 << 20
                thread.start()
            }
            if count > 200 { #expect(outcome == "over budget" || outcome == "malformed", "\(opening) \(count)") }
        }
    }

    @Test("Signs before a value are no depth")
    func signs() { #expect(reading(String(repeating: "-", count: 5001) + "x") == "(* -1 x)") }

    @Test(
        "Digits are bounded before arithmetic",
        arguments: ["1E99999999999999999999", "2E-5000", "1E4000"])
    func exponents(_ text: String) { #expect(reading(text) == "over budget") }

    @Test("Long numbers are exact to the last digit")
    func longNumbers() {
        let digits = String(repeating: "1234567890", count: 400)
        #expect(reading(digits) == digits)
        #expect(reading(digits + "1") == "over budget")
        #expect(reading("0.\\overline{" + digits + "1}") == "over budget")
    }

    @Test("A text beyond the limit of bytes is not read")
    func bytes() { #expect(reading(String(repeating: "x+", count: 10_000) + "x") == "over budget") }

    @Test("No bytes crash the parser, and each text is read the same twice", arguments: 0..<8)
    func randomBytes(_ seed: UInt64) {
        let pieces = [
            "x", "2", "12", ",", ";", "(", ")", "[", "]", "{", "}", "\\{", "\\}", "|", "\\|", "^", "_", "+", "-", "*",
            "/", "=",
            "<", "!", "'", ".", ":", "%", "$", "&", "\\\\", "\\", " ", "\\frac", "\\sqrt", "\\sin", "\\int", "dx",
            "\\sum", "\\lim",
            "\\left", "\\right", "\\text{a}", "\\text{", "\\mathrm{", "\\overline{", "\\begin{pmatrix}",
            "\\end{pmatrix}",
            "\\begin{cases}", "\\end{cases}", "\\pm", "\\in", "\\cup", "\\mod", "\\pmod", "\\boxed{", "\\circ", "\\log",
            "π", "²", "½",
            "√", "\u{200B}", "é", "\\variable{", "E3", "e", "i", "\\binom", "\\to", "word", "or", "\\choose", "\\mid",
            "\\not", "1,234",
            "\\angle", "f(", "\\vec", "Eq(", "Interval(", "'", "oo", "\\frac{d}{dx}", "\\mathbb", "\\,\\!", "\\quad",
            "\\operatorname{",
        ]
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<1500 {
            var bytes: [UInt8] = []
            for _ in 0..<(1 + next(14)) {
                if round % 3 == 0 {
                    bytes.append(UInt8(next(256)))
                } else {
                    bytes += Array(pieces[next(pieces.count)].utf8)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for syntax in [MathSyntax.latex, .plain, .sympy] { #expect(reading(text, syntax) == reading(text, syntax)) }
        }
    }
}
