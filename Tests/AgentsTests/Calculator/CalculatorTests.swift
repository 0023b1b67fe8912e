import Primitives
import Rewards
import Testing

@testable import Agents

@Suite struct CalculatorTests {
    private static func text(_ expression: String) throws -> String { try Calculator().evaluate(expression).text }

    /// Sums by hand, and conversions by their definitions (the inch is 2.54 cm, 0 °C is 273.15 K).
    static let exact: [(String, String)] = [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("2 - 3 - 4", "-5"), ("12 / 4 / 3", "1"), ("2^3^2", "512"),
        ("-2^2", "-4"), ("2^-2", "0.25"), ("0.1 + 0.2", "0.3"), ("1e3 ÷ 8", "125"), ("7 × 6", "42"),
        ("20 % of 50", "10"),
        ("2 ** 10", "1024"), ("--3", "3"), ("sqrt(2.25)", "1.5"), ("abs(-3)", "3"), ("min(3, 1, 2)", "1"),
        ("max(1, 2.5)", "2.5"), ("round(2.345, 2)", "2.35"), ("round(-2.5)", "-3"), ("log10(1000)", "3"),
        ("exp(0)", "1"), ("ln(1)", "0"), ("4^0.5", "2"),
        ("5 mg/kg * 70 kg in g", "0.35 g"), ("5 mg/kg * 70 kg", "350 mg"), ("1 in in cm", "2.54 cm"),
        ("5 in + 2 in", "7 in"), ("98.6 [degF] in Cel", "37 Cel"), ("37 Cel in [degF]", "98.6 [degF]"),
        ("-40 [degF] in Cel", "-40 Cel"), ("310.15 K in Cel", "37 Cel"), ("38 Cel - 37 Cel", "1 K"),
        ("37 Cel + 1.5 K", "38.5 Cel"), ("100 mL/h * 2 h", "200 mL"),
        ("100 mL / 4 h in mL/min", "0.416666666667 mL/min"),
        ("1 kg + 500 g", "1.5 kg"), ("90 mL/min/1.73 m2 in mL/min/1.73m2", "90 mL/min/1.73m2"), ("50 % in 1", "0.5 1"),
        ("0.5 in %", "50 %"), ("2 m^2 in cm2", "20000 cm2"), ("sqrt(9 m2)", "3 m"), ("3 m * 4 m in m2", "12 m2"),
        ("180 deg in [pi].rad", "1 [pi].rad"), ("500 mg per 5 mL", "100 mg/mL"), ("1 mg/mL -> g/L", "1 g/L"),
        ("max(1 g, 1500 mg) in g", "1.5 g"), ("round(1234 mg, -2)", "1200 mg"), ("150 10*9/L * 2 L", "300000000000"),
    ]

    @Test(arguments: exact) func exactExpressionsHaveExactValues(expression: String, expected: String) throws {
        #expect(try Self.text(expression) == expected)
    }

    /// Digits from tables of mathematics.
    static let otherValuesCases: [(String, String)] = [
        ("sqrt(2)", "1.41421356237"), ("exp(1)", "2.71828182846"), ("ln(10)", "2.30258509299"),
        ("pi", "3.14159265359"), ("2^0.5", "1.41421356237"), ("log10(2)", "0.301029995664"),
        ("exp(-300)", "5.14820022241e-131"), ("ln(1e-200)", "-460.517018599"), ("1/3", "0.333333333333"),
        ("sqrt(2e-300)", "1.41421356237e-150"), ("180 deg in rad", "3.14159265359 rad"),
    ]

    @Test(arguments: otherValuesCases) func otherValuesHaveTwelveProvenDigits(expression: String, expected: String)
        throws
    {
        #expect(try Self.text(expression) == expected)
        #expect(try Calculator().evaluate(expression).number.remark != nil)
    }

    /// Molar masses as PubChem states them give these to the digits compared: glucose 180.16, creatinine 113.12,
    /// cholesterol 386.65, urea nitrogen 28.014, calcium 40.078, bilirubin 584.7 g/mol.
    static let molesBecomeCases: [(String, Double)] = [
        ("100 mg/dL in mmol/L of glucose", 5.551), ("1 mg/dL in umol/L of creatinine", 88.40),
        ("200 mg/dL in mmol/L of cholesterol", 5.173), ("20 mg/dL in mmol/L of BUN", 7.139),
        ("10 mg/dL in mmol/L of calcium", 2.495), ("1 mg/dL in umol/L of bilirubin", 17.10),
        ("5.5 mmol/L to mg/dL of glucose", 99.09),
    ]

    @Test(arguments: molesBecomeCases) func molesBecomeGramsOfAnAnalyte(expression: String, expected: Double) throws {
        let value = try Calculator().evaluate(expression).number.middle.approximation
        #expect(abs(value / expected - 1) < 3e-4)
    }

    static let whatHasNoCases: [(String, String)] = [
        ("5 mg + 3 mL", "only quantities of one kind"), ("5 mg in mL", "measure different things"),
        ("100 mg/dL in mmol/L", "need an analyte or a molar mass"), ("1 / 0", "division by zero"),
        ("sqrt(-1)", "not negative"), ("ln(0)", "above 0"), ("exp(5 mg)", "plain number"), ("2^(1 kg)", "plain number"),
        ("37 Cel + 38 Cel", "two temperatures"), ("2 * 37 Cel", "convert it to K"), ("sqrt(2 kg)", "no square root"),
        ("1,000 + 1", "thousands separators"), ("(1 + 2", "closing bracket"), ("1 +", "ends where a number"),
        ("foo(3)", "no function “foo”"), ("3 blargs", "no unit or function"), ("2 3", "expected an operator"),
        ("5 mg in blargs", "no unit"), ("1 mg/dL in mmol/L of kryptonite", "not known"), ("round(1, 99)", "decimals"),
        ("sqrt(1, 2)", "expected 1"), ("", "ends where a number"),
    ]

    @Test(arguments: whatHasNoCases) func whatHasNoValueIsExplained(expression: String, part: String) {
        let error = #expect(throws: CalculatorError.self) { try Calculator().evaluate(expression) }
        #expect(error?.description.contains(part) == true && error?.description.hasSuffix(".") == false)
    }

    /// None of these may run long, overflow or use up the stack.
    static let hugeAndCases: [String] = [
        "9^9^9^9", "(10^1000)^1000", "1e999999999", "exp(1e9)", "exp(exp(exp(10)))", "2^-1e9",
        String(repeating: "(", count: 900), String(repeating: "-", count: 900),
        "1\(String(repeating: "^9", count: 400))",
        String(repeating: "sqrt(", count: 180), String(repeating: "9", count: 2000),
    ]

    @Test(arguments: hugeAndCases) func hugeAndHostileExpressionsAreRefused(expression: String) {
        #expect(throws: CalculatorError.self) { try Calculator().evaluate(expression) }
    }

    @Test func longSumsAreFine() throws {
        #expect(try Self.text(Array(repeating: "1.5", count: 200).joined(separator: "+")) == "300")
    }

    /// Sums and products of random fractions against machine arithmetic.
    @Test(arguments: 0..<30) func agreesWithMachineArithmetic(number: Int) throws {
        var random = CounterRandom(seed: 7, stage: .worlds, step: number)
        var (expression, value) = ("1", 1.0)
        for _ in 0..<12 {
            let operand = 1 + random.integer(below: 99)
            switch random.integer(below: 4) {
            case 0: (expression, value) = ("(\(expression)) + \(operand)/7", value + Double(operand) / 7)
            case 1: (expression, value) = ("(\(expression)) - \(operand).25", value - Double(operand) - 0.25)
            case 2: (expression, value) = ("(\(expression)) * \(operand)", value * Double(operand))
            default: (expression, value) = ("(\(expression)) / \(operand)", value / Double(operand))
            }
        }
        let result = try Calculator().evaluate(expression).number
        #expect(result.isExact && abs(result.middle.approximation - value) <= 1e-9 * max(1, abs(value)))
    }

    @Test func theToolExplainsItselfAndItsErrors() async throws {
        let router = ToolRouter(tools: [CalculatorTool()])
        func run(_ arguments: JSONValue) async -> ToolResult {
            await router.answer(ToolCall(name: "calculator", arguments: arguments))
        }
        #expect(await run(["expression": "5 mg/kg * 70 kg in g"]).content == "0.35 g")
        #expect(await run(["expression": "1/3"]).content == "0.333333333333 (exactly 1/3)")
        #expect(await run(["expression": "sqrt(2)"]).content == "1.41421356237 (rounded)")
        #expect(await run(["expression": "1 g", "unit": "mg"]).content == "1000 mg")
        let converted = await run(["expression": "1 mmol/L", "unit": "mg/dL", "molar_mass": 180])
        #expect(converted.content == "18 mg/dL")
        #expect(await run(["expression": "18 mg/dL in mmol/L", "analyte": "glucose"]).content.hasPrefix("0.99913"))
        let formula = await run(["expression": "anion_gap(140 mmol/L, 104 mmol/L, 24 mmol/L)"])
        #expect(formula.content.hasPrefix("12 mmol/L\nAnion gap, anion_gap: ") && formula.content.contains("Source: "))
        for arguments: JSONValue in [
            ["expression": " "], ["expression": "1", "analyte": "x"], ["expression": "1/0"], ["unit": "g"],
            ["expression": "1 g", "analyte": "glucose", "molar_mass": 2],
        ] {
            let result = await run(arguments)
            #expect(result.failure == .invalidCall && result.content.hasPrefix("Error: "))
        }
        let purpose = CalculatorTool().purpose
        #expect(MedicalFormula.all.allSatisfy { purpose.contains($0.name) })
    }
}
