/// Tab-separated text with one header line, without quoting or escapes.
enum TabSeparatedTable {
    /// The fields of every line after the header; row `i` stands in line `i + 2`. Every row has as many fields as the header.
    static func rows(of bytes: [UInt8], path: String, header: [String]) throws(KnowledgeError) -> [[String]] {
        try table(of: bytes, path: path, headers: [header]).rows
    }

    /// The same for a file whose header may be any of several; the first of them is the one that errors name.
    static func table(
        of bytes: [UInt8], path: String, headers: [[String]]
    ) throws(KnowledgeError) -> (header: [String], rows: [[String]]) {
        var header = headers[0]
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformedFile(path: path, found: "bytes that are not UTF-8", expected: "UTF-8 text")
        }
        var rows: [[String]] = []
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.isEmpty && line.endIndex == text.utf8.endIndex && number > 1 { break }
            if line.contains(UInt8(ascii: "\r")) {
                throw .malformedFile(
                    path: path, found: "a carriage return in line \(number)",
                    expected: "lines ended by a line feed alone")
            }
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { String(Substring($0)) }
            if number == 1 {
                if let known = headers.first(where: { $0 == fields }) { header = known }
                guard fields == header else {
                    throw .malformedFile(
                        path: path, found: "the header “\(fields.joined(separator: " | "))”",
                        expected: "“\(header.joined(separator: " | "))”, separated by tabs")
                }
                continue
            }
            guard fields.count == header.count else {
                throw .wrongColumnCount(place: "\(path), line \(number)", found: fields.count, expected: header)
            }
            rows.append(fields)
        }
        return (header, rows)
    }

    /// The reverse of `rows`. Fields must not contain tabs or line breaks, which `GraphValidator` has checked.
    static func bytes(header: [String], rows: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in [header] + rows {
            bytes += row.joined(separator: "\t").utf8
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
