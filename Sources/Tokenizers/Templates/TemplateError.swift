/// Why a chat template could not be read or run.
struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: String, Sendable, Hashable {
        /// The source is no template.
        case syntax = "syntax error"
        /// The template uses something of Jinja that this interpreter does not have.
        case unsupported
        /// The template called `raise_exception`.
        case raised = "the template refuses"
        /// What Jinja or Python would raise as well.
        case evaluation = "error"
        /// The template did more work than it may.
        case budget = "budget exceeded"
    }

    var kind: Kind
    /// Counted from 1.
    var line: Int
    var message: String

    var description: String { "line \(line): \(kind.rawValue): \(message)" }
}
