import Primitives

/// One line of `medresearcher tokenize`: a text to encode, or ids to decode.
public struct TokenizeRequest: Sendable {
    public struct Settings: Sendable {
        /// Decodes `ids` instead of encoding `text`.
        public var decodes = false
        /// The names of special tokens are plain text when encoding.
        public var splitsSpecialTokens = false
        /// Adds what the file's post-processor adds at the beginning and the end.
        public var addsSpecialTokens = false
        /// Leaves special tokens out when decoding.
        public var skipsSpecialTokens = false
        /// Adds the byte range of each token.
        public var showsOffsets = false

        public init() {}

        public func encode(_ text: String, with tokenizer: Tokenizer) -> [TokenID] {
            tokenizer.encode(text, splitSpecialTokens: splitsSpecialTokens, addSpecialTokens: addsSpecialTokens)
        }
    }

    private let id: JSONValue?
    private let content: Content

    private enum Content: Sendable {
        case text(String)
        case ids([TokenID])
    }

    /// Reads `{"id"?, "text"}`, or `{"id"?, "ids"}` where ids are decoded. Other members are ignored, so that files with
    /// expected values can be given as they are.
    public init(json: JSONValue, settings: Settings) throws(JSONError) {
        content = settings.decodes ? .ids(try json.tokens(at: "ids")) : .text(try json.string(at: "text"))
        id = json["id"]
    }

    /// `{"id"?, "ids"[, "offsets"]}` or `{"id"?, "text"}`.
    public func answer(by tokenizer: Tokenizer, settings: Settings) -> JSONValue {
        var object: JSONObject = id.map { ["id": $0] } ?? [:]
        switch content {
        case .ids(let ids):
            object["text"] = .string(tokenizer.decode(ids, skipSpecialTokens: settings.skipsSpecialTokens))
        case .text(let text) where settings.showsOffsets:
            let encoding = tokenizer.encodeWithOffsets(text, splitSpecialTokens: settings.splitsSpecialTokens)
            object["ids"] = .tokens(encoding.ids)
            object["offsets"] = .array(
                encoding.offsets.map { [.integer($0.lowerBound), .integer($0.upperBound)] })
        case .text(let text):
            object["ids"] = .tokens(settings.encode(text, with: tokenizer))
        }
        return .object(object)
    }
}
