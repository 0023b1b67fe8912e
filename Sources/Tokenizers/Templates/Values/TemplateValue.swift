/// A value of a template, as Python has it.
///
/// Lists and dictionaries never change, because the sandbox in which chat templates run refuses every method that would
/// change them; only namespaces do.
enum TemplateValue {
    case undefined(TemplateUndefined)
    case none
    case bool(Bool)
    case integer(Int)
    /// An integer beyond 64 bits that a message brought along: it can be printed, and nothing can be computed with it.
    case bigInteger(String)
    case float(Double)
    case text(TemplateText)
    /// Text marked by `safe` or `escape`: it can be printed; whatever else Python would do to it is refused.
    case markup(TemplateText)
    case list(TemplateList)
    case tuple(TemplateList)
    case dictionary(TemplateDictionary)
    /// `dict.keys()` and its like, and `range()`.
    case view(TemplateView)
    /// What `map`, `select` and their like make: to be read once.
    case iterator(TemplateIterator)
    case namespace(TemplateNamespace)
    case macro(TemplateMacro)
    case function(TemplateFunction)
    case method(TemplateMethod)
    case loop(TemplateLoop)

    static func text(_ string: String) -> TemplateValue { .text(TemplateText(string)) }

    static var emptyText: TemplateValue { .text(TemplateText()) }

    /// How deep containers nest in this value.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .view(let view): view.elements.depth
        case .iterator(let iterator): iterator.depth
        case .method(let method): method.receiver.depth + 1
        default: 0
        }
    }

    /// The name of the Python type, for messages.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer, .bigInteger: "int"
        case .float: "float"
        case .text: "str"
        case .markup: "Markup"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .view(let view): view.kind.rawValue
        case .iterator: "generator"
        case .namespace: "Namespace"
        case .macro: "Macro"
        case .function: "function"
        case .method: "builtin_function_or_method"
        case .loop: "LoopContext"
        }
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }
    var isNone: Bool { if case .none = self { true } else { false } }
}

/// The value of what is not there; using it in most ways is an error.
struct TemplateUndefined {
    var message: String
}

struct TemplateList {
    let elements: [TemplateValue]
    let depth: Int

    init(_ elements: [TemplateValue]) {
        self.elements = elements
        depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
    }
}

/// Members in the order in which their keys were first written. Keys are compared by the evaluator.
struct TemplateDictionary {
    typealias Entry = (key: TemplateValue, value: TemplateValue)

    let entries: [Entry]
    let depth: Int

    init(_ entries: [Entry]) {
        self.entries = entries
        depth = 1 + (entries.lazy.map { max($0.key.depth, $0.value.depth) }.max() ?? 0)
    }

    subscript(key: TemplateText) -> TemplateValue? {
        for entry in entries { if case .text(let text) = entry.key, text == key { return entry.value } }
        return nil
    }
}

struct TemplateView {
    enum Kind: String {
        case keys = "dict_keys"
        case values = "dict_values"
        case items = "dict_items"
        case range
    }

    var kind: Kind
    var elements: TemplateList
}

final class TemplateIterator {
    private var elements: [TemplateValue]
    let depth: Int

    init(_ elements: [TemplateValue]) {
        self.elements = elements
        depth = TemplateList(elements).depth
    }

    /// All that is left; nothing the next time.
    func drain() -> [TemplateValue] {
        defer { elements = [] }
        return elements
    }

    func next() -> TemplateValue? { elements.isEmpty ? nil : elements.removeFirst() }
}

final class TemplateNamespace {
    var attributes: [(name: String, value: TemplateValue)] = []

    subscript(name: String) -> TemplateValue? {
        get { attributes.first { $0.name == name }?.value }
        set {
            guard let newValue else { return }
            if let index = attributes.firstIndex(where: { $0.name == name }) {
                attributes[index].value = newValue
            } else {
                attributes.append((name, newValue))
            }
        }
    }
}

final class TemplateMacro {
    let name: String
    let definition: TemplateStatement.Macro
    let scope: TemplateScope

    init(name: String, definition: TemplateStatement.Macro, scope: TemplateScope) {
        self.name = name
        self.definition = definition
        self.scope = scope
    }
}

/// The functions that every template finds.
enum TemplateFunction: String, CaseIterable {
    case range, dict, namespace
    case raiseException = "raise_exception"
    case strftimeNow = "strftime_now"
    /// Jinja has these as well; here they are refused when called.
    case lipsum, cycler, joiner
}

final class TemplateMethod {
    let receiver: TemplateValue
    let name: String

    init(receiver: TemplateValue, name: String) {
        self.receiver = receiver
        self.name = name
    }
}

/// The variable `loop` within a loop.
final class TemplateLoop {
    let elements: [TemplateValue]
    /// Of the round under way.
    var index = 0
    /// The arguments of the last call of `changed`.
    var lastChange: [TemplateValue]?

    init(_ elements: [TemplateValue]) { self.elements = elements }
}

/// The positional and named arguments of a call.
struct TemplateArguments {
    var positional: [TemplateValue] = []
    var named: [(name: String, value: TemplateValue)] = []

    /// The arguments by the parameters' names, in their order; `nil` where none was given.
    func bound(
        to parameters: [String], required: Int = 0, of function: String, _ work: TemplateWork
    ) throws(TemplateError) -> [TemplateValue?] {
        guard positional.count <= parameters.count else {
            throw work.failure(
                "TypeError: \(function) takes at most \(parameters.count) arguments (\(positional.count) given)")
        }
        var values: [TemplateValue?] = positional
        values += Array(repeating: nil, count: parameters.count - positional.count)
        for argument in named {
            guard let index = parameters.firstIndex(of: argument.name) else {
                throw work.failure("TypeError: \(function) has no argument `\(argument.name)`")
            }
            if values[index] != nil { throw work.failure("TypeError: \(function) is given `\(argument.name)` twice") }
            values[index] = argument.value
        }
        for index in 0..<required where values[index] == nil {
            throw work.failure("TypeError: \(function) needs its argument `\(parameters[index])`")
        }
        return values
    }
}

/// The variables of a stretch of a template. A variable that is set is set in the innermost scope.
final class TemplateScope {
    let parent: TemplateScope?
    var values: [String: TemplateValue] = [:]
    /// Names that mean nothing here until they are set, even if the caller passed a variable of that name.
    let masked: Set<String>

    init(parent: TemplateScope?, masked: Set<String> = []) {
        self.parent = parent
        self.masked = masked
    }
}
