import Primitives

/// A JSON value as equality sees it: exact numbers, and members in the order of their keys' bytes.
///
/// `Primitives.JSONValue` serves the program's own files and holds numbers as integers and doubles; an answer of
/// `0.1000000000000000000001` must not equal `0.1`.
enum JSONNode: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONDecimal)
    /// UTF-8.
    case string([UInt8])
    case array([JSONNode])
    /// Keys are unique and sorted.
    case object([Member])

    struct Member: Sendable, Hashable {
        var key: [UInt8]
        var value: JSONNode
    }

    /// What kind of value this is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number(let number): number.isInteger ? "an integer" : "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    subscript(key: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return Self.value(of: Array(key.utf8), in: members)
    }

    static func value(of key: [UInt8], in members: [Member]) -> JSONNode? {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].key.lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].key == key ? members[low].value : nil
    }

    /// A value of the program's own, such as a schema's constant. `nil` for a number that is not finite.
    init?(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .number(JSONDecimal(Int(number)))
        case .bigInteger(let digits):
            let isNegative = digits.hasPrefix("-")
            let written = Array(digits.utf8.dropFirst(isNegative ? 1 : 0))
            self = .number(JSONDecimal(isNegative: isNegative, written: written, exponent: 0))
        case .number(let number):
            guard let decimal = JSONDecimal(shortestDecimalOf: number) else { return nil }
            self = .number(decimal)
        case .string(let text): self = .string(Array(text.utf8))
        case .array(let elements):
            var nodes: [JSONNode] = []
            for element in elements {
                guard let node = JSONNode(element) else { return nil }
                nodes.append(node)
            }
            self = .array(nodes)
        case .object(let object):
            var members: [Member] = []
            for (key, value) in object.members {
                guard let node = JSONNode(value) else { return nil }
                members.append(Member(key: Array(key.utf8), value: node))
            }
            self = .object(members.sorted { $0.key.lexicographicallyPrecedes($1.key) })
        }
    }
}

extension JSONNode {
    /// The canonical text: no white space, sorted keys, minimal escapes, numbers by ``JSONDecimal``.
    var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func write(to text: inout [UInt8]) {
        switch self {
        case .null: text.append(contentsOf: "null".utf8)
        case .bool(let flag): text.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number): number.write(to: &text)
        case .string(let content): Self.writeQuoted(content, to: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                element.write(to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                Self.writeQuoted(member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                member.value.write(to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    static func writeQuoted(_ content: [UInt8], to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in content {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text.append(UInt8(ascii: "\\"))
                text.append(byte)
            case 0x0A: text.append(contentsOf: "\\n".utf8)
            case 0x09: text.append(contentsOf: "\\t".utf8)
            case 0x00..<0x20:
                text.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
                text.append(contentsOf: String(byte, radix: 16).utf8)
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
