/// One plain text of base pre-training, cut where the weight of the loss changes.
public struct ReadingTask: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Lists of invented names, repeated.
        case copy
        /// Passages, then questions of one hop with their answers.
        case reading
        /// A question of several hops with look-ups, passages and the answer.
        case notes
    }

    /// A stretch of text and the weight of the loss on its tokens.
    public struct Segment: Sendable, Hashable {
        public var text: String
        public var weight: Float
    }

    public var kind: Kind
    public var segments: [Segment]

    public init(kind: Kind, segments: [Segment] = []) {
        self.kind = kind
        self.segments = segments
    }

    /// All segments in a row.
    public var text: String { segments.map(\.text).joined() }

    /// Appends text, joining it with the last segment where the weight is the same.
    mutating func append(_ text: String, weight: Float) {
        if let last = segments.last, last.weight == weight {
            segments[segments.count - 1].text += text
        } else if !text.isEmpty {
            segments.append(Segment(text: text, weight: weight))
        }
    }
}
