import Primitives

/// Encodes by every step of a tokenizer file in turn, as the reference does.
struct GeneralEncoder: Sendable {
    let addedVocabulary: AddedVocabulary
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let model: any TokenizerModel
    private let needsOrigins: Bool

    init(
        addedVocabulary: AddedVocabulary, normalizer: Normalizer, preTokenizer: PreTokenizer, model: any TokenizerModel
    ) {
        self.addedVocabulary = addedVocabulary
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.model = model
        needsOrigins = preTokenizer.needsOrigins
    }

    /// Calls `emit` for each token with the bytes of the text that it stands for; with an empty range when
    /// `keepsOffsets` is false.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, recognizing policy: AddedTokenMatcher.Policy, keepsOffsets: Bool,
        emit: (TokenID, Range<Int>) -> Void
    ) {
        addedVocabulary.rawMatcher.cut(text, policy: policy) { id, range in
            emit(id, range)
        } stretch: { range in
            encode(text, range, recognizing: policy, keepsOffsets: keepsOffsets, emit: emit)
        }
    }

    /// Encodes what lies between added tokens of the text as it is.
    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, recognizing policy: AddedTokenMatcher.Policy,
        keepsOffsets: Bool, emit: (TokenID, Range<Int>) -> Void
    ) {
        var normalized = AlignedText(text[range], at: keepsOffsets || needsOrigins ? range.lowerBound : nil)
        normalizer.normalize(&normalized)
        normalized.utf8.withUnsafeBufferPointer { utf8 in
            addedVocabulary.normalizedMatcher.cut(utf8, policy: policy) { id, matched in
                emit(id, keepsOffsets ? normalized.origin(of: matched) : 0..<0)
            } stretch: { stretch in
                // A part knows where it begins in the original text, whatever the normaliser removed before it.
                let isWhole = stretch == 0..<utf8.count && normalized.origins == nil
                let isStart = range.lowerBound == 0 && stretch.lowerBound == 0
                let start = normalized.origins?[stretch.lowerBound].lowerBound ?? 0
                let pieces = preTokenizer.split(
                    isWhole ? normalized : normalized[stretch], isStart: isStart && start == 0)
                for piece in pieces { encode(piece, keepsOffsets: keepsOffsets, emit: emit) }
            }
        }
    }

    /// The pieces of a text in which no added token is recognised, as the pre-tokenizer leaves them.
    func pieces(_ text: String) -> [String] {
        var normalized = AlignedText(text.utf8, at: 0)
        normalizer.normalize(&normalized)
        return preTokenizer.split(normalized, isStart: true).map { String(decoding: $0.utf8, as: UTF8.self) }
    }

    private func encode(_ piece: AlignedText, keepsOffsets: Bool, emit: (TokenID, Range<Int>) -> Void) {
        piece.utf8.withUnsafeBufferPointer { utf8 in
            var start = 0
            model.tokenize(utf8) { id, count in
                let end = min(start + count, utf8.count)
                if let id { emit(id, keepsOffsets ? piece.origin(of: start..<end) : 0..<0) }
                start = end
            }
        }
    }
}

extension AlignedText {
    /// The bytes of the original text that a range of the bytes stands for.
    func origin(of range: Range<Int>) -> Range<Int> {
        guard let origins, !origins.isEmpty else { return 0..<0 }
        let first = origins[min(range.lowerBound, origins.count - 1)]
        if range.isEmpty { return Int(first.lowerBound)..<Int(first.lowerBound) }
        let last = origins[range.upperBound - 1]
        return Int(first.lowerBound)..<Int(max(last.upperBound, first.lowerBound))
    }
}
