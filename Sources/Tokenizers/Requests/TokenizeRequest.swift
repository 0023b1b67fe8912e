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
        content = settings.decodes ? .ids(try Self.ids(json)) : .text(try json.string(at: "text"))
        id = json["id"]
    }

    /// As in the reference, ids that no token has are decoded to nothing, and ids are unsigned.
    private static func ids(_ json: JSONValue) throws(JSONError) -> [TokenID] {
        let elements = try json.array(at: "ids")
        var ids: [TokenID] = []
        ids.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard case .integer(let value) = element, let id = UInt32(exactly: value) else {
                throw .unexpected(
                    path: "ids[\(index)]", expected: "a token id, an integer from 0 to \(UInt32.max)",
                    found: element.doubleValue == nil ? element.kind : element.text)
            }
            ids.append(TokenID(exactly: id) ?? unknownID)
        }
        return ids
    }

    private static let unknownID: TokenID = -1

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
