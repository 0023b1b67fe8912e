/// Finds passages of an index: BM25 with the synonyms of a graph, then the authority of the sources, then the passage of
/// each document that fits best, and the conflicts between what was found. The answer depends on the index, the settings
/// and the query alone.
public struct MedicalRetriever: Sendable {
    public let index: RetrievalIndex
    public var ranking: AuthorityRanking
    public var model: AuthorityModel
    /// The day from which recency is counted.
    public var date: PublicationDate?
    public var synonyms: SynonymExpansion?
    public var passages: PassageFinder

    /// - Parameter date: the latest date of a document of the index if not given, so that answers stay the same over time.
    public init(
        index: RetrievalIndex, ranking: AuthorityRanking = AuthorityRanking(), model: AuthorityModel = .standard,
        date: PublicationDate? = nil, synonyms: SynonymExpansion? = nil, passages: PassageFinder = PassageFinder()
    ) {
        self.index = index
        self.ranking = ranking
        self.model = model
        self.date = date ?? index.newestDate
        self.synonyms = synonyms
        self.passages = passages
    }

    public struct Answer: Sendable, Hashable {
        /// Best first, one passage of a document.
        public var passages: [RetrievedPassage]
        /// Where sources on one topic differ.
        public var conflicts: [SourceConflict]
        /// What was added to the query.
        public var synonyms: [SynonymExpansion.Match]
    }

    public func search(_ query: String, limit: Int = 10, filter: RetrievalFilter = RetrievalFilter()) -> Answer {
        let terms = terms(of: query)
        let candidates = candidates(terms, count: max(limit, ranking.poolSize), filter: filter)
        let places = ranking.order(
            scores: candidates.map(\.hit.score), authorities: candidates.map(\.authority.score))
        var weights: [[UInt8]: Double] = [:]
        for (term, weight) in terms { weights[term, default: 0] += weight * index.rarity(of: term) }
        let found = places.prefix(max(limit, 0)).map { place in
            let (hit, document, authority) = candidates[place.candidate]
            let span = passages.best(
                of: document.text, for: weights, analyzer: index.configuration.analyzer, k1: index.configuration.k1,
                b: index.configuration.b)
            return RetrievedPassage(
                document: document, span: span, bm25: hit.score, relevance: place.relevance, authority: authority,
                score: place.score)
        }
        return Answer(
            passages: found, conflicts: SourceConflict.find(in: found.map(\.document)),
            synonyms: synonyms?.matches(in: query) ?? [])
    }

    /// The ids that ``search(_:limit:filter:)`` finds without a filter, without reading their texts.
    public func rankedIdentifiers(_ query: String, limit: Int) -> [String] {
        let terms = terms(of: query)
        let hits = index.search(terms, limit: max(limit, ranking.lambda < 1 ? ranking.poolSize : 0))
        guard ranking.lambda < 1 else { return hits.map(\.id) }
        let authorities = hits.prefix(max(ranking.poolSize, 0)).map { authority(of: index.document($0)).score }
        return ranking.order(scores: hits.map(\.score), authorities: authorities).prefix(max(limit, 0)).map {
            hits[$0.candidate].id
        }
    }

    public func authority(of document: RetrievalDocument) -> Authority {
        model.authority(of: SourceProfile(document.attributes), on: date)
    }

    private func terms(of query: String) -> [(term: [UInt8], weight: Double)] {
        index.terms(of: query) + (synonyms?.terms(for: query) ?? [])
    }

    private typealias Candidate = (hit: RetrievalIndex.Hit, document: RetrievalDocument, authority: Authority)

    /// The best documents that pass the filter. Searches again with more room as long as too few of them do.
    private func candidates(
        _ terms: [(term: [UInt8], weight: Double)], count: Int, filter: RetrievalFilter
    ) -> [Candidate] {
        var room = max(count, 1)
        while true {
            let hits = index.search(terms, limit: room)
            var candidates: [Candidate] = []
            for hit in hits {
                let document = index.document(hit)
                let authority = authority(of: document)
                guard filter.accepts(authority.profile) else { continue }
                candidates.append((hit, document, authority))
                if candidates.count == count { return candidates }
            }
            if hits.count < room { return candidates }
            room *= 8
        }
    }
}
