/// The tests of `is`.
enum TemplateTest: String, Sendable {
    case boolean, callable, defined, divisibleby, even, `false`, filter, float, integer, iterable, lower, mapping, none,
        number, odd, sameas, sequence, string, test, `true`, undefined, upper, escaped
    case equal = "eq"
    case unequal = "ne"
    case less = "lt"
    case lessOrEqual = "le"
    case greater = "gt"
    case greaterOrEqual = "ge"
    case contained = "in"

    private static let synonyms: [String: TemplateTest] = [
        "equalto": .equal, "==": .equal, "!=": .unequal, "lessthan": .less, "<": .less, "<=": .lessOrEqual,
        "greaterthan": .greater, ">": .greater, ">=": .greaterOrEqual,
    ]

    init?(_ name: String) {
        guard let test = TemplateTest(rawValue: name) ?? Self.synonyms[name] else { return nil }
        self = test
    }
}

extension TemplateEvaluator {
    func passes(
        _ test: TemplateTest, _ value: TemplateValue, _ arguments: TemplateArguments
    ) throws(TemplateError) -> Bool {
        func other() throws(TemplateError) -> TemplateValue {
            try arguments.bound(to: ["other"], required: 1, of: "the test \(test.rawValue)", work)[0] ?? .none
        }
        switch test {
        case .equal: return try isEqual(value, try other())
        case .unequal: return try !isEqual(value, try other())
        case .less: return try isOrdered(value, .less, try other())
        case .lessOrEqual: return try isOrdered(value, .lessOrEqual, try other())
        case .greater: return try isOrdered(value, .greater, try other())
        case .greaterOrEqual: return try isOrdered(value, .greaterOrEqual, try other())
        case .contained: return try contains(try other(), value)
        case .sameas: return try isIdentical(value, try other())
        case .divisibleby:
            return try isEqual(try combine(value, .remainder, try other()), .integer(0))
        default:
            _ = try arguments.bound(to: [], of: "the test \(test.rawValue)", work)
            return try passes(test, value)
        }
    }

    private func passes(_ test: TemplateTest, _ value: TemplateValue) throws(TemplateError) -> Bool {
        switch test {
        case .defined: return !value.isUndefined
        case .undefined: return value.isUndefined
        case .none: return value.isNone
        case .boolean: if case .bool = value { return true } else { return false }
        case .true: if case .bool(true) = value { return true } else { return false }
        case .false: if case .bool(false) = value { return true } else { return false }
        case .integer:
            switch value {
            case .integer, .bigInteger: return true
            default: return false
            }
        case .float: if case .float = value { return true } else { return false }
        case .number:
            switch value {
            case .bool, .integer, .bigInteger, .float: return true
            default: return false
            }
        case .string:
            switch value {
            case .text, .markup: return true
            default: return false
            }
        case .escaped: if case .markup = value { return true } else { return false }
        case .mapping: if case .dictionary = value { return true } else { return false }
        case .iterable:
            switch value {
            case .none, .bool, .integer, .bigInteger, .float, .namespace, .macro, .function, .method: return false
            default: return true
            }
        case .sequence:
            switch value {
            case .text, .markup, .list, .tuple, .dictionary, .undefined: return true
            case .view(let view): return view.kind == .range
            default: return false
            }
        case .callable:
            switch value {
            case .macro, .function, .method, .undefined, .loop: return true
            default: return false
            }
        case .odd: return try isEqual(try combine(value, .remainder, .integer(2)), .integer(1))
        case .even: return try isEqual(try combine(value, .remainder, .integer(2)), .integer(0))
        case .upper: return try text(value).isOfClass("isupper")
        case .lower: return try text(value).isOfClass("islower")
        case .filter, .test: throw unsupported("the test `\(test.rawValue)`")
        default: return false
        }
    }

    /// `left is right` of Python, where that does not depend on how Python stores values.
    private func isIdentical(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        switch (left, right) {
        case (.none, .none): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.namespace, .namespace), (.macro, .macro): return try isEqual(left, right)
        case (.none, _), (.bool, _), (_, .none), (_, .bool): return false
        default:
            if left.typeName != right.typeName { return false }
            throw unsupported("the test `sameas` of values of type \(left.typeName)")
        }
    }
}
