/// One token of a template's source.
struct TemplateToken: Sendable {
    enum Kind: Sendable, Hashable {
        case data([Unicode.Scalar])
        case variableBegin, variableEnd, blockBegin, blockEnd
        case name(String)
        case string([Unicode.Scalar])
        case integer(Int)
        case float(Double)
        case symbol(String)
        case end
    }

    var kind: Kind
    var line: Int

    /// For messages.
    var spelling: String {
        switch kind {
        case .data: "text"
        case .variableBegin: "{{"
        case .variableEnd: "}}"
        case .blockBegin: "{%"
        case .blockEnd: "%}"
        case .name(let name): name
        case .string(let scalars): "'\(TemplateText.string(scalars[...]))'"
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .symbol(let symbol): symbol
        case .end: "the end of the template"
        }
    }
}
