import Primitives

/// What each token says, and how these texts become the text of a sequence.
struct TokenDecoder: Sendable {
    let decoder: Decoder
    /// Whether ``bytes(of:)`` are the bytes that tokens stand for, rather than texts that the decoder goes on with.
    let isByteLevel: Bool
    private var bytes: [UInt8] = []
    /// Token `id` says `bytes[offsets[id]..<offsets[id + 1]]`.
    private var offsets: [Int32] = [0]
    private var isUsed: [Bool] = []
    /// What `skipSpecialTokens` leaves out.
    private var skippedTokens: Set<TokenID> = []

    init(decoder: Decoder, vocabulary: Vocabulary, addedVocabulary: AddedVocabulary, vocabularySize: Int) {
        self.decoder = decoder
        isByteLevel = decoder.isByteLevel
        // A token that is looked for in normalised text is written in its normalised form. Whether it is left out depends
        // on that form being the name of a special token, as in Hugging Face.
        let added = Dictionary(zip(addedVocabulary.tokens.map { Int($0.id) }, addedVocabulary.spellings)) { $1 }
        let specialNames = Set(addedVocabulary.tokens.lazy.filter(\.isSpecial).map { Array($0.content.utf8) })
        skippedTokens = Set(added.lazy.filter { specialNames.contains($0.value) }.map { TokenID($0.key) })
        offsets.reserveCapacity(vocabularySize + 1)
        isUsed.reserveCapacity(vocabularySize)
        bytes.reserveCapacity(vocabularySize * 8)
        var isAdded = [Bool](repeating: false, count: vocabularySize)
        for id in added.keys where id < vocabularySize { isAdded[id] = true }
        for id in 0..<vocabularySize {
            let name = isAdded[id] ? added[id]?[...] : nil
            if let entry = name ?? vocabulary.utf8(id) {
                if !isByteLevel || !ByteAlphabet.appendBytes(of: entry, to: &bytes) {
                    bytes.append(contentsOf: entry)
                }
                isUsed.append(true)
            } else {
                isUsed.append(false)
            }
            offsets.append(Int32(bytes.count))
        }
    }

    func isSkipped(_ token: TokenID) -> Bool { skippedTokens.contains(token) }

    /// `nil` for an id that is not in use.
    func bytes(of token: TokenID) -> ArraySlice<UInt8>? {
        guard token >= 0, Int(token) < isUsed.count, isUsed[Int(token)] else { return nil }
        return bytes[Int(offsets[Int(token)])..<Int(offsets[Int(token) + 1])]
    }

    func byteCount(of token: TokenID) -> Int { bytes(of: token)?.count ?? 0 }

    func decode(_ tokens: [TokenID], skipSpecialTokens: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(tokens.count * 4)
        var steps = isByteLevel ? nil : DecoderPipeline(decoder)
        for token in tokens {
            if skipSpecialTokens, skippedTokens.contains(token) { continue }
            guard let text = bytes(of: token) else { continue }
            if isByteLevel {
                result.append(contentsOf: text)
            } else if let certain = steps?.append(token: Array(text)) {
                result.append(contentsOf: certain)
            }
        }
        if let rest = steps?.finish() { result.append(contentsOf: rest) }
        return String(decoding: result, as: UTF8.self)
    }
}
