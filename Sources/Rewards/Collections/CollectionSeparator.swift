/// What stands between the elements of a collection.
enum CollectionSeparator: Sendable, Hashable {
    /// `;` where there is one, else lines, else `,` with ` and ` or ` & ` before the last element.
    case automatic
    case newline
    /// `×`, `*`, `·`, `\times`, `\cdot`, or a lone `x`; an element `p^k` stands for k elements p.
    case product
    /// The bytes as they are.
    case literal([UInt8])

    init(_ text: String) throws(RewardError) {
        switch text {
        case "automatic": self = .automatic
        case "newline", "\n": self = .newline
        case "×", "*", "product": self = .product
        case "": throw .invalidPolicy(field: "separator", found: "\"\"", expected: "a separator")
        default: self = .literal(Array(text.utf8))
        }
    }

    private static let multiplicationSigns: [[UInt8]] = [
        "×", "·", "⋅", "∗", "\\times", "\\cdot", " x ", " X ",
    ].map { Array($0.utf8) }

    /// The end of this separator where it stands at `index`; never for the kinds that are not declared by a sign.
    func match(in bytes: [UInt8], at index: Int, before limit: Int) -> Int? {
        switch self {
        case .automatic, .newline: return nil
        case .literal(let sign):
            return Self.stands(sign, in: bytes, at: index, before: limit) ? index + sign.count : nil
        case .product:
            let byte = bytes[index]
            if byte == UInt8(ascii: "*") {
                let isPower =
                    index + 1 < limit && bytes[index + 1] == byte || index > 0 && bytes[index - 1] == byte
                return isPower ? nil : index + 1
            }
            guard byte >= 0x80 || byte == UInt8(ascii: "\\") || byte == 0x20 else { return nil }
            for sign in Self.multiplicationSigns where Self.stands(sign, in: bytes, at: index, before: limit) {
                return index + sign.count
            }
            return nil
        }
    }

    private static func stands(_ sign: [UInt8], in bytes: [UInt8], at index: Int, before limit: Int) -> Bool {
        guard limit - index >= sign.count else { return false }
        for offset in sign.indices where bytes[index + offset] != sign[offset] { return false }
        return true
    }
}
