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
    private var specialTokens: Set<TokenID>

    init(decoder: Decoder, vocabulary: Vocabulary, addedTokens: [AddedToken], vocabularySize: Int) {
        self.decoder = decoder
        isByteLevel = decoder.isByteLevel
        specialTokens = Set(addedTokens.lazy.filter(\.isSpecial).map(\.id))
        let added = Dictionary(addedTokens.map { (Int($0.id), $0.content) }) { $1 }
        offsets.reserveCapacity(vocabularySize + 1)
        isUsed.reserveCapacity(vocabularySize)
        bytes.reserveCapacity(vocabularySize * 8)
        var isAdded = [Bool](repeating: false, count: vocabularySize)
        for id in added.keys where id < vocabularySize { isAdded[id] = true }
        for id in 0..<vocabularySize {
            let name = isAdded[id] ? added[id].map { Array($0.utf8)[...] } : nil
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

    func isSpecial(_ token: TokenID) -> Bool { specialTokens.contains(token) }

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
            if skipSpecialTokens, specialTokens.contains(token) { continue }
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
