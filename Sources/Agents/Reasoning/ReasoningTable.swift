import Storage

/// A tab-separated table with a header, whose columns may stand in any order.
struct ReasoningTable {
    struct Row {
        /// File and line, for messages.
        var place: String
        fileprivate var fields: [String: String]

        /// The field, or `nil` where it is empty or the table has no such column.
        subscript(column: String) -> String? {
            guard let field = fields[column], !field.isEmpty else { return nil }
            return field
        }

        func text(_ column: String) throws(ReasoningError) -> String {
            guard let field = self[column] else {
                throw .malformed(place: "\(place), column \(column)", found: "an empty field", expected: "a value")
            }
            return field
        }

        func number(_ column: String, _ range: ClosedRange<Double>) throws(ReasoningError) -> Double? {
            guard let field = self[column] else { return nil }
            guard let number = Double(field), range ~= number else {
                throw .malformed(
                    place: "\(place), column \(column)", found: "“\(field)”",
                    expected: "a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    let rows: [Row]

    init(path: String, required: [String], optional: [String]) throws(ReasoningError) {
        var bytes: [UInt8]
        do throws(StorageError) {
            bytes = try FileStore.read(path)
            if path.hasSuffix(".zst") { bytes = try Zstandard.decompress(bytes) }
        } catch { throw .storage(error) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(place: path, found: "bytes that are not UTF-8", expected: "UTF-8 text")
        }
        try self.init(text: text, path: path, required: required, optional: optional)
    }

    init(text: String, path: String, required: [String], optional: [String]) throws(ReasoningError) {
        var header: [String] = []
        var rows: [Row] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            if index == 0 {
                header = fields
                let known = required + optional
                guard Set(header).count == header.count, required.allSatisfy(header.contains),
                    header.allSatisfy(known.contains)
                else {
                    throw .malformed(
                        place: "\(path), line 1", found: "the columns \(header.joined(separator: ", "))",
                        expected: "\(required.joined(separator: ", ")), and of \(optional.joined(separator: ", ")) "
                            + "as many as wanted, separated by tabs")
                }
            } else if !line.isEmpty {
                guard fields.count == header.count else {
                    throw .malformed(
                        place: "\(path), line \(index + 1)", found: "\(fields.count) columns",
                        expected: "\(header.count)")
                }
                rows.append(
                    Row(
                        place: "\(path), line \(index + 1)",
                        fields: Dictionary(zip(header, fields)) { first, _ in first }))
            }
        }
        self.rows = rows
    }
}
