import Primitives
import Rewards

/// Exact arithmetic with units and formulas of clinical medicine as a tool.
public struct CalculatorTool: TypedTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter(
                "expression", .text(maximumLength: Calculator.maximumLength),
                "What to compute, for example \"5 mg/kg * 70 kg in g\" or \"bmi(70 kg, 175 cm)\"."),
            ToolParameter(
                "unit", .text(maximumLength: 100), "The unit of the result; the expression may name it instead.",
                isRequired: false),
            ToolParameter(
                "analyte", .text(maximumLength: 100),
                "The substance, for conversions between grams and moles, for example \"glucose\".", isRequired: false),
            ToolParameter(
                "molar_mass", .number(0.1...1_000_000),
                "Grams per mole, for a substance that is not known by its name.", isRequired: false),
        ]

        public var expression: String
        public var unit: String?
        public var molarMass: Rational?

        public init(_ values: JSONValue) throws(ToolFailure) {
            expression = values["expression"]?.stringValue ?? ""
            guard expression.contains(where: { !$0.isWhitespace }) else {
                throw ToolFailure(
                    .invalidCall, "the expression is empty; expected one such as \"5 mg/kg * 70 kg in g\"")
            }
            unit = values["unit"]?.stringValue
            let analyte = values["analyte"]?.stringValue
            if let number = values["molar_mass"]?.doubleValue {
                guard analyte == nil else {
                    throw ToolFailure(.invalidCall, "analyte and molar_mass are both given; expected one of them")
                }
                molarMass = Rational(shortestDecimalOf: number)
            } else if let analyte {
                guard let mass = MolarMass.gramsPerMole(analyte) else {
                    throw ToolFailure(
                        .invalidCall,
                        "the analyte \"\(analyte)\" is not known; expected one of "
                            + MolarMass.names.joined(separator: ", ") + ", or a molar_mass")
                }
                molarMass = mass
            }
        }
    }

    private let calculator = Calculator()

    public init() {}

    public var name: String { "calculator" }
    public var traits: ToolTraits { ToolTraits(group: .general) }

    public var purpose: String {
        "Computes exactly, with units: + - * / ^ ( ) %, \(CalculatorFunction.names), conversions with \"in\" (mg/dL to mmol/L "
            + "with the analyte), and medical formulas with units on their inputs: "
            + MedicalFormula.all.map { "\($0.name)(\($0.inputs.map(\.name).joined(separator: ", ")))" }
            .joined(separator: ", ") + "."
    }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let result: Calculator.Result
        do throws(CalculatorError) {
            result = try calculator.evaluate(
                arguments.expression, unit: arguments.unit, molarMass: arguments.molarMass)
        } catch { throw ToolFailure(.invalidCall, error.description) }
        var text = result.text
        if let remark = result.number.remark { text += " (\(remark))" }
        for formula in result.formulas {
            text += "\n\(formula.title), \(formula.name): \(formula.formula). Source: \(formula.source)."
        }
        return ToolResult(content: text)
    }
}
