import Storage

/// A table with one header line, read row by row: fields separated by tabs or commas, quoted or not.
///
/// Columns are found by their names, so that further columns and another order do no harm.
public final class DelimitedReader {
    public enum Format {
        /// Tabs, without quoting: a quotation mark is a letter like others.
        case tabs
        /// Tabs; a field in quotation marks may hold tabs, and quotation marks written twice.
        case quotedTabs
        /// As RFC 4180, with commas.
        case commas

        fileprivate var separator: UInt8 { self == .commas ? UInt8(ascii: ",") : UInt8(ascii: "\t") }
        fileprivate var isQuoted: Bool { self != .tabs }
    }

    /// The fields of the columns asked for, in that order; an absent optional column is empty.
    public struct Row {
        public let line: Int
        public let fields: [String]

        subscript(index: Int) -> String { fields[index] }
    }

    let path: String
    /// The names in the header line.
    public let header: [String]
    private let format: Format
    private let lines: LineReader
    private var columns: [String] = []
    /// The position in the file of each column asked for; -1 where there is none.
    private var positions: [Int] = []

    /// Reads the header alone; `select` says what to read of the rows.
    public init(path: String, format: Format) throws(KnowledgeError) {
        self.path = path
        self.format = format
        do throws(StorageError) { lines = try LineReader(path: path) } catch { throw .storage(error) }
        let (first, _) = try Self.nextRecord(lines, format, path)
        guard var first, !first.isEmpty else {
            throw .malformedInput(place: "\(path), line 1", found: "nothing", expected: "a header line")
        }
        if first.starts(with: [0xEF, 0xBB, 0xBF]) { first.removeFirst(3) }
        header = try Self.split(first, format, path: path, line: 1).map { bounds throws(KnowledgeError) in
            try Self.field(first, bounds, format, place: "\(path), line 1", column: "header")
        }
    }

    /// Reads the header and checks that it has the columns.
    convenience init(
        path: String, format: Format, columns: [String], optional: [String] = []
    ) throws(KnowledgeError) {
        try self.init(path: path, format: format)
        try select(columns, optional: optional)
    }

    /// Chooses the columns whose fields rows have, in this order.
    public func select(_ required: [String], optional: [String] = []) throws(KnowledgeError) {
        for name in required where !header.contains(name) {
            throw .malformedInput(
                place: "\(path), line 1", found: headerText,
                expected: "a column \(name) (needed are \(required.joined(separator: ", ")))")
        }
        columns = required + optional
        positions = columns.map { header.firstIndex(of: $0) ?? -1 }
    }

    /// The columns that were found, for errors; one column that holds other separators was not separated.
    var headerText: String {
        let (separator, other) = format == .commas ? ("commas", "\t") : ("tabs", ",")
        if header.count == 1, header[0].contains(other) || header[0].contains(";") {
            return "the header “\(header[0].replacing("\t", with: " "))”, which is not separated by \(separator)"
        }
        return "the columns \(header.joined(separator: ", "))"
    }

    /// The next row that is not empty; `nil` at the end.
    public func next() throws(KnowledgeError) -> Row? {
        while true {
            let (record, line) = try Self.nextRecord(lines, format, path)
            guard let record else { return nil }
            if record.isEmpty { continue }
            let bounds = try Self.split(record, format, path: path, line: line)
            guard bounds.count == header.count else {
                throw .malformedInput(
                    place: "\(path), line \(line)", found: "\(bounds.count) fields",
                    expected: "\(header.count), as the header has: \(header.joined(separator: ", "))")
            }
            var fields: [String] = []
            fields.reserveCapacity(positions.count)
            for (position, column) in zip(positions, columns) {
                fields.append(
                    position < 0
                        ? ""
                        : try Self.field(
                            record, bounds[position], format, place: "\(path), line \(line)", column: column))
            }
            return Row(line: line, fields: fields)
        }
    }

    /// Where a field stands, for errors.
    func location(_ row: Row, _ index: Int) -> KnowledgeError.Location {
        .init(place: "\(path), line \(row.line)", column: columns[index])
    }

    /// A field that must not be empty.
    func required(_ row: Row, _ index: Int) throws(KnowledgeError) -> String {
        guard !row[index].isEmpty else {
            throw .invalidField(at: location(row, index), value: "", expected: "text that is not empty")
        }
        return row[index]
    }

    // MARK: Bytes

    /// One line, or several where a quoted field holds line ends; and the number of the first.
    private static func nextRecord(
        _ lines: LineReader, _ format: Format, _ path: String
    ) throws(KnowledgeError) -> (ArraySlice<UInt8>?, Int) {
        do throws(StorageError) {
            guard var record = try lines.next() else { return (nil, lines.number) }
            let number = lines.number
            while format.isQuoted, quotes(in: record) % 2 == 1, let more = try lines.next() {
                record = record + [UInt8(ascii: "\n")] + more
            }
            return (record, number)
        } catch { throw .storage(error) }
    }

    private static func quotes(in record: ArraySlice<UInt8>) -> Int {
        record.withUnsafeBufferPointer { bytes in
            var count = 0
            for byte in bytes where byte == UInt8(ascii: "\"") { count += 1 }
            return count
        }
    }

    private static func split(
        _ record: ArraySlice<UInt8>, _ format: Format, path: String, line: Int
    ) throws(KnowledgeError) -> [Range<Int>] {
        let (separator, isQuoted) = (format.separator, format.isQuoted)
        var bounds: [Range<Int>] = []
        var problem: String?
        record.withUnsafeBufferPointer { bytes in
            var start = 0
            var index = 0
            while true {
                if isQuoted, index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                    index += 1
                    while index < bytes.count {
                        if bytes[index] == UInt8(ascii: "\"") {
                            guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
                            index += 1
                        }
                        index += 1
                    }
                    guard index < bytes.count else {
                        problem = "a quotation mark in field \(bounds.count + 1) that is never closed"
                        return
                    }
                    index += 1
                    guard index == bytes.count || bytes[index] == separator else {
                        problem = "text behind the closing quotation mark of field \(bounds.count + 1)"
                        return
                    }
                } else {
                    while index < bytes.count && bytes[index] != separator { index += 1 }
                }
                bounds.append(record.startIndex + start..<record.startIndex + index)
                guard index < bytes.count else { return }
                index += 1
                start = index
            }
        }
        if let problem {
            throw .malformedInput(
                place: "\(path), line \(line)", found: problem, expected: "a quoted field that ends before a separator")
        }
        return bounds
    }

    private static func field(
        _ record: ArraySlice<UInt8>, _ bounds: Range<Int>, _ format: Format, place: String, column: String
    ) throws(KnowledgeError) -> String {
        let quote = UInt8(ascii: "\"")
        var bytes = record[bounds]
        // `split` has checked that a field that begins with a quotation mark also ends with one.
        let isQuoted = format.isQuoted && bytes.first == quote
        if isQuoted { bytes = bytes.dropFirst().dropLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformedInput(
                place: "\(place), column \(column)", found: "bytes that are not UTF-8", expected: "UTF-8")
        }
        guard isQuoted, bytes.contains(quote) else { return text }
        return text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
    }
}
