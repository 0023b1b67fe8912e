/// The `normalizer` of a tokenizer file.
enum Normalizer: Sendable {
    case sequence([Normalizer])
    case canonicalComposition

    init(_ component: FileComponent) throws(TokenizerError) {
        if component.isAbsent {
            self = .sequence([])
        } else {
            try component.require(type: "NFC", members: [])
            self = .canonicalComposition
        }
    }

    func normalize(_ text: inout AlignedText) {}
}
