import Primitives

/// How an index reads and ranks its documents; fixed when it is made.
public struct IndexConfiguration: Sendable, Hashable {
    public var analyzer: TextAnalyzer
    /// How slowly the repetition of a word saturates.
    public var k1: Double
    /// How strongly long documents are discounted, from 0 to 1.
    public var b: Double
    /// What the mere presence of a word is worth, in full scores of the word; see ``BM25``.
    public var delta: Double
    /// How often a word of the title counts; likewise below.
    public var titleWeight: Int
    public var textWeight: Int
    /// Of what the document is about, where it says so.
    public var focusWeight: Int
    /// Of other names of what it is about.
    public var synonymWeight: Int

    public init(
        analyzer: TextAnalyzer = .english, k1: Double = 0.9, b: Double = 0.4, delta: Double = 0.2, titleWeight: Int = 3,
        textWeight: Int = 1, focusWeight: Int = 1, synonymWeight: Int = 1
    ) {
        self.analyzer = analyzer
        self.k1 = k1
        self.b = b
        self.delta = delta
        self.titleWeight = titleWeight
        self.textWeight = textWeight
        self.focusWeight = focusWeight
        self.synonymWeight = synonymWeight
    }

    /// - Throws: the first setting that makes no sense.
    public func validate() throws(RetrievalError) {
        guard k1.isFinite, k1 >= 0 else {
            throw .invalidConfiguration(name: "k1", value: "\(k1)", expected: "a number from 0")
        }
        guard b >= 0, b <= 1 else {
            throw .invalidConfiguration(name: "b", value: "\(b)", expected: "a number from 0 to 1")
        }
        guard delta.isFinite, delta >= 0 else {
            throw .invalidConfiguration(name: "delta", value: "\(delta)", expected: "a number from 0")
        }
        for (name, weight) in weights where !(0...1000).contains(weight) {
            throw .invalidConfiguration(name: name, value: "\(weight)", expected: "a whole number from 0 to 1000")
        }
        guard weights.contains(where: { $0.1 > 0 }) else {
            throw .invalidConfiguration(name: "every weight", value: "0", expected: "one above 0")
        }
    }

    private var weights: [(String, Int)] {
        [
            ("title_weight", titleWeight), ("text_weight", textWeight), ("focus_weight", focusWeight),
            ("synonym_weight", synonymWeight),
        ]
    }

    /// What is searched of a document.
    func fields(of document: RetrievalDocument) -> [(text: String, weight: Int)] {
        [
            (document.title, titleWeight), (document.text, textWeight), (document.focus ?? "", focusWeight),
            (document.synonyms.joined(separator: "\n"), synonymWeight),
        ]
    }

    /// What the segments of an index have in common.
    var checksum: UInt64 { Checksum.of(json.serialized()) }

    var json: JSONValue {
        var object: JSONObject = [
            "analyzer": .string(analyzer.rawValue), "k1": .number(k1), "b": .number(b), "delta": .number(delta),
        ]
        for (name, weight) in weights { object[name] = .integer(Int64(weight)) }
        return .object(object)
    }

    init(json: JSONValue, path: String) throws(RetrievalError) {
        func problem(_ text: String) -> RetrievalError { .damaged(path: path, problem: text) }
        do throws(JSONError) {
            let name = try json.string(at: "analyzer")
            guard let analyzer = TextAnalyzer(rawValue: name) else {
                throw JSONError.unexpected(
                    path: "analyzer", expected: TextAnalyzer.allCases.map(\.rawValue).joined(separator: " or "),
                    found: name)
            }
            self.init(
                analyzer: analyzer, k1: try json.double(at: "k1"), b: try json.double(at: "b"),
                delta: try json.double(at: "delta"),
                titleWeight: try json.integer(at: "title_weight"), textWeight: try json.integer(at: "text_weight"),
                focusWeight: try json.integer(at: "focus_weight"),
                synonymWeight: try json.integer(at: "synonym_weight"))
        } catch { throw problem("its configuration cannot be read: \(error)") }
        try validate()
    }
}
