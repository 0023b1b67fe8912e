import Foundation

/// The room's documentation as the tests read it: its sections and their tables.
enum Readme {
    /// A table in Markdown, with the texts of its cells.
    struct Table {
        /// The title of the section that it stands in.
        var section: String
        var header: [String]
        var rows: [Row]
    }

    struct Row: Sendable, CustomStringConvertible {
        /// From 1.
        var line: Int
        var cells: [String]

        var description: String { "line \(line): " + cells.joined(separator: " | ") }
    }

    static let tables: [Table] = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let repository = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = repository.appendingPathComponent("Sources/Rewards/README.md").path
        return tables(in: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
    }()

    static func tables(in text: String) -> [Table] {
        var tables: [Table] = []
        var section = ""
        var isInside = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("#") { section = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("|") else {
                isInside = false
                continue
            }
            let row = Row(line: index + 1, cells: cells(of: line))
            if !isInside {
                tables.append(Table(section: section, header: row.cells, rows: []))
                isInside = true
            } else if !row.cells.allSatisfy({ !$0.isEmpty && $0.allSatisfy { "-:".contains($0) } }) {
                tables[tables.count - 1].rows.append(row)
            }
        }
        return tables
    }

    /// What stands between the bars of a line; `\|` is a bar of the text.
    static func cells(of line: Substring) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for scalar in line.unicodeScalars {
            if scalar == "|", !isEscaped {
                cells.append(cell.trimmingCharacters(in: .whitespaces))
                cell = ""
            } else {
                if scalar == "|" { cell.unicodeScalars.removeLast() }
                cell.unicodeScalars.append(scalar)
            }
            isEscaped = scalar == "\\"
        }
        return Array(cells.dropFirst())
    }

    /// The text of a cell that is code, with `\u{…}` as the character that it stands for; other cells as they are.
    static func code(_ cell: String) -> String {
        guard cell.count >= 2, cell.hasPrefix("`"), cell.hasSuffix("`") else { return cell }
        var text = ""
        var rest = cell.dropFirst().dropLast()
        while let start = rest.range(of: "\\u{") {
            text += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}"), let value = UInt32(rest[..<end], radix: 16),
                let scalar = Unicode.Scalar(value)
            else {
                text += "\\u{"
                continue
            }
            text.unicodeScalars.append(scalar)
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    /// The pieces of a cell between backticks.
    static func codes(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }
}
