import Primitives

extension RendererOptions {
    /// The members of a conversation's `options`, with what each of them means; names follow the templates and
    /// tinker-cookbook.
    static let jsonKeys: [(name: String, meaning: String)] = [
        ("add_generation_prompt", "true ends the rendering with what the policy begins its turn with; default false"),
        ("enable_thinking", "true or false; `thinking` for templates that call it so"),
        ("keep_thinking", "true keeps the thinking of earlier turns (`strip_thinking_from_history` false)"),
        ("dialect", "`hf` (the model's own template, the default) or `cookbook` (tinker-cookbook's renderer)"),
        ("date", "the day that the template prints, such as 2026-01-15 (also `current_date`)"),
        ("reasoning_effort", "`low`, `medium` or `high`"),
        ("recognize_control_tokens", "true reads control tokens in messages, as the reference does; unsafe"),
        ("template_variables", "an object of further variables of the template"),
    ]

    /// Reads the options of one conversation over these, and whether a generation prompt is asked for.
    mutating func read(_ json: JSONValue) throws(JSONError) -> Bool {
        var addsGenerationPrompt = false
        guard let members = json.objectValue?.members else {
            throw .unexpected(path: "", expected: "an object", found: json.kind)
        }
        for (key, value) in members where !value.isNull {
            switch key {
            case "add_generation_prompt": addsGenerationPrompt = try json.bool(at: key)
            case "enable_thinking", "thinking": templateVariables[key] = .bool(try json.bool(at: key))
            case "keep_thinking": keepsThinking = try json.bool(at: key)
            case "strip_thinking_from_history": keepsThinking = !(try json.bool(at: key))
            case "date", "current_date": date = try Self.date(json, key)
            case "reasoning_effort": reasoningEffort = try json.string(at: key)
            case "recognize_control_tokens": recognizesControlTokensInContent = try json.bool(at: key)
            case "template_variables":
                for (name, variable) in try json.object(at: key).members { templateVariables[name] = variable }
            case "dialect":
                let name = try json.string(at: key)
                guard let dialect = Dialect(rawValue: name) else {
                    throw .unexpected(
                        path: key, expected: Dialect.allCases.map(\.rawValue).joined(separator: " or "),
                        found: "`\(name)`")
                }
                self.dialect = dialect
            default:
                let names = Self.jsonKeys.map(\.name)
                let hint =
                    NearestName.of(key, in: names + ["thinking", "strip_thinking_from_history"]).map {
                        " (did you mean `\($0)`?)"
                    } ?? ""
                throw .unexpected(
                    path: key, expected: "one of \(names.joined(separator: ", "))\(hint)", found: "an unknown option")
            }
        }
        return addsGenerationPrompt
    }

    /// A day as year-month-day.
    private static func date(_ json: JSONValue, _ key: String) throws(JSONError) -> String {
        let text = try json.string(at: key)
        guard TemplateClock(day: text) != nil else {
            throw .unexpected(path: key, expected: "a day such as 2026-01-15", found: "`\(text)`")
        }
        return text
    }
}
