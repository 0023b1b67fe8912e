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
            raw(",\"tool_calls\":")
            bytes.append(contentsOf: JSONValue.array(message.toolCalls.map(\.json)).serialized())
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

    private mutating func raw(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    private mutating func append(_ text: String) {
        raw("\"")
        var text = text
        text.withUTF8 { appendEscaped($0) }
        raw("\"")
    }

    /// Copies runs of bytes that need no escape at once.
    private mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in 0..<text.count {
            let byte = text[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            start = index + 1
            // Rare, so the general serializer may say how: a quoted text of one character, without its quotes.
            bytes.append(
                contentsOf: JSONValue.string(String(UnicodeScalar(byte))).serialized().dropFirst().dropLast())
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
}
