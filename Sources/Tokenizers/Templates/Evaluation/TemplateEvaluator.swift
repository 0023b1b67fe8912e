/// Runs one rendering of a template: its statements here, its expressions in extensions.
final class TemplateEvaluator {
    enum Flow {
        case next, breakLoop, continueLoop
    }

    let work: TemplateWork
    let clock: TemplateClock
    private let names: TemplateNames
    private let variables: [String: TemplateValue]
    var output = TemplateText()
    /// Stretches of the output that the template puts into `{% generation %}`.
    var generationRanges: [Range<Int>] = []
    /// How many captures of output are under way.
    private var captureDepth = 0
    /// All namespaces, and all scopes that macros refer to: they may form cycles, which the end of the rendering cuts.
    private var namespaces: [TemplateNamespace] = []
    private var closures: [TemplateScope] = []

    init(names: TemplateNames, variables: [String: TemplateValue], clock: TemplateClock, budget: TemplateBudget) {
        self.names = names
        self.variables = variables
        self.clock = clock
        work = TemplateWork(budget)
    }

    func render(_ template: TemplateBlock) throws(TemplateError) {
        defer {
            for namespace in namespaces { namespace.attributes = [] }
            for scope in closures { scope.values = [:] }
        }
        _ = try execute(template.statements, scope(of: template, in: nil))
    }

    func failure(_ message: String) -> TemplateError { work.failure(message) }

    func unsupported(_ message: String) -> TemplateError { work.failure(message, .unsupported) }

    // MARK: Variables

    func scope(of block: TemplateBlock, in parent: TemplateScope?) -> TemplateScope {
        TemplateScope(parent: parent, masked: names.masked[block.frame])
    }

    func value(of name: String, in scope: TemplateScope) -> TemplateValue {
        var current: TemplateScope? = scope
        while let scope = current {
            if let value = scope.values[name] { return value }
            if scope.masked.contains(name) { return undefined("'\(name)' is undefined") }
            current = scope.parent
        }
        if let value = variables[name] { return value }
        if let function = TemplateFunction(rawValue: name) { return .function(function) }
        return undefined("'\(name)' is undefined")
    }

    func undefined(_ message: String) -> TemplateValue { .undefined(TemplateUndefined(message: message)) }

    func makeNamespace() -> TemplateNamespace {
        let namespace = TemplateNamespace()
        namespaces.append(namespace)
        return namespace
    }

    private func makeMacro(_ definition: TemplateStatement.Macro, in scope: TemplateScope) -> TemplateMacro {
        if closures.last !== scope { closures.append(scope) }
        return TemplateMacro(name: definition.name, definition: definition, scope: scope)
    }

    func assign(_ value: TemplateValue, to target: TemplateTarget, in scope: TemplateScope) throws(TemplateError) {
        switch target {
        case .name(let name): scope.values[name] = value
        case .namespace(let name, let attribute):
            guard case .namespace(let namespace) = self.value(of: name, in: scope) else {
                throw failure("cannot assign attribute on non-namespace object `\(name)`")
            }
            try set(attribute, of: namespace, to: value)
        case .tuple(let targets):
            let elements = try elements(of: value)
            guard elements.count == targets.count else {
                throw failure(
                    "ValueError: \(targets.count) values were expected to unpack, there are \(elements.count)")
            }
            for (target, element) in zip(targets, elements) { try assign(element, to: target, in: scope) }
        }
    }

    func set(_ attribute: String, of namespace: TemplateNamespace, to value: TemplateValue) throws(TemplateError) {
        if attribute.utf8.first == UInt8(ascii: "_") {
            throw failure("SecurityError: the attribute `\(attribute)` of a namespace begins with an underscore")
        }
        try work.charge(1 + namespace.attributes.count / 8)
        namespace[attribute] = value
    }

    // MARK: Output

    func write(_ text: TemplateText) throws(TemplateError) {
        try work.charge(scalars: text.count)
        if output.count + text.count > work.budget.textLength { try work.charge(scalars: output.count + text.count) }
        output.append(text)
    }

    /// What `body` writes, taken out of the output.
    func captured(_ body: () throws(TemplateError) -> Void) throws(TemplateError) -> TemplateText {
        let outer = output
        output = TemplateText()
        captureDepth += 1
        defer {
            output = outer
            captureDepth -= 1
        }
        try body()
        return output
    }

    // MARK: Statements

    func execute(_ statements: [TemplateStatement], _ scope: TemplateScope) throws(TemplateError) -> Flow {
        for statement in statements {
            let flow = try execute(statement, scope)
            if flow != .next { return flow }
        }
        return .next
    }

    private func execute(_ statement: TemplateStatement, _ scope: TemplateScope) throws(TemplateError) -> Flow {
        try work.enter()
        defer { work.leave() }
        try work.charge()
        work.line = statement.line
        switch statement.kind {
        case .data(let text): try write(text)
        case .output(let expression):
            let value = try evaluate(expression, scope)
            try write(try text(value))
        case .branches(let branches, let otherwise):
            for branch in branches where try isTrue(try evaluate(branch.test, scope)) {
                return try execute(branch.body, scope)
            }
            return try execute(otherwise, scope)
        case .loop(let loop): try execute(loop, scope)
        case .assignment(let target, let expression):
            try assign(try evaluate(expression, scope), to: target, in: scope)
        case .captured(let target, let filter, let block):
            let inner = self.scope(of: block, in: scope)
            let text = try captured { () throws(TemplateError) in _ = try execute(block.statements, inner) }
            var value = TemplateValue.text(text)
            if let filter { value = try apply(filter, to: value, inner) }
            try assign(value, to: target, in: scope)
        case .macro(let macro): scope.values[macro.name] = .macro(makeMacro(macro, in: scope))
        case .call(let call, let macro):
            let caller = TemplateValue.macro(makeMacro(macro, in: scope))
            try write(try text(try evaluate(call, scope, caller: caller)))
        case .filter(let filter, let block):
            var flow = Flow.next
            let written = try captured { () throws(TemplateError) in
                flow = try execute(block.statements, self.scope(of: block, in: scope))
            }
            if flow != .next { return flow }
            try write(try text(try apply(filter, to: .text(written), scope)))
        case .with(let targets, let expressions, let block):
            let inner = self.scope(of: block, in: scope)
            for (target, expression) in zip(targets, expressions) {
                try assign(try evaluate(expression, scope), to: target, in: inner)
            }
            return try execute(block.statements, inner)
        case .generation(let block):
            let start = output.count
            _ = try execute(block.statements, self.scope(of: block, in: scope))
            if captureDepth == 0 { generationRanges.append(start..<output.count) }
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .next
    }

    private func execute(_ statement: TemplateStatement.Loop, _ scope: TemplateScope) throws(TemplateError) {
        var elements = try elements(of: try evaluate(statement.sequence, scope))
        if let filter = statement.filter {
            var kept: [TemplateValue] = []
            for element in elements {
                let inner = TemplateScope(parent: scope)
                try assign(element, to: statement.target, in: inner)
                if try isTrue(try evaluate(filter, inner)) { kept.append(element) }
            }
            elements = kept
        }
        if elements.isEmpty {
            _ = try execute(
                statement.otherwise.statements, self.scope(of: statement.otherwise, in: scope))
            return
        }
        let loop = TemplateLoop(elements)
        for (index, element) in elements.enumerated() {
            try work.charge()
            loop.index = index
            let inner = self.scope(of: statement.body, in: scope)
            inner.values["loop"] = .loop(loop)
            try assign(element, to: statement.target, in: inner)
            if try execute(statement.body.statements, inner) == .breakLoop { break }
        }
    }

    // MARK: Macros

    func call(
        _ macro: TemplateMacro, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        let definition = macro.definition
        let scope = self.scope(of: definition.body, in: macro.scope)
        let parameters = definition.parameters
        for (parameter, value) in zip(parameters, arguments.positional) { scope.values[parameter.name] = value }
        if definition.implicitNames.contains("varargs") {
            scope.values["varargs"] = try tuple(Array(arguments.positional.dropFirst(parameters.count)))
        } else if arguments.positional.count > parameters.count {
            throw failure(
                "TypeError: the macro `\(macro.name)` takes not more than \(parameters.count) argument(s)")
        }
        var rest: [TemplateDictionary.Entry] = []
        for argument in arguments.named {
            if let index = parameters.firstIndex(where: { $0.name == argument.name }) {
                if index < arguments.positional.count {
                    throw failure("TypeError: the macro `\(macro.name)` got two values for `\(argument.name)`")
                }
                scope.values[argument.name] = argument.value
            } else if argument.name == "caller", definition.implicitNames.contains("caller") {
                scope.values["caller"] = argument.value
            } else {
                rest.append((.text(argument.name), argument.value))
            }
        }
        if definition.implicitNames.contains("kwargs") {
            scope.values["kwargs"] = try dictionary(rest)
        } else if let first = rest.first, case .text(let name) = first.key {
            throw failure("TypeError: the macro `\(macro.name)` takes no keyword argument `\(name.string)`")
        }
        if definition.implicitNames.contains("caller"), scope.values["caller"] == nil {
            scope.values["caller"] = undefined("No caller defined")
        }
        try work.enter()
        defer { work.leave() }
        for parameter in parameters where scope.values[parameter.name] == nil {
            scope.values[parameter.name] =
                try parameter.defaultValue.map { (value) throws(TemplateError) in try evaluate(value, scope) }
                ?? undefined("parameter '\(parameter.name)' was not provided")
        }
        let line = work.line
        let text = try captured { () throws(TemplateError) in _ = try execute(definition.body.statements, scope) }
        work.line = line
        return .text(text)
    }
}
