/// How much one rendering may do before it is given up, so that no template hangs or exhausts memory.
struct TemplateBudget: Sendable, Hashable {
    /// Evaluated nodes, loop rounds, and handled scalars of text at a sixteenth each.
    var work = 40_000_000
    /// Scalars of one text, the output included.
    var textLength = 32_000_000
    /// Expressions, statements and macro calls within one another.
    var depth = 400
    /// Lists and dictionaries within one another; more than JSON may nest.
    var nesting = 600
}

/// Counts the work of one rendering.
final class TemplateWork {
    let budget: TemplateBudget
    private var remaining: Int
    private var depth = 0
    /// Where the template is at work.
    var line = 1

    init(_ budget: TemplateBudget) {
        self.budget = budget
        remaining = budget.work
    }

    func charge(_ units: Int = 1) throws(TemplateError) {
        remaining -= units
        if remaining < 0 { throw failure("the template works too long", .budget) }
    }

    func charge(scalars: Int) throws(TemplateError) {
        if scalars > budget.textLength { throw failure("a text of \(scalars) scalars", .budget) }
        try charge(1 + scalars / 16)
    }

    func enter() throws(TemplateError) {
        depth += 1
        if depth > budget.depth { throw failure("more than \(budget.depth) constructs within one another", .budget) }
    }

    func leave() { depth -= 1 }

    func checkNesting(_ depth: Int) throws(TemplateError) {
        if depth > budget.nesting { throw failure("more than \(budget.nesting) nested containers", .budget) }
    }

    func failure(_ message: String, _ kind: TemplateError.Kind = .evaluation) -> TemplateError {
        TemplateError(kind: kind, line: line, message: message)
    }
}
