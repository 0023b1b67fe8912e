/// Which names a scope hides from the templates' caller.
///
/// Jinja resolves names when it compiles: a name whose first use in a scope is an unconditional assignment belongs to that
/// scope from its beginning, so a loop or macro that reads it earlier finds it undefined even if the caller of the
/// template passed a variable of that name.
struct TemplateNames {
    private enum Origin {
        case parameter, context, enclosing
        /// Undefined until it is set.
        case unset
    }

    private struct Frame {
        var origins: [String: Origin] = [:]
        var assigned: Set<String> = []
        /// Names that enclosing frames know.
        var enclosing: Set<String> = []

        mutating func read(_ name: String) {
            if origins[name] == nil { origins[name] = enclosing.contains(name) ? .enclosing : .context }
        }

        mutating func assign(_ name: String) {
            assigned.insert(name)
            if origins[name] == nil { origins[name] = enclosing.contains(name) ? .enclosing : .unset }
        }

        mutating func parameter(_ name: String) {
            assigned.insert(name)
            origins[name] = .parameter
        }

        mutating func join(_ branches: [Frame]) {
            let conditional = branches.reduce(into: Set()) { $0.formUnion($1.assigned) }.subtracting(assigned)
            for branch in branches {
                origins.merge(branch.origins) { $1 }
                assigned.formUnion(branch.assigned)
            }
            for name in conditional { origins[name] = enclosing.contains(name) ? .enclosing : .context }
        }
    }

    /// By frame: names that are undefined there until they are set.
    private(set) var masked: [Set<String>]
    private var read: Set<String> = []

    init(_ template: TemplateBlock, frameCount: Int) {
        masked = Array(repeating: [], count: frameCount)
        visit(template, Frame())
    }

    /// Every name that a macro's body or defaults read, within nested constructs as well.
    static func namesRead(in macro: TemplateStatement.Macro) -> Set<String> {
        var names = TemplateNames()
        names.visit(macro, enclosing: [])
        return names.read
    }

    private init() { masked = [] }

    private mutating func visit(_ block: TemplateBlock, _ frame: Frame) {
        var frame = frame
        visit(block.statements, &frame)
        if block.frame < masked.count {
            masked[block.frame] = Set(frame.origins.lazy.filter { $0.value == .unset }.map(\.key))
        }
        visitInner(block.statements, frame.enclosing.union(frame.origins.keys))
    }

    /// What statements do in their own frame.
    private mutating func visit(_ statements: [TemplateStatement], _ frame: inout Frame) {
        for statement in statements {
            switch statement.kind {
            case .data, .generation, .breakLoop, .continueLoop: break
            case .output(let value): visit(value, &frame)
            case .branches(let branches, let otherwise): visit(branches[...], otherwise, &frame)
            case .loop(let loop): visit(loop.sequence, &frame)
            case .assignment(let target, let value):
                visit(value, &frame)
                assign(target, &frame)
            case .captured(let target, _, _): assign(target, &frame)
            case .macro(let macro): frame.assign(macro.name)
            case .call(let call, _): visit(call, &frame)
            case .filter(let filter, _): visit(filter, &frame)
            case .with(_, let values, _): for value in values { visit(value, &frame) }
            }
        }
    }

    private mutating func visit(
        _ branches: ArraySlice<TemplateStatement.Branch>, _ otherwise: [TemplateStatement], _ frame: inout Frame
    ) {
        guard let first = branches.first else { return }
        visit(first.test, &frame)
        var body = frame
        visit(first.body, &body)
        var elseIf = frame
        for branch in branches.dropFirst() { visit([branch], [], &elseIf) }
        var last = frame
        visit(otherwise, &last)
        frame.join([body, elseIf, last])
    }

    /// The frames that statements open.
    private mutating func visitInner(_ statements: [TemplateStatement], _ enclosing: Set<String>) {
        for statement in statements {
            switch statement.kind {
            case .data, .output, .assignment, .breakLoop, .continueLoop: break
            case .branches(let branches, let otherwise):
                for branch in branches { visitInner(branch.body, enclosing) }
                visitInner(otherwise, enclosing)
            case .loop(let loop):
                var frame = Frame(enclosing: enclosing)
                assignParameters(loop.target, &frame)
                frame.parameter("loop")
                if let filter = loop.filter {
                    var frame = frame
                    visit(filter, &frame)
                }
                visit(loop.body, frame)
                visit(loop.otherwise, Frame(enclosing: enclosing))
            case .captured(_, let filter, let block):
                if let filter {
                    var frame = Frame(enclosing: enclosing)
                    visit(filter, &frame)
                }
                visit(block, Frame(enclosing: enclosing))
            case .filter(_, let block), .generation(let block): visit(block, Frame(enclosing: enclosing))
            case .macro(let macro), .call(_, let macro): visit(macro, enclosing: enclosing)
            case .with(let targets, _, let block):
                var frame = Frame(enclosing: enclosing)
                for target in targets { assignParameters(target, &frame) }
                visit(block, frame)
            }
        }
    }

    private mutating func visit(_ macro: TemplateStatement.Macro, enclosing: Set<String>) {
        var frame = Frame(enclosing: enclosing)
        for parameter in macro.parameters { frame.parameter(parameter.name) }
        for parameter in macro.parameters { if let value = parameter.defaultValue { visit(value, &frame) } }
        for name in macro.implicitNames { frame.parameter(name) }
        visit(macro.body, frame)
    }

    private func assign(_ target: TemplateTarget, _ frame: inout Frame) {
        switch target {
        case .name(let name): frame.assign(name)
        case .namespace(let name, _): frame.read(name)
        case .tuple(let targets): for target in targets { assign(target, &frame) }
        }
    }

    private func assignParameters(_ target: TemplateTarget, _ frame: inout Frame) {
        switch target {
        case .name(let name): frame.parameter(name)
        case .namespace(let name, _): frame.read(name)
        case .tuple(let targets): for target in targets { assignParameters(target, &frame) }
        }
    }

    private mutating func visit(_ expression: TemplateExpression, _ frame: inout Frame) {
        switch expression.kind {
        case .literal: break
        case .name(let name):
            frame.read(name)
            read.insert(name)
        case .tuple(let elements), .list(let elements), .concatenation(let elements), .and(let elements),
            .or(let elements):
            for element in elements { visit(element, &frame) }
        case .dictionary(let pairs):
            for pair in pairs {
                visit(pair.key, &frame)
                visit(pair.value, &frame)
            }
        case .attribute(let operand, _), .negation(let operand), .minus(let operand), .plus(let operand):
            visit(operand, &frame)
        case .item(let operand, let key):
            visit(operand, &frame)
            visit(key, &frame)
        case .slice(let operand, let start, let stop, let stride):
            for part in [operand, start, stop, stride] { if let part { visit(part, &frame) } }
        case .call(let operand, let arguments), .test(let operand, _, let arguments):
            visit(operand, &frame)
            for argument in arguments.expressions { visit(argument, &frame) }
        case .filter(let operand, _, let arguments):
            if let operand { visit(operand, &frame) }
            for argument in arguments.expressions { visit(argument, &frame) }
        case .arithmetic(let first, let steps):
            visit(first, &frame)
            for step in steps { visit(step.operand, &frame) }
        case .comparison(let first, let steps):
            visit(first, &frame)
            for step in steps { visit(step.operand, &frame) }
        case .conditional(let test, let then, let otherwise):
            for part in [test, then, otherwise] { if let part { visit(part, &frame) } }
        }
    }
}
