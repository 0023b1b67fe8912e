import Primitives

/// The bytes that each token stands for.
struct TokenDecoder: Sendable {
    private var bytes: [UInt8] = []
    /// Token `id` stands for `bytes[offsets[id]..<offsets[id + 1]]`; nothing for an id that is not in use.
    private var offsets: [Int32] = [0]
    private var specialTokens: Set<TokenID>

    init(vocabulary: Vocabulary, addedTokens: [AddedToken], vocabularySize: Int) {
        specialTokens = Set(addedTokens.lazy.filter(\.isSpecial).map(\.id))
        let added = Dictionary(uniqueKeysWithValues: addedTokens.map { (Int($0.id), $0.content) })
        offsets.reserveCapacity(vocabularySize + 1)
        for id in 0..<vocabularySize {
            if let entry = added[id] ?? vocabulary.entry(id) {
                bytes.append(contentsOf: ByteAlphabet.bytes(of: entry))
            }
            offsets.append(Int32(bytes.count))
        }
    }

    func isSpecial(_ token: TokenID) -> Bool { specialTokens.contains(token) }

    func byteCount(of token: TokenID) -> Int {
        guard token >= 0, Int(token) < offsets.count - 1 else { return 0 }
        return Int(offsets[Int(token) + 1] - offsets[Int(token)])
    }

    func decode(_ tokens: [TokenID], skipSpecialTokens: Bool) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(tokens.count * 4)
        for token in tokens where token >= 0 && Int(token) < offsets.count - 1 {
            if skipSpecialTokens, specialTokens.contains(token) { continue }
            let index = Int(token)
            result.append(contentsOf: bytes[Int(offsets[index])..<Int(offsets[index + 1])])
        }
        return String(decoding: result, as: UTF8.self)
    }
}
