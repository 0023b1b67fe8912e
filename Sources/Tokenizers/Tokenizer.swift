import Primitives

/// A tokenizer in the format of Hugging Face (`tokenizer.json`), with the same ids for every text.
///
/// Safe to use from many tasks at once.
public final class Tokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let addedVocabulary: AddedVocabulary
    /// Finds the names of all added tokens as they are written.
    let nameMatcher: AddedTokenMatcher
    private let general: GeneralEncoder
    /// The fast form of the same encoding, where the file allows it.
    let byteLevel: ByteLevelEncoder?
    private let workspaces: EncodingWorkspaces
    private let postProcessor: PostProcessor
    private let limits: LengthLimits
    private let decoder: TokenDecoder
    private let specialTokens: Set<TokenID>

    /// One more than the largest id, added tokens included.
    public let vocabularySize: Int

    /// Takes the content of a `tokenizer.json`. `source` names it in errors.
    public convenience init(json: JSONValue, source: String = "tokenizer.json") throws(TokenizerError) {
        self.init(try TokenizerFile(json, source: source))
    }

    /// - Parameter cachesPieces: whether the fast form remembers the ids of pieces.
    init(_ file: TokenizerFile, cachesPieces: Bool = true) {
        workspaces = EncodingWorkspaces(cachesPieces: cachesPieces)
        vocabulary = file.model.vocabulary
        addedVocabulary = file.addedVocabulary
        nameMatcher = AddedTokenMatcher(
            addedVocabulary.tokens.map { AddedToken(id: $0.id, content: $0.content, isSpecial: $0.isSpecial) })
        general = GeneralEncoder(
            addedVocabulary: addedVocabulary, normalizer: file.normalizer, preTokenizer: file.preTokenizer,
            model: file.model)
        byteLevel = file.byteLevel?.encoder
        postProcessor = file.postProcessor
        limits = file.limits
        specialTokens = Set(addedVocabulary.tokens.lazy.filter(\.isSpecial).map(\.id))
        vocabularySize = max(vocabulary.idLimit, (addedVocabulary.tokens.map { Int($0.id) }.max() ?? -1) + 1)
        decoder = TokenDecoder(
            decoder: file.decoder, vocabulary: vocabulary, addedVocabulary: addedVocabulary,
            vocabularySize: vocabularySize)
    }

    // MARK: Encoding

    /// The ids of a text.
    ///
    /// A file may limit and pad the length of what this returns (`truncation`, `padding`).
    ///
    /// - Parameters:
    ///   - splitSpecialTokens: when true, the name of a special token (`<|im_end|>`) in the text is encoded as the plain
    ///     text that it is, never as that token; added tokens that are not special are still recognised, as in Hugging
    ///     Face. When false, every added token is recognised.
    ///   - addSpecialTokens: puts the tokens around the text that the file's `post_processor` asks for.
    public func encode(_ text: String, splitSpecialTokens: Bool = true, addSpecialTokens: Bool = false) -> [TokenID] {
        let ids = encode(text, recognizing: splitSpecialTokens ? .ordinary : .all)
        if !addSpecialTokens, limits.isEmpty { return ids }
        var encoding = Encoding(ids: ids)
        limits.truncate(&encoding, reserved: addSpecialTokens ? postProcessor.addedCount : 0)
        postProcessor.process(&encoding, addsTokens: addSpecialTokens, trimming: nil)
        limits.pad(&encoding, keepsOffsets: false)
        return encoding.ids
    }

    /// The ids of a text in which the names of added tokens, special or not, are nothing but text.
    public func encodePlainText(_ text: String) -> [TokenID] { encode(text, recognizing: .none) }

    /// The ids of a text, each with the bytes that it stands for. Parameters as in ``encode(_:splitSpecialTokens:addSpecialTokens:)``.
    public func encodeWithOffsets(
        _ text: String, splitSpecialTokens: Bool = true, addSpecialTokens: Bool = false
    ) -> Encoding {
        var encoding = encodeWithOffsets(text, recognizing: splitSpecialTokens ? .ordinary : .all)
        limits.truncate(&encoding, reserved: addSpecialTokens ? postProcessor.addedCount : 0)
        var text = text
        text.withUTF8 { utf8 in
            let added = Set(addedTokens.map(\.id))
            let trimming = OffsetTrimming(text: utf8) { added.contains($0) ? nil : self.vocabulary.entry(Int($0)) }
            postProcessor.process(&encoding, addsTokens: addSpecialTokens, trimming: trimming)
        }
        limits.pad(&encoding, keepsOffsets: true)
        return encoding
    }

    /// The ids of a text without any token around it, of any length.
    func encode(_ text: String, recognizing policy: AddedTokenMatcher.Policy) -> [TokenID] {
        var text = text
        guard let byteLevel else {
            return text.withUTF8 { utf8 in
                workspaces.withWorkspace { workspace in
                    general.encode(utf8, recognizing: policy, in: workspace)
                    return workspace.takeIDs()
                }
            }
        }
        return text.withUTF8 { utf8 in
            workspaces.withWorkspace { workspace in
                addedVocabulary.rawMatcher.cut(utf8, policy: policy) { id, _ in
                    workspace.append(id)
                } stretch: { range in
                    encode(UnsafeBufferPointer(rebasing: utf8[range]), byteLevel, policy, in: workspace)
                }
                return workspace.takeIDs()
            }
        }
    }

    /// Encodes what lies between added tokens of the text as it is.
    private func encode(
        _ stretch: UnsafeBufferPointer<UInt8>, _ byteLevel: ByteLevelEncoder, _ policy: AddedTokenMatcher.Policy,
        in workspace: EncodingWorkspace
    ) {
        let matcher = addedVocabulary.normalizedMatcher
        if matcher.isEmpty { return byteLevel.encode(stretch, in: workspace) }
        func encodeNormalized(_ utf8: UnsafeBufferPointer<UInt8>) {
            matcher.cut(utf8, policy: policy) { id, _ in
                workspace.append(id)
            } stretch: { range in
                // Any part of text in normalisation form C is in that form.
                byteLevel.encode(UnsafeBufferPointer(rebasing: utf8[range]), in: workspace)
            }
        }
        if byteLevel.composes, let composed = CanonicalComposition.composed(stretch) {
            composed.withUnsafeBufferPointer(encodeNormalized)
        } else {
            encodeNormalized(stretch)
        }
    }

    /// As ``encode(_:recognizing:)``; every token counts the spaces that it stands for.
    func encodeWithOffsets(_ text: String, recognizing policy: AddedTokenMatcher.Policy) -> Encoding {
        quickOffsets(text, recognizing: policy) ?? encodeGenerally(text, recognizing: policy, keepsOffsets: true)
    }

    /// Encodes by every step of the file in turn, which is what the fast form must agree with.
    func encodeGenerally(
        _ text: String, recognizing policy: AddedTokenMatcher.Policy, keepsOffsets: Bool
    ) -> Encoding {
        var text = text
        var encoding = Encoding()
        text.withUTF8 { utf8 in
            general.encode(utf8, recognizing: policy, keepsOffsets: keepsOffsets) { id, range in
                encoding.ids.append(id)
                if keepsOffsets { encoding.offsets.append(range) }
            }
        }
        return encoding
    }

    /// The pieces within which the model works, as the reference's pre-tokenizer leaves them.
    func preTokens(_ text: String) -> [String] { general.pieces(text) }

    /// Where tokens and normalisation leave every byte in its place, tokens stand for consecutive bytes. `nil` elsewhere.
    private func quickOffsets(_ text: String, recognizing policy: AddedTokenMatcher.Policy) -> Encoding? {
        guard let byteLevel, decoder.isByteLevel, addedVocabulary.areLiteral else { return nil }
        var text = text
        let isKept = text.withUTF8 { utf8 in
            !byteLevel.composes || CanonicalComposition.composed(utf8)?.elementsEqual(utf8) ?? true
        }
        guard isKept else { return nil }
        let ids = encode(text, recognizing: policy)
        return text.withUTF8 { utf8 in
            var offsets: [Range<Int>] = []
            offsets.reserveCapacity(ids.count)
            var end = 0
            for id in ids {
                var start = end
                end += byteCount(of: id)
                guard end <= utf8.count else { return nil }
                // A token within a scalar counts all of it.
                while start > 0, start < utf8.count, utf8[start] & 0xC0 == 0x80 { start -= 1 }
                var scalarEnd = end
                while scalarEnd < utf8.count, utf8[scalarEnd] & 0xC0 == 0x80 { scalarEnd += 1 }
                offsets.append(start..<scalarEnd)
            }
            return end == utf8.count ? Encoding(ids: ids, offsets: offsets) : nil
        }
    }

    // MARK: Decoding

    /// The text of the tokens. Unknown ids are left out; bytes that form no UTF-8 become U+FFFD.
    ///
    /// - Parameter skipSpecialTokens: leaves out the added tokens that are special.
    public func decode(_ tokens: [TokenID], skipSpecialTokens: Bool = false) -> String {
        decoder.decode(tokens, skipSpecialTokens: skipSpecialTokens)
    }

    /// Decodes tokens that arrive one by one.
    public func streamingDecoder(skipSpecialTokens: Bool = false) -> StreamingDecoder {
        StreamingDecoder(decoder, skipsSpecialTokens: skipSpecialTokens)
    }

    // MARK: Tokens

    /// The id of an added token, or of a vocabulary entry as the file writes it (in the byte alphabet).
    public func tokenID(_ token: String) -> TokenID? { addedToken(token)?.id ?? vocabulary.id(of: token) }

    /// The text of a token as the file writes it, or `nil` for an id that is not in use.
    public func token(of id: TokenID) -> String? {
        addedTokens.first { $0.id == id }?.content ?? vocabulary.entry(Int(id))
    }

    /// Whether the token is a control token, which `skipSpecialTokens` leaves out.
    public func isSpecial(_ id: TokenID) -> Bool { specialTokens.contains(id) }

    /// How many bytes of text a token of a byte-level vocabulary stands for; 0 for an id that is not in use.
    public func byteCount(of id: TokenID) -> Int { decoder.byteCount(of: id) }

    var addedTokens: [AddedToken] { addedVocabulary.tokens }

    func addedToken(_ content: String) -> AddedToken? {
        addedTokens.first { $0.content.utf8.elementsEqual(content.utf8) }
    }
}
