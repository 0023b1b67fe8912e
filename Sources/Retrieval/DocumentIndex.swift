import Foundation

/// An immutable full-text index ranked by BM25, in the form of Lucene 8 and later (Robertson and Zaragoza 2009, without
/// the constant factor k1 + 1):
///
///     score(q, d) = Σ ln(1 + (N − n + ½) / (n + ½)) · f / (f + k1 · (1 − b + b · |d| / avg|d|))
///
/// with f the number of times a query word occurs in d, n the number of documents with it, N that of all documents. The
/// words of a title count `titleBoost` times, in f and in |d|.
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
    private let positionsByTitle: [String: [Int32]]
    private let termIndices: [String: Int32]
    /// The postings of term `t` stand in `postingOffsets[t]..<postingOffsets[t + 1]`, by ascending document.
    private let postingOffsets: [Int32]
    private let postingDocuments: [Int32]
    /// What the term adds to the document's score.
    private let postingScores: [Float]

    public init(documents: [Document], parameters: Parameters = Parameters()) {
        self.documents = documents.sorted { ($0.id, $0.title, $0.text) < ($1.id, $1.title, $1.text) }
        var positionsByTitle: [String: [Int32]] = [:]
        var termIndices: [String: Int32] = [:]
        var postings: [[(document: Int32, frequency: Int32)]] = []
        var lengths: [Double] = []
        for (position, document) in self.documents.enumerated() {
            positionsByTitle[Self.folded(document.title), default: []].append(Int32(position))
            var length = 0
            for (text, weight) in [(document.title, parameters.titleBoost), (document.text, 1)] {
                for word in WordScanner.words(of: text) {
                    length += weight
                    let term = Int(termIndices[word] ?? Int32(postings.count))
                    if term == postings.count {
                        termIndices[word] = Int32(term)
                        postings.append([])
                    }
                    let last = postings[term].count - 1
                    if last >= 0 && postings[term][last].document == Int32(position) {
                        postings[term][last].frequency += Int32(weight)
                    } else {
                        postings[term].append((Int32(position), Int32(weight)))
                    }
                }
            }
            lengths.append(Double(length))
        }
        self.positionsByTitle = positionsByTitle
        self.termIndices = termIndices

        let meanLength = max(lengths.reduce(0, +) / Double(max(lengths.count, 1)), .leastNonzeroMagnitude)
        let count = Double(self.documents.count)
        var offsets: [Int32] = [0]
        var postingDocuments: [Int32] = []
        var postingScores: [Float] = []
        for posting in postings {
            let holding = Double(posting.count)
            let weight = log(1 + (count - holding + 0.5) / (holding + 0.5))
            for (document, frequency) in posting {
                let relativeLength = lengths[Int(document)] / meanLength
                let saturation = parameters.k1 * (1 - parameters.b + parameters.b * relativeLength)
                postingDocuments.append(document)
                postingScores.append(Float(weight * Double(frequency) / (Double(frequency) + saturation)))
            }
            offsets.append(Int32(postingDocuments.count))
        }
        postingOffsets = offsets
        self.postingDocuments = postingDocuments
        self.postingScores = postingScores
    }

    /// The most relevant documents: first those whose title equals the query whatever its case and spacing, then by
    /// descending score, at equal score by ascending id. Documents that share no word with the query are not found.
    public func search(_ query: String, limit: Int) -> [Passage] {
        var scores = [Float](repeating: 0, count: documents.count)
        var touched: [Int32] = []
        for word in WordScanner.words(of: query) {
            guard let term = termIndices[word].map(Int.init) else { continue }
            for posting in Int(postingOffsets[term])..<Int(postingOffsets[term + 1]) {
                let document = postingDocuments[posting]
                if scores[Int(document)] == 0 { touched.append(document) }
                scores[Int(document)] += postingScores[posting]
            }
        }
        let titled = positionsByTitle[Self.folded(query)] ?? []
        func precedes(_ left: Int32, _ right: Int32) -> Bool {
            let (first, second) = (scores[Int(left)], scores[Int(right)])
            return first == second ? left < right : first > second
        }
        var best: [Int32] = Array(titled.prefix(max(limit, 0)))
        let room = max(limit, 0) - best.count
        var ranked: [Int32] = []
        for document in touched where room > 0 && !titled.contains(document) {
            if ranked.count == room {
                guard precedes(document, ranked[room - 1]) else { continue }
                ranked.removeLast()
            }
            let place = ranked.firstIndex { precedes(document, $0) } ?? ranked.count
            ranked.insert(document, at: place)
        }
        best += ranked
        return best.map { position in
            let document = documents[Int(position)]
            return Passage(document: document, score: Double(scores[Int(position)]), text: document.text)
        }
    }

    private static func folded(_ title: String) -> String {
        title.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
