import Primitives

extension JSONValue {
    /// A text, or a number as it is written; `nil` for an empty text.
    var plain: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .integer, .bigInteger, .number: text
        default: nil
        }
    }

    /// An integer, or a text that is one: several sources write numbers as texts.
    var count: Int? { integerValue ?? stringValue.flatMap { Int($0) } }

    /// The member at the end of a path of keys.
    func at(_ path: String...) -> JSONValue? {
        path.reduce(Optional(self)) { $0?[$1] }
    }

    /// The texts of an array, or the text itself.
    var texts: [String] { arrayValue?.compactMap(\.plain) ?? plain.map { [$0] } ?? [] }
}
