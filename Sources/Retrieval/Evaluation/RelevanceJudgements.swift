import Primitives
import Storage

/// Queries with the documents that answer them.
public struct RelevanceJudgements: Sendable {
    public struct Query: Sendable, Hashable {
        public var id: String
        public var text: String
        /// From 0, of the documents that were judged.
        public var grades: [String: Int]

        public init(id: String, text: String, grades: [String: Int]) {
            self.id = id
            self.text = text
            self.grades = grades
        }
    }

    /// The queries with at least one judgement, in the order of their file.
    public var queries: [Query]
    /// Judged queries whose text is missing.
    public var missing: [String]

    /// - Parameters:
    ///   - queries: JSON lines with `_id` (or `id`) and `text` (or `query`).
    ///   - qrels: lines of query, document and grade separated by tabs, with or without a heading, or in the four columns of
    ///     TREC separated by spaces.
    public init(queries: String, qrels: String) throws(RetrievalError) {
        var grades = try Self.grades(qrels)
        var found: [Query] = []
        try Self.forEachLine(of: queries) { line, number throws(RetrievalError) in
            guard let row = try? JSONValue.parse(Array(line)),
                let id = (row["_id"] ?? row["id"]).flatMap({ $0.stringValue ?? $0.integerValue.map(String.init) }),
                let text = (row["text"] ?? row["query"])?.stringValue
            else {
                throw .invalidJudgement(
                    place: "\(queries), line \(number)", found: Self.excerpt(line),
                    expected: "a JSON object with the texts `_id` and `text`")
            }
            guard let judged = grades.removeValue(forKey: id) else { return }
            found.append(Query(id: id, text: text, grades: judged))
        }
        self.queries = found
        missing = grades.keys.sorted()
    }

    private static func grades(_ path: String) throws(RetrievalError) -> [String: [String: Int]] {
        var grades: [String: [String: Int]] = [:]
        try forEachLine(of: path) { line, number throws(RetrievalError) in
            let text = String(decoding: line, as: UTF8.self)
            var columns = text.split(separator: "\t").map(String.init)
            if columns.count < 3 { columns = text.split(whereSeparator: \.isWhitespace).map(String.init) }
            if columns.count == 4 { columns.remove(at: 1) }
            guard columns.count == 3, let grade = Int(columns[2]) else {
                // A heading.
                if number == 1, columns.count == 3 { return }
                throw .invalidJudgement(
                    place: "\(path), line \(number)", found: excerpt(line),
                    expected: "a query, a document and a whole number as its grade")
            }
            grades[columns[0], default: [:]][columns[1]] = grade
        }
        return grades
    }

    /// Calls `body` with each line that is not blank and its number.
    private static func forEachLine(
        of path: String, _ body: (ArraySlice<UInt8>, Int) throws(RetrievalError) -> Void
    ) throws(RetrievalError) {
        func next(_ reader: LineReader) throws(RetrievalError) -> ArraySlice<UInt8>? {
            do throws(StorageError) { return try reader.next() } catch { throw .storage(error) }
        }
        let reader: LineReader
        do throws(StorageError) { reader = try LineReader(path: path) } catch { throw .storage(error) }
        while let line = try next(reader) {
            if line.contains(where: { $0 > 0x20 }) { try body(line, reader.number) }
        }
    }

    private static func excerpt(_ line: ArraySlice<UInt8>) -> String {
        "“" + String(String(decoding: line, as: UTF8.self).prefix(60)) + "”"
    }
}
