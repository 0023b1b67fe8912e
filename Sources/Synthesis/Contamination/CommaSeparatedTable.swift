/// Comma-separated values with quoting (RFC 4180): a quoted field may hold commas, line breaks and doubled quotes.
enum CommaSeparatedTable {
    /// The rows with the line each starts in, header included. A byte order mark is skipped.
    static func rows(of text: String, separator: Character = ",") -> [(line: Int, fields: [String])] {
        var rows: [(line: Int, fields: [String])] = []
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var (line, firstLine) = (1, 1)
        func isBlank(_ fields: [String]) -> Bool { fields == [""] }
        var characters = Array(text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...])
        if let last = characters.last, !last.isNewline { characters.append("\n") }
        var index = 0
        while index < characters.count {
            let character = characters[index]
            index += 1
            if isQuoted {
                if character == "\"" {
                    if index < characters.count, characters[index] == "\"" {
                        field.append("\"")
                        index += 1
                    } else {
                        isQuoted = false
                    }
                } else {
                    if character.isNewline { line += 1 }
                    field.append(character)
                }
            } else if character == "\"", field.isEmpty {
                isQuoted = true
            } else if character == separator {
                fields.append(field)
                field = ""
            } else if character.isNewline {
                fields.append(field)
                field = ""
                line += 1
                if !isBlank(fields) { rows.append((firstLine, fields)) }
                fields = []
                firstLine = line
            } else {
                field.append(character)
            }
        }
        // An open quote at the end of the text: what was read so far is the last row.
        if isQuoted || !fields.isEmpty { rows.append((firstLine, fields + [field])) }
        return rows
    }
}
