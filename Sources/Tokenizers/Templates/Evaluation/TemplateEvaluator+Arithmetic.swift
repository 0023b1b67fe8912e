#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Python's arithmetic. Integers beyond 64 bits are refused.
extension TemplateEvaluator {
    private enum Number {
        case integer(Int)
        case float(Double)

        init?(_ value: TemplateValue) {
            switch value {
            case .bool(let value): self = .integer(value ? 1 : 0)
            case .integer(let value): self = .integer(value)
            case .float(let value): self = .float(value)
            default: return nil
            }
        }

        var double: Double {
            switch self {
            case .integer(let value): Double(value)
            case .float(let value): value
            }
        }
    }

    func negative(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch Number(value) {
        case .integer(let number): try exact(number.multipliedReportingOverflow(by: -1))
        case .float(let number): .float(-number)
        case nil: throw operandFailure("bad operand type for unary -: '\(value.typeName)'", value)
        }
    }

    func positive(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch Number(value) {
        case .integer(let number): .integer(number)
        case .float: value
        case nil: throw operandFailure("bad operand type for unary +: '\(value.typeName)'", value)
        }
    }

    private func exact(_ result: (partialValue: Int, overflow: Bool)) throws(TemplateError) -> TemplateValue {
        if result.overflow { throw unsupported("an integer beyond 64 bits") }
        return .integer(result.partialValue)
    }

    private func operandFailure(_ message: String, _ operands: TemplateValue...) -> TemplateError {
        for case .undefined(let undefined) in operands { return failure("UndefinedError: \(undefined.message)") }
        for case .markup in operands { return unsupported("arithmetic with a value of type Markup") }
        return failure("TypeError: " + message)
    }

    func combine(
        _ left: TemplateValue, _ operation: ArithmeticOperator, _ right: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        if let left = Number(left), let right = Number(right) { return try combine(left, operation, right) }
        switch (left, operation, right) {
        case (.undefined, _, _), (_, _, .undefined), (.markup, _, _), (_, _, .markup): break
        case (.text(var text), .add, .text(let other)):
            try work.charge(scalars: text.count + other.count)
            text.append(other)
            return .text(text)
        case (.list(let first), .add, .list(let second)): return try list(first.elements + second.elements)
        case (.tuple(let first), .add, .tuple(let second)): return try tuple(first.elements + second.elements)
        case (.text(let text), .multiply, _):
            if case .integer(let count) = Number(right) { return .text(try repeated(text, count)) }
        case (_, .multiply, .text(let text)):
            if case .integer(let count) = Number(left) { return .text(try repeated(text, count)) }
        case (.list(let elements), .multiply, _):
            if case .integer(let count) = Number(right) { return try list(try repeated(elements.elements, count)) }
        case (.tuple(let elements), .multiply, _):
            if case .integer(let count) = Number(right) { return try tuple(try repeated(elements.elements, count)) }
        case (_, .multiply, .list(let elements)):
            if case .integer(let count) = Number(left) { return try list(try repeated(elements.elements, count)) }
        case (_, .multiply, .tuple(let elements)):
            if case .integer(let count) = Number(left) { return try tuple(try repeated(elements.elements, count)) }
        case (.text(let format), .remainder, _):
            if case .tuple(let tuple) = right {
                return .text(try formatted(format, TemplateArguments(positional: tuple.elements)))
            }
            return .text(try formatted(format, TemplateArguments(positional: [right]), isSingle: true))
        case (.text, .add, _):
            throw failure("TypeError: can only concatenate str (not \"\(right.typeName)\") to str")
        case (.list, .add, _):
            throw failure("TypeError: can only concatenate list (not \"\(right.typeName)\") to list")
        case (.tuple, .add, _):
            throw failure("TypeError: can only concatenate tuple (not \"\(right.typeName)\") to tuple")
        default: break
        }
        throw operandFailure(
            "unsupported operand type(s) for \(operation.rawValue): '\(left.typeName)' and '\(right.typeName)'", left,
            right)
    }

    private func repeated(_ text: TemplateText, _ count: Int) throws(TemplateError) -> TemplateText {
        let count = max(0, count)
        let (total, isTooLong) = text.count.multipliedReportingOverflow(by: count)
        try work.charge(scalars: isTooLong ? .max : total)
        var result = TemplateText()
        if !text.isEmpty { for _ in 0..<count { result.append(text) } }
        return result
    }

    private func repeated(_ elements: [TemplateValue], _ count: Int) throws(TemplateError) -> [TemplateValue] {
        let count = max(0, count)
        let (total, isTooLong) = elements.count.multipliedReportingOverflow(by: count)
        try work.charge(isTooLong ? work.budget.work : total)
        return elements.isEmpty ? [] : Array(repeatElement(elements, count: count).joined())
    }

    private func combine(
        _ left: Number, _ operation: ArithmeticOperator, _ right: Number
    ) throws(TemplateError) -> TemplateValue {
        guard case .integer(let first) = left, case .integer(let second) = right else {
            return .float(try combine(left.double, operation, right.double))
        }
        switch operation {
        case .add: return try exact(first.addingReportingOverflow(second))
        case .subtract: return try exact(first.subtractingReportingOverflow(second))
        case .multiply: return try exact(first.multipliedReportingOverflow(by: second))
        case .divide:
            guard second != 0 else { throw failure("ZeroDivisionError: division by zero") }
            guard first.magnitude <= 1 << 53, second.magnitude <= 1 << 53 else {
                throw unsupported("the quotient of integers beyond 53 bits")
            }
            return .float(Double(first) / Double(second))
        case .floorDivide, .remainder:
            guard second != 0 else { throw failure("ZeroDivisionError: integer division or modulo by zero") }
            if second == -1 { return operation == .remainder ? .integer(0) : try negative(.integer(first)) }
            let (quotient, remainder) = first.quotientAndRemainder(dividingBy: second)
            let isBetween = remainder != 0 && (remainder < 0) != (second < 0)
            if operation == .floorDivide { return .integer(isBetween ? quotient - 1 : quotient) }
            return .integer(isBetween ? remainder + second : remainder)
        case .power:
            if second < 0 { return .float(try combine(Double(first), .power, Double(second))) }
            if [0, 1].contains(first) { return .integer(second == 0 ? 1 : first) }
            if first == -1 { return .integer(second % 2 == 0 ? 1 : -1) }
            var result = TemplateValue.integer(1)
            if second > 64 { throw unsupported("an integer beyond 64 bits") }
            for _ in 0..<second { result = try combine(result, .multiply, .integer(first)) }
            return result
        }
    }

    private func combine(
        _ left: Double, _ operation: ArithmeticOperator, _ right: Double
    ) throws(TemplateError) -> Double {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            guard right != 0 else { throw failure("ZeroDivisionError: float division by zero") }
            return left / right
        case .floorDivide, .remainder:
            guard right != 0 else { throw failure("ZeroDivisionError: float modulo") }
            var remainder = fmod(left, right)
            var quotient = (left - remainder) / right
            if remainder != 0, (right < 0) != (remainder < 0) {
                remainder += right
                quotient -= 1
            } else if remainder == 0 {
                remainder = copysign(0, right)
            }
            if operation == .remainder { return remainder }
            guard quotient != 0 else { return copysign(0, left / right) }
            let floor = quotient.rounded(.down)
            return quotient - floor > 0.5 ? floor + 1 : floor
        case .power:
            if left == 0, right < 0 { throw failure("ZeroDivisionError: 0.0 cannot be raised to a negative power") }
            if left < 0, left.isFinite, right.isFinite, right != right.rounded() {
                throw unsupported("a complex number")
            }
            let result = pow(left, right)
            if result.isInfinite, left.isFinite, right.isFinite { throw failure("OverflowError: too large a number") }
            return result
        }
    }
}
