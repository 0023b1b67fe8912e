/// An immutable full-text index in memory over words as they are written, ranked by ``BM25``. The words of a title count
/// `titleBoost` times, in a word's frequency and in the length of the document.
public struct DocumentIndex: Sendable {
    public struct Parameters: Sendable, Hashable {
        /// How slowly the repetition of a word saturates.
        public var k1: Double
        /// How strongly long documents are discounted, from 0 to 1.
        public var b: Double
        /// How often a word of the title counts.
        public var titleBoost: Int

        public init(k1: Double = 0.9, b: Double = 0.4, titleBoost: Int = 3) {
            self.k1 = k1
            self.b = b
            self.titleBoost = titleBoost
        }
    }

    /// Sorted by id.
    public let documents: [Document]
    private let positionsByTitle: [String: [Int]]
    private let ranking: BM25

    public init(documents: [Document], parameters: Parameters = Parameters()) {
        self.documents = documents.sorted { ($0.id, $0.title, $0.text) < ($1.id, $1.title, $1.text) }
        var positionsByTitle: [String: [Int]] = [:]
        var builder = SegmentBuilder(analyzer: .plain)
        for (position, document) in self.documents.enumerated() {
            positionsByTitle[Self.folded(document.title), default: []].append(position)
            builder.add(
                id: document.id, fields: [(document.title, parameters.titleBoost), (document.text, 1)])
        }
        self.positionsByTitle = positionsByTitle
        let segment: Segment
        do { segment = try Segment(image: builder.image(sortsByID: false)) } catch {
            preconditionFailure("a segment was built that cannot be read: \(error)")
        }
        ranking = BM25([SegmentView(segment)], k1: parameters.k1, b: parameters.b)
    }

    /// The most relevant documents: first those whose title equals the query whatever its case and spacing, then by
    /// descending score, at equal score by ascending id. Documents that share no word with the query are not found.
    public func search(_ query: String, limit: Int) -> [Passage] {
        guard limit > 0 else { return [] }
        let terms = TextAnalyzer.plain.terms(of: query).map { (term: $0, weight: 1.0) }
        let titled = Array((positionsByTitle[Self.folded(query)] ?? []).prefix(limit))
        let ranked = ranking.best(terms, limit: limit + titled.count)
        var best = titled.map { ($0, ranking.score(terms, segment: 0, document: $0)) }
        for hit in ranked where best.count < limit && !titled.contains(hit.document) {
            best.append((hit.document, hit.score))
        }
        return best.map { position, score in
            let document = documents[position]
            return Passage(document: document, score: Double(score), text: document.text)
        }
    }

    private static func folded(_ title: String) -> String {
        title.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
