import Primitives
import Storage

/// A byte-level byte-pair tokenizer in the format of Hugging Face, with the same ids for every text.
///
/// Safe to use from many tasks at once.
public final class Tokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let model: BytePairModel
    private let cutter: TextCutter
    let addedTokens: [AddedToken]
    private let decoder: TokenDecoder

    /// One more than the largest id, added tokens included.
    public let vocabularySize: Int

    /// Reads `path`: a `tokenizer.json`, the same compressed with Zstandard (`.zst`), or a directory that holds one.
    public static func load(path: String) throws(TokenizerError) -> Tokenizer {
        var path = path
        do {
            if !path.hasSuffix(".json"), !path.hasSuffix(".zst") {
                let plain = path + "/tokenizer.json"
                path = !FileStore.exists(plain) && FileStore.exists(plain + ".zst") ? plain + ".zst" : plain
            }
            var bytes = try FileStore.read(path)
            if path.hasSuffix(".zst") { bytes = try Zstandard.decompress(bytes) }
            return try Tokenizer(json: try JSONValue.parse(bytes), source: path)
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
    }

    /// Takes the content of a `tokenizer.json`. `source` names it in errors.
    public init(json: JSONValue, source: String = "tokenizer.json") throws(TokenizerError) {
        let file = try TokenizerFile(json, source: source)
        vocabulary = file.vocabulary
        model = file.model
        addedTokens = file.addedTokens
        cutter = TextCutter(matcher: AddedTokenMatcher(file.addedTokens), composes: file.composes)
        vocabularySize = max(file.vocabulary.idLimit, (file.addedTokens.map { Int($0.id) }.max() ?? -1) + 1)
        decoder = TokenDecoder(
            vocabulary: file.vocabulary, addedTokens: file.addedTokens, vocabularySize: vocabularySize)
    }

    /// The ids of a text, without any token at its beginning or end.
    ///
    /// - Parameter splitSpecialTokens: when true, the name of a special token (`<|im_end|>`) in the text is encoded as
    ///   the plain text that it is, never as that token; added tokens that are not special are still recognised, as in
    ///   Hugging Face. When false, every added token is recognised.
    public func encode(
        _ text: String, splitSpecialTokens: Bool = true, addSpecialTokens: Bool = false
    ) -> [TokenID] {
        encode(text, recognizing: splitSpecialTokens ? .ordinary : .all)
    }

    /// The ids of a text in which the names of added tokens, special or not, are nothing but text.
    public func encodePlainText(_ text: String) -> [TokenID] { encode(text, recognizing: .none) }

    /// The ids of a text, each with the bytes that it stands for.
    public func encodeWithOffsets(_ text: String, splitSpecialTokens: Bool = true) -> Encoding {
        encodeWithOffsets(text, recognizing: splitSpecialTokens ? .ordinary : .all)
    }

    func encodeWithOffsets(_ text: String, recognizing policy: AddedTokenMatcher.Policy) -> Encoding {
        let ids = encode(text, recognizing: policy)
        var offsets: [Range<Int>] = []
        var end = 0
        for id in ids {
            let count = decoder.byteCount(of: id)
            offsets.append(end..<end + count)
            end += count
        }
        return Encoding(ids: ids, offsets: offsets)
    }

    enum AddedTokenPart {
        case token(AddedToken)
        case text(String)
    }

    /// Cuts text at the names of added tokens, special or not.
    func partsByAddedTokens(_ text: String) -> [AddedTokenPart] {
        var text = text
        return text.withUTF8 { utf8 in
            var parts: [AddedTokenPart] = []
            var position = 0
            while let match = cutter.matcher.firstMatch(in: utf8, from: position, policy: .all) {
                if match.range.lowerBound > position {
                    parts.append(.text(String(decoding: utf8[position..<match.range.lowerBound], as: UTF8.self)))
                }
                if let token = addedTokens.first(where: { $0.id == match.id }) { parts.append(.token(token)) }
                position = match.range.upperBound
            }
            if position < utf8.count { parts.append(.text(String(decoding: utf8[position...], as: UTF8.self))) }
            return parts
        }
    }

    /// The added token that a renderer needs.
    func controlToken(_ content: String, renderer: String) throws(TokenizerError) -> AddedToken {
        guard let token = addedTokens.first(where: { $0.content.utf8.elementsEqual(content.utf8) }) else {
            throw .missingToken(content, renderer: renderer)
        }
        return token
    }

    func encode(_ text: String, recognizing policy: AddedTokenMatcher.Policy) -> [TokenID] {
        var ids: [TokenID] = []
        ids.reserveCapacity(text.utf8.count / 3 + 1)
        cutter.cut(text, recognizing: policy) { id in
            ids.append(id)
        } piece: { piece in
            model.append(piece, to: &ids)
        }
        return ids
    }

    /// The text of the tokens. Unknown ids are left out; bytes that form no UTF-8 become U+FFFD.
    ///
    /// - Parameter skipSpecialTokens: leaves out the added tokens that are special.
    public func decode(_ tokens: [TokenID], skipSpecialTokens: Bool = false) -> String {
        decoder.decode(tokens, skipSpecialTokens: skipSpecialTokens)
    }

    /// The id of an added token, or of a vocabulary entry as the file writes it (in the byte alphabet).
    public func tokenID(_ token: String) -> TokenID? {
        addedTokens.first { $0.content.utf8.elementsEqual(token.utf8) }?.id ?? vocabulary.id(of: token)
    }
}
