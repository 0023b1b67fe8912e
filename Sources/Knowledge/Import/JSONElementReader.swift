import Primitives
import Storage

/// The elements of the top-level arrays of a JSON object, one after the other, with memory for one of them: for files that
/// are too large to be parsed whole.
///
/// Only what the caller asks for is parsed; the rest is passed over by its brackets and strings.
final class JSONElementReader {
    struct Element {
        /// The name of the array.
        let member: String
        /// The position in the array, from 0.
        let index: Int
        /// The line on which the element begins.
        let line: Int
        let value: JSONValue
    }

    let path: String
    private let members: Set<String>
    private let stream: ByteStream
    private var piece: [UInt8] = []
    private var position = 0
    private var line = 1
    private var state = State.beforeObject
    private var found: Set<String> = []

    private enum State {
        case beforeObject, beforeKey, ended
        case inArray(member: String, index: Int)
    }

    /// - Parameter members: the arrays whose elements are wanted.
    init(path: String, members: Set<String>) throws(KnowledgeError) {
        self.path = path
        self.members = members
        do throws(StorageError) { stream = try ByteStream(path: path) } catch { throw .storage(error) }
    }

    /// The next element of a wanted array; `nil` behind the object.
    /// - Throws: a member that is missing at the end, a value that is no JSON, and a file that is cut off.
    func next() throws(KnowledgeError) -> Element? {
        while true {
            switch state {
            case .beforeObject:
                try expect(UInt8(ascii: "{"), "an object with the members \(members.sorted().joined(separator: ", "))")
                state = .beforeKey
            case .beforeKey: try readKey()
            case .inArray(let member, let index):
                if let element = try readElement(member, index) { return element }
            case .ended:
                if let missing = members.subtracting(found).min() {
                    throw failure("no member “\(missing)”", "an array “\(missing)”")
                }
                return nil
            }
        }
    }

    private func readKey() throws(KnowledgeError) {
        var byte = try significant()
        if byte == UInt8(ascii: ",") {
            position += 1
            byte = try significant()
        }
        if byte == UInt8(ascii: "}") {
            position += 1
            state = .ended
            return
        }
        guard byte == UInt8(ascii: "\""), case .string(let key) = try parse(try readValue(), at: line, "a key") else {
            throw failure("something that is no key", "a key in quotation marks")
        }
        try expect(UInt8(ascii: ":"), "a colon behind the key “\(key)”")
        let first = try significant()
        guard members.contains(key) else {
            try skipValue()
            return
        }
        guard first == UInt8(ascii: "[") else { throw failure("no array for “\(key)”", "an array") }
        position += 1
        found.insert(key)
        state = .inArray(member: key, index: 0)
    }

    private func readElement(_ member: String, _ index: Int) throws(KnowledgeError) -> Element? {
        var byte = try significant()
        if index > 0, byte == UInt8(ascii: ",") {
            position += 1
            byte = try significant()
        }
        if byte == UInt8(ascii: "]") {
            position += 1
            state = .beforeKey
            return nil
        }
        let start = line
        let value = try parse(try readValue(), at: start, "\(member)[\(index)]")
        state = .inArray(member: member, index: index + 1)
        return Element(member: member, index: index, line: start, value: value)
    }

    private func parse(_ bytes: [UInt8], at line: Int, _ what: String) throws(KnowledgeError) -> JSONValue {
        do throws(JSONError) { return try JSONValue.parse(bytes) } catch {
            throw .malformedInput(place: "\(path), line \(line), \(what)", found: "\(error)", expected: "a JSON value")
        }
    }

    // MARK: Bytes

    private func readValue() throws(KnowledgeError) -> [UInt8] {
        var bytes: [UInt8] = []
        try scanValue { bytes += $0 }
        return bytes
    }

    private func skipValue() throws(KnowledgeError) { try scanValue { _ in } }

    /// Hands on the bytes from here to the end of the value, which a bracket, a string or a separator ends.
    private func scanValue(_ take: (ArraySlice<UInt8>) -> Void) throws(KnowledgeError) {
        var depth = 0
        var isInString = false
        var isEscaped = false
        var start = position
        scanning: while true {
            if position == piece.count {
                take(piece[start...])
                guard try refill() else { throw failure("the end of the file inside a value", "the rest of it") }
                start = 0
            }
            let byte = piece[position]
            if byte == 0x0A { line += 1 }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    if depth == 0 {
                        position += 1
                        break
                    }
                }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    if depth == 0 { break scanning }
                    depth -= 1
                    if depth == 0 {
                        position += 1
                        break scanning
                    }
                case UInt8(ascii: ","): if depth == 0 { break scanning }
                default: break
                }
            }
            position += 1
        }
        take(piece[start..<position])
    }

    /// The next byte that is no space, without taking it.
    private func significant() throws(KnowledgeError) -> UInt8 {
        while true {
            if position == piece.count, try !refill() {
                throw failure("the end of the file", "the end of the object")
            }
            let byte = piece[position]
            if byte > 0x20 { return byte }
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    private func expect(_ byte: UInt8, _ what: String) throws(KnowledgeError) {
        guard try significant() == byte else {
            throw failure("“\(String(decoding: [piece[position]], as: UTF8.self))”", what)
        }
        position += 1
    }

    private func refill() throws(KnowledgeError) -> Bool {
        do throws(StorageError) {
            guard let next = try stream.next() else { return false }
            (piece, position) = (next, 0)
            return true
        } catch { throw .storage(error) }
    }

    private func failure(_ found: String, _ expected: String) -> KnowledgeError {
        .malformedInput(place: "\(path), line \(line)", found: found, expected: expected)
    }
}
