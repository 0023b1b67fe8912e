import Primitives

/// What takes long to make from the `model` of a tokenizer file, ready for use.
struct TokenizerTables: Sendable {
    /// The file without its vocabulary and merges, which the tables hold.
    var rest: [UInt8]
    var vocabulary: Vocabulary
    var merges: MergeTable
    var wholePieces: WholePieceTable

    /// The file with an empty vocabulary and no merges.
    static func withoutModel(_ json: JSONValue) -> JSONValue {
        func replacing(_ value: JSONValue?, _ replacement: (String, JSONValue) -> JSONValue) -> JSONValue {
            let members = value?.objectValue?.members ?? []
            return .object(
                JSONObject(uniqueKeysWithValues: members.map { (key: $0.key, value: replacement($0.key, $0.value)) }))
        }
        return replacing(json) { key, value in
            guard key == "model" else { return value }
            return replacing(value) { key, value in key == "vocab" ? [:] : key == "merges" ? [] : value }
        }
    }
}
