import Knowledge
import Primitives
import Retrieval

/// `read_document`: a document of the private index, page by page.
///
/// A page ends where a sentence ends. Offsets are UTF-8 bytes of the document's text; any offset is accepted, and the page
/// begins at the character that it falls into.
public struct DocumentReaderTool: TypedTool {
    public struct Arguments: ToolArguments {
        public var id: String
        public var offset: Int

        public static let parameters: [ToolParameter] = [
            ToolParameter("id", .text(maximumLength: 300), "The document's id, as medical_search gives it."),
            ToolParameter(
                "offset", .integer(0...1_000_000_000), "Where to go on, as the page before says; 0 if not given.",
                isRequired: false),
        ]

        public init(_ values: JSONValue) throws(ToolFailure) {
            id = values["id"]?.stringValue ?? ""
            offset = values["offset"]?.doubleValue.map { Int($0) } ?? 0
        }
    }

    public let name = "read_document"
    public let purpose = "Shows a document of the medical library, a page at a time."
    private let index: RetrievalIndex
    private let pageBytes: Int

    /// - Parameter pageBytes: the most bytes of text that one page shows, at least 64.
    public init(index: RetrievalIndex, pageBytes: Int = 4000) {
        self.index = index
        self.pageBytes = max(64, pageBytes)
    }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        guard let document = index.document(id: arguments.id) else {
            throw ToolFailure(
                .notFound, "there is no document \"\(arguments.id)\"; expected an id that medical_search returned")
        }
        let bytes = Array(document.text.utf8)
        guard arguments.offset < max(bytes.count, 1) else {
            throw ToolFailure(
                .invalidCall, "the offset \(arguments.offset) is behind the end; the document has \(bytes.count) bytes")
        }
        var start = arguments.offset
        while start > 0, start < bytes.count, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        // No page needs more of the text than this to know where it ends.
        var limit = min(bytes.count, start + pageBytes * 2)
        while limit < bytes.count, bytes[limit] & 0xC0 == 0x80 { limit += 1 }
        let rest = String(decoding: bytes[start..<limit], as: UTF8.self)
        let page = TextChunker(maximumBytes: pageBytes, overlapBytes: 0).chunks(of: rest).first ?? 0..<0
        let end = start + page.upperBound
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        var lines = [document.title.isEmpty ? document.id : document.title]
        if start > 0 { lines[0] += " (from byte \(start))" }
        lines.append(text.trimmingSpace)
        if end < bytes.count {
            lines.append("(\(bytes.count - end) more bytes; go on with offset \(end))")
        }
        return ToolResult(content: lines.joined(separator: "\n"), citations: [RetrieverTool.citation(document)])
    }
}

extension String {
    fileprivate var trimmingSpace: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
