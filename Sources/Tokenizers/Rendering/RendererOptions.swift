import Primitives

/// What a recipe or a caller may ask of a renderer; every family reads what concerns it.
public struct RendererOptions: Sendable, Hashable {
    /// Whose rendering is the standard. Both are formats that models meet in practice, and they differ in places.
    public enum Dialect: String, Sendable, Hashable, CaseIterable {
        /// The Jinja template that the model's authors publish: what servers apply and what the model was trained with.
        case huggingFace = "hf"
        /// The renderers of tinker-cookbook, in which header and body of each message are encoded apart.
        case cookbook
    }

    public var dialect = Dialect.huggingFace
    /// Whether the policy thinks, in formats that leave it open; `nil` leaves it to the template's own default. A variable
    /// of the template (`enable_thinking`, `thinking`) goes before.
    public var enablesThinking: Bool?
    /// Keeps the thinking of earlier turns, so that every prompt extends the last one (`strip_thinking_from_history`
    /// false in tinker-cookbook). No published template does.
    public var keepsThinking = false
    /// The day that templates with a calendar print; the day of the call when `nil`. As year-month-day, `2026-01-15`.
    public var date: String?
    /// `reasoning_effort` of gpt-oss: `low`, `medium` or `high`.
    public var reasoningEffort: String?
    /// Recognises the names of control tokens in the text of messages, as the reference implementations do. Whoever can
    /// write into a message then can forge a turn; for comparisons only.
    public var recognizesControlTokensInContent = false
    /// Further variables of the template, by their names there.
    public var templateVariables = JSONObject()

    public init() {}

    /// - Parameter variable: the name of the template's own variable.
    func thinks(variable: String) -> Bool? { templateVariables[variable]?.boolValue ?? enablesThinking }

    /// Refuses the cookbook's dialect for a format that tinker-cookbook does not render.
    func requireHuggingFace(renderer: String, cookbookName: String? = nil) throws(TokenizerError) {
        guard dialect == .cookbook else { return }
        let advice = cookbookName.map { ", or the renderer \($0), with which tinker-cookbook renders these models" }
        throw .unrenderable(
            renderer: renderer, place: "options.dialect",
            found: "cookbook, although tinker-cookbook has no renderer of this format",
            expected: "hf" + (advice ?? ""))
    }
}
