/// The `pre_tokenizer` of a tokenizer file.
enum PreTokenizer: Sendable {
    case sequence([PreTokenizer])

    init(_ component: FileComponent) throws(TokenizerError) { self = .sequence([]) }

    /// The pieces of a normalised stretch of text, none of them empty.
    ///
    /// - Parameter isStart: whether the stretch begins the whole text, which Metaspace's `first` asks about.
    func split(_ text: AlignedText, isStart: Bool) -> [AlignedText] { [text] }
}
