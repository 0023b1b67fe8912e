/// Finds the number that is the `id` of a JSON-RPC message too large or too damaged to be parsed, so that the call which
/// waits for it can fail at once.
///
/// Only a member of the outermost object counts, never one inside a result. Takes the message in pieces and holds a few
/// bytes.
struct MessageIDScanner {
    /// The first integer found as the outermost object's `id`.
    private(set) var id: Int?
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var expectsKey = false
    /// The string being read where it is a key of the outermost object; longer ones are cut.
    private var key: [UInt8] = []
    private var isValueOfID = false
    private var digits: [UInt8] = []

    mutating func scan(_ bytes: some Sequence<UInt8>) {
        for byte in bytes where id == nil { scan(byte) }
    }

    private mutating func scan(_ byte: UInt8) {
        if isInString {
            scanString(byte)
            return
        }
        if isValueOfID, byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte) {
            if digits.count < 20 { digits.append(byte) }
            return
        }
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            isValueOfID = false
            key = []
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            depth += 1
            expectsKey = depth == 1 && byte == UInt8(ascii: "{")
            isValueOfID = false
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            endNumber()
            depth -= 1
        case UInt8(ascii: ","):
            endNumber()
            if depth == 1 { expectsKey = true }
        case UInt8(ascii: ":") where depth == 1 && expectsKey:
            expectsKey = false
            isValueOfID = key == Array("id".utf8)
            digits = []
        case 0x20, 0x09, 0x0A, 0x0D: break
        default: isValueOfID = false
        }
    }

    private mutating func scanString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
            return
        }
        if depth == 1, expectsKey, key.count < 8 { key.append(byte) }
    }

    private mutating func endNumber() {
        if isValueOfID { id = Int(String(decoding: digits, as: UTF8.self)) }
        isValueOfID = false
    }
}
