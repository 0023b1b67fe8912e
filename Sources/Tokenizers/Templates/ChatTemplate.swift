import Primitives

/// A chat template: a program in the Jinja language that prints a conversation in the format of a model.
///
/// Runs as transformers runs it (`ImmutableSandboxedEnvironment` with `trim_blocks`, `lstrip_blocks`, `break` and
/// `continue`, `tojson` without escapes for HTML, `raise_exception`, `strftime_now`, `{% generation %}`). What it does not
/// know it refuses; the same input always gives the same output. Differences from Jinja that no message announces: the
/// filter of a `for` and filters such as `map` see all elements before the loop's first round.
struct ChatTemplate: Sendable {
    private let template: TemplateBlock
    private let names: TemplateNames
    private let budget: TemplateBudget

    init(source: String, budget: TemplateBudget = TemplateBudget()) throws(TemplateError) {
        let (block, frameCount) = try TemplateParser.parse(source)
        template = block
        names = TemplateNames(block, frameCount: frameCount)
        self.budget = budget
    }

    struct Output {
        var text: TemplateText
        /// What the template put into `{% generation %}`, in scalars.
        var generationRanges: [Range<Int>]
    }

    /// What the template prints, every stretch with its origin.
    func render(
        variables: [String: TemplateValue], clock: TemplateClock = .now
    ) throws(TemplateError) -> Output {
        let evaluator = TemplateEvaluator(names: names, variables: variables, clock: clock, budget: budget)
        try evaluator.render(template)
        return Output(text: evaluator.output, generationRanges: evaluator.generationRanges)
    }

    /// What the template prints.
    func render(variables: JSONObject, clock: TemplateClock = .now) throws(TemplateError) -> String {
        let members = variables.members.map { ($0.key, TemplateValue(json: $0.value)) }
        return try render(variables: Dictionary(members) { $1 }, clock: clock).text.string
    }
}

extension TemplateValue {
    init(json: JSONValue, origin: TextOrigin = .template) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(Int(value))
        case .bigInteger(let digits): self = .bigInteger(digits)
        case .number(let value): self = .float(value)
        case .string(let value): self = .text(TemplateText(value, origin))
        case .array(let elements):
            self = .list(TemplateList(elements.map { TemplateValue(json: $0, origin: origin) }))
        case .object(let object):
            self = .dictionary(
                TemplateDictionary(
                    object.members.map {
                        (.text(TemplateText($0.key, origin)), TemplateValue(json: $0.value, origin: origin))
                    }))
        }
    }
}
