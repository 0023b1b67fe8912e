/// The answer that an extraction found in a text.
public struct ExtractedAnswer: Sendable, Hashable {
    /// The bytes of the text that hold the answer; from the first to the last piece of an assembled one.
    public var span: Range<Int>
    /// The answer: the bytes of the span, or what was assembled from its pieces.
    public var bytes: [UInt8]
    /// What was recognised or changed on the way, as noun phrases.
    public var rules: [String]

    init(span: Range<Int>, bytes: [UInt8], rules: [String] = []) {
        self.span = span
        self.bytes = bytes
        self.rules = rules
    }

    /// The span of the text as it stands.
    init(_ span: Range<Int>, of text: [UInt8], rules: [String] = []) {
        self.init(span: span, bytes: Array(text[span]), rules: rules)
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
