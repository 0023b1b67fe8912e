/// The hits of one call as an observation.
struct SourcePage {
    static let nothing = "No result."

    var source: String
    var records: [SourceRecord]
    /// How many hits the source has in all, if it says so.
    var total: Int?
    /// The number of the first record among all hits, from 1.
    var first = 1
    /// What to say to get the next ones, for example `page 2`.
    var next: String?
    /// Remarks of the source on the question.
    var notes: [String] = []
    /// The most characters of one record's text, and of the whole observation.
    var recordLimit = 2500
    var limit = 12_000

    var result: ToolResult {
        var parts = notes.map { "Note: " + SourceText.line($0) }
        guard !records.isEmpty else {
            return ToolResult(content: (parts + [Self.nothing]).joined(separator: "\n"))
        }
        var citations: [ToolCitation] = []
        var room = limit
        for (index, record) in records.enumerated() {
            let entry = text(of: record, number: first + index, limit: min(recordLimit, max(200, room)))
            room -= entry.count
            parts.append(entry)
            citations.append(record.citation(source: source))
            if room < 200 { break }
        }
        if let tail { parts.append(tail(citations.count)) }
        return ToolResult(content: parts.joined(separator: "\n\n"), citations: citations)
    }

    private func text(of record: SourceRecord, number: Int, limit: Int) -> String {
        let title = SourceText.line(record.title)
        var heading = [SourceText.line(record.identifier)]
        if let date = record.date { heading.append(SourceText.line(date)) }
        heading += record.details.map(SourceText.line)
        if !record.kinds.isEmpty { heading.append(SourceText.line(record.kinds.joined(separator: ", "))) }
        if let url = record.url, url != record.identifier { heading.append(SourceText.line(url)) }
        let lines = [
            "[\(number)] " + (title.isEmpty ? "(no title)" : SourceText.cut(title, to: 300)),
            SourceText.cut(heading.filter { !$0.isEmpty }.joined(separator: " | "), to: 600),
            SourceText.cut(SourceText.paragraphs(record.text), to: limit),
        ]
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var tail: ((Int) -> String)? {
        guard total != nil || next != nil else { return nil }
        return { shown in
            var text = "Results \(first) to \(first + shown - 1)"
            if let total { text += " of \(total)" }
            return text + (next.map { "; ask for \($0) to see more." } ?? ".")
        }
    }
}
