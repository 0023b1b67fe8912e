/// An expression of a template.
struct TemplateExpression: Sendable {
    indirect enum Kind: Sendable {
        case literal(TemplateLiteral)
        case name(String)
        case tuple([TemplateExpression])
        case list([TemplateExpression])
        case dictionary([Pair])
        case attribute(TemplateExpression, String)
        case item(TemplateExpression, TemplateExpression)
        case slice(TemplateExpression, TemplateExpression?, TemplateExpression?, TemplateExpression?)
        case call(TemplateExpression, CallArguments)
        /// Without an operand in `{% filter %}` and the block form of `{% set %}`.
        case filter(TemplateExpression?, TemplateFilter, CallArguments)
        case test(TemplateExpression, TemplateTest, CallArguments)
        case negation(TemplateExpression)
        case minus(TemplateExpression)
        case plus(TemplateExpression)
        case arithmetic(TemplateExpression, [ArithmeticStep])
        case concatenation([TemplateExpression])
        case comparison(TemplateExpression, [ComparisonStep])
        case and([TemplateExpression])
        case or([TemplateExpression])
        case conditional(test: TemplateExpression, then: TemplateExpression, else: TemplateExpression?)
    }

    struct Pair: Sendable {
        var key: TemplateExpression
        var value: TemplateExpression
    }

    struct ArithmeticStep: Sendable {
        var operation: ArithmeticOperator
        var operand: TemplateExpression
    }

    struct ComparisonStep: Sendable {
        var operation: ComparisonOperator
        var operand: TemplateExpression
    }

    struct CallArguments: Sendable {
        struct Named: Sendable {
            var name: String
            var value: TemplateExpression
        }

        var positional: [TemplateExpression] = []
        var named: [Named] = []
        /// `*arguments`
        var spread: TemplateExpression?
        /// `**arguments`
        var namedSpread: TemplateExpression?

        var expressions: [TemplateExpression] {
            positional + named.map(\.value) + [spread, namedSpread].compactMap { $0 }
        }
    }

    var kind: Kind
    var line: Int
    /// Of the tree below.
    var height: Int
}

enum TemplateLiteral: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case text(TemplateText)

    var value: TemplateValue {
        switch self {
        case .none: .none
        case .bool(let value): .bool(value)
        case .integer(let value): .integer(value)
        case .float(let value): .float(value)
        case .text(let value): .text(value)
        }
    }
}

enum ArithmeticOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
}

enum ComparisonOperator: String, Sendable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case notContained = "not in"
}

/// What is assigned to.
indirect enum TemplateTarget: Sendable {
    case name(String)
    case namespace(String, attribute: String)
    case tuple([TemplateTarget])
}

/// Statements that share one set of variables, named by an index into ``TemplateNames/masked``.
struct TemplateBlock: Sendable {
    var frame: Int
    var statements: [TemplateStatement]
}

/// A statement of a template.
struct TemplateStatement: Sendable {
    indirect enum Kind: Sendable {
        case data(TemplateText)
        case output(TemplateExpression)
        case branches([Branch], otherwise: [TemplateStatement])
        case loop(Loop)
        case assignment(TemplateTarget, TemplateExpression)
        case captured(TemplateTarget, filter: TemplateExpression?, TemplateBlock)
        case macro(Macro)
        case call(TemplateExpression, Macro)
        case filter(TemplateExpression, TemplateBlock)
        case with([TemplateTarget], [TemplateExpression], TemplateBlock)
        case generation(TemplateBlock)
        case breakLoop
        case continueLoop
    }

    struct Branch: Sendable {
        var test: TemplateExpression
        var body: [TemplateStatement]
    }

    struct Loop: Sendable {
        var target: TemplateTarget
        var sequence: TemplateExpression
        var filter: TemplateExpression?
        var body: TemplateBlock
        var otherwise: TemplateBlock
    }

    struct Macro: Sendable {
        struct Parameter: Sendable {
            var name: String
            var defaultValue: TemplateExpression?
        }

        var name: String
        var parameters: [Parameter]
        var body: TemplateBlock
        /// Names that the body reads and that the call supplies: `caller`, `varargs`, `kwargs`.
        var implicitNames: Set<String> = []
    }

    var kind: Kind
    var line: Int
}
