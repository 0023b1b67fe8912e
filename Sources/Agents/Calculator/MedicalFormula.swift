import Rewards

/// A formula of clinical medicine: what goes in, within which bounds, and where it was published.
public struct MedicalFormula: Sendable, Hashable {
    /// One input, by position or by name.
    public struct Input: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            /// In this unit from and to; across moles and grams of the analyte.
            case quantity(unit: String, from: Double, to: Double, analyte: String? = nil)
            /// A plain number is taken as years.
            case age(from: Double, to: Double)
            case sex
            /// Yes or no.
            case flag
        }

        public var name: String
        var kind: Kind

        /// As signatures show it: `weight kg`.
        var signature: String {
            switch kind {
            case .quantity(let unit, _, _, _): unit == "1" ? name : "\(name) [\(unit)]"
            case .age: "\(name) [years]"
            case .sex: "\(name) [female or male]"
            case .flag: "\(name) [yes or no]"
            }
        }
    }

    /// The inputs in the formula's units.
    struct Values {
        fileprivate var numbers: [String: BoundedNumber] = [:]
        fileprivate var flags: [String: Bool] = [:]

        func callAsFunction(_ name: String) -> BoundedNumber { numbers[name] ?? .zero }
        func isTrue(_ name: String) -> Bool { flags[name] ?? false }
        var isFemale: Bool { isTrue("sex") }
    }

    typealias Rule = @Sendable (Values) throws(CalculatorError) -> BoundedNumber

    public var name: String
    public var title: String
    public var inputs: [Input]
    /// What is computed, in words of mathematics.
    public var formula: String
    public var source: String
    let resultUnit: String
    let rule: Rule

    static let words: Set = ["female", "male", "woman", "man", "f", "m", "yes", "no", "true", "false"]

    static func named(_ name: String) -> MedicalFormula? { all.first { $0.name == name } }

    public static func == (left: MedicalFormula, right: MedicalFormula) -> Bool { left.name == right.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }

    public var signature: String { "\(name)(\(inputs.map(\.signature).joined(separator: ", ")))" }

    /// - Parameter arguments: in the order of the inputs, or labelled with their names; words have no value.
    func value(
        of arguments: [(name: String?, text: String, value: CalculatorValue?)]
    ) throws(CalculatorError) -> CalculatorValue {
        var given: [String: (text: String, value: CalculatorValue?)] = [:]
        for (place, argument) in arguments.enumerated() {
            let name = argument.name ?? (place < inputs.count ? inputs[place].name : nil)
            guard let name, let input = inputs.first(where: { $0.name == name }) else {
                throw CalculatorError(
                    "\(self.name) has no input \(argument.name.map { "“\($0)”" } ?? "number \(place + 1)"); "
                        + "expected \(signature)")
            }
            guard given.updateValue((argument.text, argument.value), forKey: input.name) == nil else {
                throw CalculatorError("\(self.name) is given \(input.name) twice; expected \(signature)")
            }
        }
        var values = Values()
        for input in inputs {
            guard let argument = given[input.name] else {
                throw CalculatorError("\(name) needs \(input.name); expected \(signature)")
            }
            switch input.kind {
            case .sex:
                values.flags[input.name] = try flag(
                    input, argument.text, ["female", "woman", "f"], ["male", "man", "m"])
            case .flag: values.flags[input.name] = try flag(input, argument.text, ["yes", "true"], ["no", "false"])
            case .quantity, .age: values.numbers[input.name] = try number(input, argument)
            }
        }
        let unit = try Self.unit(resultUnit)
        let number = try rule(values)
        return unit.isPlainNumber && resultUnit == "1"
            ? CalculatorValue(number) : try CalculatorValue(number, unit, text: resultUnit)
    }

    private func flag(
        _ input: Input, _ text: String, _ yes: Set<String>, _ no: Set<String>
    ) throws(CalculatorError) -> Bool {
        if yes.contains(text.lowercased()) { return true }
        if no.contains(text.lowercased()) { return false }
        throw CalculatorError("\(input.name) of \(name) is “\(text.prefix(20))”; expected \(input.signature)")
    }

    private func number(
        _ input: Input, _ argument: (text: String, value: CalculatorValue?)
    ) throws(CalculatorError) -> BoundedNumber {
        guard let value = argument.value else {
            throw CalculatorError("\(input.name) of \(name) is “\(argument.text)”; expected \(input.signature)")
        }
        let (unit, from, to): (String, Double, Double)
        var molarMass: Rational?
        switch input.kind {
        case .quantity(let text, let low, let high, let analyte):
            (unit, from, to) = (text, low, high)
            molarMass = analyte.flatMap { MolarMass.gramsPerMole($0) }
        case .age(let low, let high): (unit, from, to) = ("a", low, high)
        case .sex, .flag: (unit, from, to) = ("1", 0, 0)
        }
        var number = value.number
        if case .age = input.kind, value.isPlain {
            // Years.
        } else if value.isPlain, unit != "1", unit != "%" {
            throw CalculatorError("\(input.name) of \(name) has no unit; expected a quantity in \(unit) or the like")
        } else if unit != "1" {
            do throws(CalculatorError) {
                number = try value.number(in: Self.unit(unit), molarMass: molarMass)
            } catch { throw CalculatorError("\(input.name) of \(name): \(error)") }
        } else if !value.isPlain {
            throw CalculatorError("\(input.name) of \(name) must be a plain number, found \(value.base.dimension)")
        }
        let bounds = [from, to].compactMap { Rational(shortestDecimalOf: $0) }
        guard bounds.count == 2, number.comparison(bounds[0]) != -1, number.comparison(bounds[1]) != 1 else {
            throw CalculatorError(
                "\(input.name) of \(name) is \(number.text) \(unit == "1" ? "" : unit + " ")and out of range; "
                    + "expected \(BoundedNumber(bounds[0]).text) to \(BoundedNumber(bounds[1]).text)"
                    + (unit == "1" ? "" : " \(unit)"))
        }
        return number
    }

    private static func unit(_ text: String) throws(CalculatorError) -> UnitOfMeasure {
        if text == "1" { return .one }
        do throws(AnswerProblem) { return try UnitOfMeasure(text) } catch {
            throw CalculatorError("the unit \(text) is not known")
        }
    }
}

extension BoundedNumber {
    /// A decimal of a published formula.
    static func constant(_ value: Double) -> BoundedNumber {
        BoundedNumber(Rational(shortestDecimalOf: value) ?? .zero)
    }

    func times(_ value: Double) throws(CalculatorError) -> BoundedNumber { try times(.constant(value)) }
    func adding(_ value: Double) throws(CalculatorError) -> BoundedNumber { try adding(.constant(value)) }
    func subtracting(_ other: BoundedNumber) throws(CalculatorError) -> BoundedNumber { try adding(-other) }
    func clamped(_ range: ClosedRange<Double>) -> BoundedNumber {
        .least(.greatest(self, .constant(range.lowerBound)), .constant(range.upperBound))
    }
}
