import ArgumentParser
import Primitives
import Reporting
import Retrieval

struct RetrieveIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Makes an index of documents, or adds to one and deletes from it.",
        discussion: """
            Files are JSON lines (.jsonl, .ndjson) with _id, title and text, PubMed's .xml, .txt or .md, also compressed \
            (.zst, .gz). A document with an id that is there replaces it. Everything becomes visible at once at the end; \
            an error changes nothing. The README of Sources/Retrieval lists the attributes that count.
            """)

    @Option(help: "The directory of the index.")
    var output: String

    @Argument(help: "Files of documents.")
    var files: [String] = []

    @Flag(help: "Add to an index that is there.")
    var add = false

    @Option(parsing: .upToNextOption, help: "Ids of documents to delete from an index that is there.")
    var delete: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Names of the members id, title and text in JSON lines.", valueName: "name=member"))
    var fields: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Attributes of documents that do not state them, such as publisher_class=journal.", valueName: "name=value")
    )
    var attributes: [String] = []

    @Option(help: "How words are read: english or plain; fixed when the index is made.")
    var analyzer = TextAnalyzer.english.rawValue

    func validate() throws {
        guard !files.isEmpty || !delete.isEmpty else {
            throw ValidationError("give files of documents, or --delete with ids")
        }
        guard TextAnalyzer(rawValue: analyzer) != nil else {
            let names = TextAnalyzer.allCases.map(\.rawValue).joined(separator: " or ")
            throw ValidationError("--analyzer is `\(analyzer)`, expected \(names)")
        }
        _ = try fieldNames()
        _ = try pairs(attributes, "--attributes")
    }

    func run() throws {
        let (fields, defaults) = (try fieldNames(), try pairs(attributes, "--attributes"))
        var attributes = JSONObject()
        for (name, value) in defaults { attributes[name] = .string(value) }
        // Every file is opened before the work, so that a misspelt one is known at once.
        let readers = try files.map { try RetrievalDocumentReader(path: $0, fields: fields, defaults: attributes) }
        let isThere = add || !delete.isEmpty
        let writer =
            isThere
            ? try IndexWriter(directory: output)
            : try IndexWriter.create(
                directory: output,
                configuration: IndexConfiguration(analyzer: TextAnalyzer(rawValue: analyzer) ?? .english))
        let progress = WorkProgress()
        defer { progress.finish() }
        var count = 0
        for id in delete { writer.delete(id: id) }
        for reader in readers {
            while let document = try reader.next() {
                try writer.add(document)
                count += 1
                if count % 1000 == 0 { progress.show("\(count) documents") }
            }
        }
        let summary = try writer.commit()
        progress.finish()
        if !summary.missing.isEmpty {
            Terminal.writeToStandardError("not in the index: \(summary.missing.joined(separator: ", "))\n")
        }
        print(
            "\(summary.added) added, \(summary.replaced) replaced, \(summary.deleted) deleted; \(output) holds "
                + "\(summary.documents) documents in \(summary.segments) segment\(summary.segments == 1 ? "" : "s")")
    }

    private func fieldNames() throws -> RetrievalDocumentReader.Fields {
        var names = RetrievalDocumentReader.Fields()
        for (name, member) in try pairs(fields, "--fields") {
            switch name {
            case "id": names.id = member
            case "title": names.title = member
            case "text": names.text = member
            default: throw ValidationError("--fields has no name `\(name)`, expected id, title or text")
            }
        }
        return names
    }

    private func pairs(_ texts: [String], _ option: String) throws -> [(String, String)] {
        try texts.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("\(option) has `\(text)`, expected name=value") }
            return (parts[0], parts[1])
        }
    }
}
