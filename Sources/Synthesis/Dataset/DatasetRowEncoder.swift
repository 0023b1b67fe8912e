import Primitives

/// Writes the rows of a data set straight into bytes: the same bytes as `DatasetExample.json(tools:).serialized()`.
///
/// Messages are most of a row, so they are written without a tree of JSON values; the tools' JSON is made once.
struct DatasetRowEncoder {
    private let tools: [UInt8]
    private(set) var bytes: [UInt8] = []

    init(tools: [JSONValue]) { self.tools = JSONValue.array(tools).serialized() }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Appends one row and a line feed.
    mutating func append(_ example: DatasetExample) {
        bytes.append(contentsOf: JSONValue.object(example.head).serialized().dropLast())
        raw(",\"messages\":[")
        for (index, message) in example.messages.enumerated() {
            if index > 0 { raw(",") }
            append(message)
        }
        raw("],\"tools\":")
        bytes.append(contentsOf: tools)
        raw(",")
        bytes.append(contentsOf: JSONValue.object(example.tail).serialized().dropFirst())
        raw("\n")
    }

    private mutating func append(_ message: Message) {
        raw("{\"role\":\"")
        bytes.append(contentsOf: message.role.rawValue.utf8)
        if message.isContentNull {
            raw("\",\"content\":null")
        } else {
            raw("\",\"content\":")
            append(message.content)
        }
        if let thinking = message.thinking {
            raw(",\"reasoning_content\":")
            append(thinking)
        }
        if !message.toolCalls.isEmpty {
            raw(",\"tool_calls\":[")
            for (index, call) in message.toolCalls.enumerated() {
                if index > 0 { raw(",") }
                append(call)
            }
            raw("]")
        }
        if let name = message.name {
            raw(",\"name\":")
            append(name)
        }
        if let id = message.toolCallID {
            raw(",\"tool_call_id\":")
            append(id)
        }
        raw("}")
    }

    private mutating func append(_ call: ToolCall) {
        raw("{")
        if let id = call.id {
            raw("\"id\":")
            append(id)
            raw(",")
        }
        raw("\"type\":\"function\",\"function\":{\"name\":")
        append(call.name)
        raw(",\"arguments\":")
        bytes.append(contentsOf: call.arguments.serialized())
        raw("}}")
    }

    private mutating func raw(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    private mutating func append(_ text: String) {
        raw("\"")
        var text = text
        text.withUTF8 { appendEscaped($0) }
        raw("\"")
    }

    /// Whether 8 bytes need no escape. A byte of `x − 0x01…` or `x − 0x20…` borrows its high bit exactly where it was too
    /// small, up to borrows from such a byte below, which only make the answer a cautious no.
    private static func isPlain(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        guard let base = text.baseAddress else { return false }
        let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let control = (word &- ones &* 0x20) & ~word
        return (control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & (ones &* 0x80) == 0
    }

    /// Copies runs of bytes that need no escape at once.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = 0
        while index < text.count {
            if index &+ 8 <= text.count, Self.isPlain(text, at: index) {
                index &+= 8
                continue
            }
            let byte = text[index]
            index &+= 1
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index - 1]))
            start = index
            // Rare, so the general serializer may say how: a quoted text of one character, without its quotes.
            bytes.append(
                contentsOf: JSONValue.string(String(UnicodeScalar(byte))).serialized().dropFirst().dropLast())
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
}
