import Primitives

/// Encodes the segments of a rendered conversation and says of each token where it belongs.
struct RenderedEncoder {
    private let tokenizer: Tokenizer
    private var tokens: [TokenID] = []
    private var places: [RenderedPlace] = []
    /// Segments of text that are encoded as one.
    private var run: [RenderedConversation.Segment] = []

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    func encode(
        _ segments: ArraySlice<RenderedConversation.Segment>
    ) -> (tokens: [TokenID], places: [RenderedPlace]) {
        var encoder = self
        for segment in segments {
            if case .control(let id, _) = segment.content {
                encoder.flush()
                encoder.tokens.append(id)
                encoder.places.append(segment.place)
            } else {
                if segment.isCut { encoder.flush() }
                encoder.run.append(segment)
            }
        }
        encoder.flush()
        return (encoder.tokens, encoder.places)
    }

    private mutating func flush() {
        defer { run.removeAll() }
        guard let first = run.first else { return }
        let policy: AddedTokenMatcher.Policy = run.contains { $0.isOpen } ? .all : .none
        if run.allSatisfy({ $0.place == first.place }) {
            let ids = tokenizer.encode(run.map(\.content.text).joined(), recognizing: policy)
            tokens += ids
            places += repeatElement(first.place, count: ids.count)
            return
        }
        let encoding = tokenizer.encodeWithOffsets(run.map(\.content.text).joined(), recognizing: policy)
        tokens += encoding.ids
        // The ends of the segments, in bytes of the joined text.
        var ends: [Int] = []
        for segment in run { ends.append((ends.last ?? 0) + segment.content.text.utf8.count) }
        for range in encoding.offsets {
            let start = ends.firstIndex { range.lowerBound < $0 } ?? run.count - 1
            let end = ends.firstIndex { range.upperBound <= $0 } ?? run.count - 1
            places.append(run[end].place.isOutput ? run[end].place : run[start].place)
        }
    }
}

extension RenderedConversation.Segment {
    fileprivate var isOpen: Bool { if case .openText = content { true } else { false } }
}
