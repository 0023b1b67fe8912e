import Primitives
import Storage

/// The documents of a file, one after the other, with memory for one of them. The name says what the file is, before
/// `.zst` or `.gz`:
/// - `.jsonl`: one object a line with `text` (or `abstract`, `contents`), `_id` (or `id`, `pmid`), and `title`, `source` and
///   `licence` if they are there, the latter two also in `metadata`;
/// - `.xml`: a `PubmedArticleSet`, as in PubMed's baseline and update files;
/// - `.txt`, `.md`: one document.
public final class DocumentReader {
    public let path: String
    private let kind: Kind
    private let source: String?
    private let licence: String?
    /// Lines or articles without any text, which are passed over.
    public private(set) var emptyDocuments = 0

    private enum Kind {
        case lines(LineReader)
        case articles(XMLReader)
        case text(ByteStream)
    }

    /// - Parameters:
    ///   - source: what the documents are attributed to where they do not say it.
    ///   - licence: their terms where they do not say them.
    public init(path: String, source: String? = nil, licence: String? = nil) throws(KnowledgeError) {
        self.path = path
        self.source = source
        self.licence = licence
        var name = path[...]
        for suffix in [".zst", ".gz"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
        do throws(StorageError) {
            if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
                kind = .lines(try LineReader(path: path))
            } else if name.hasSuffix(".xml") {
                kind = .articles(try Self.openArticles(path))
            } else if name.hasSuffix(".txt") || name.hasSuffix(".md") {
                kind = .text(try ByteStream(path: path))
            } else {
                throw .malformed(
                    path: path,
                    problem: "the name does not say what this is; expected .jsonl, .xml (PubMed), .txt or .md, "
                        + "and .zst or .gz behind it for a compressed file")
            }
        } catch { throw .storage(error) }
    }

    private static func openArticles(_ path: String) throws(StorageError) -> XMLReader {
        do throws(KnowledgeError) { return try XMLReader(path: path) } catch {
            guard case .storage(let error) = error else {
                throw .malformed(path: path, problem: "\(error)")
            }
            throw error
        }
    }

    /// Opens every file, so that one that is not there or is of another kind is known before hours of work.
    static func check(_ paths: [String]) throws(KnowledgeError) {
        for path in paths { _ = try DocumentReader(path: path) }
    }

    public func next() throws(KnowledgeError) -> SourceDocument? {
        switch kind {
        case .lines(let reader): try nextLine(reader)
        case .articles(let reader): try nextArticle(reader)
        case .text(let stream): try wholeText(stream)
        }
    }

    // MARK: JSON lines

    private func nextLine(_ reader: LineReader) throws(KnowledgeError) -> SourceDocument? {
        while true {
            let line: ArraySlice<UInt8>
            do throws(StorageError) {
                guard let next = try reader.next() else { return nil }
                line = next
            } catch { throw .storage(error) }
            guard line.contains(where: { $0 > 0x20 }) else { continue }
            let place = "\(path), line \(reader.number)"
            let row: JSONValue
            do throws(JSONError) { row = try JSONValue.parse(Array(line)) } catch {
                let problem =
                    if case .syntax(let problem, _, _, let column) = error { "column \(column): \(problem)" } else {
                        "\(error)"
                    }
                throw .malformedInput(place: place, found: problem, expected: "one JSON object a line")
            }
            guard row.objectValue != nil else {
                throw .malformedInput(place: place, found: row.kind, expected: "an object with the member text")
            }
            guard let text = (row["text"] ?? row["abstract"] ?? row["contents"])?.stringValue else {
                throw .malformedInput(
                    place: "\(place), member text", found: row["text"]?.kind ?? "nothing", expected: "a string")
            }
            let title = row["title"]?.stringValue ?? ""
            guard !text.isEmpty || !title.isEmpty else {
                emptyDocuments += 1
                continue
            }
            let number = row["_id"] ?? row["id"] ?? row["pmid"]
            let metadata = row["metadata"]
            return SourceDocument(
                id: TidyText.tidy(
                    number?.stringValue ?? number?.integerValue.map(String.init) ?? "\(name):\(reader.number)"),
                title: title, text: text,
                source: TidyText.tidy((row["source"] ?? metadata?["source"])?.stringValue ?? source ?? name),
                licence: TidyText.tidy(
                    (row["licence"] ?? row["license"] ?? metadata?["licence"] ?? metadata?["license"])?.stringValue
                        ?? licence ?? "not stated"))
        }
    }

    // MARK: PubMed

    private func nextArticle(_ reader: XMLReader) throws(KnowledgeError) -> SourceDocument? {
        while let event = try reader.next() {
            guard case .start(let element) = event else { continue }
            if element == "PubmedArticle" {
                if let document = try article(reader) { return document }
                emptyDocuments += 1
            } else if reader.openElements.count == 1, element != "PubmedArticleSet" {
                throw .malformedInput(
                    place: "\(path), line \(reader.line)", found: "<\(element)>", expected: "<PubmedArticleSet>")
            }
        }
        return nil
    }

    private func article(_ reader: XMLReader) throws(KnowledgeError) -> SourceDocument? {
        var number = ""
        var title = ""
        var parts: [String] = []
        let line = reader.line
        reading: while let event = try reader.next() {
            switch event {
            case .text: continue
            case .end(let element): if element == "PubmedArticle" { break reading }
            case .start(let element):
                switch element {
                case "PMID":
                    let text = TidyText.tidy(try reader.elementText())
                    if number.isEmpty { number = text }
                case "ArticleTitle": title = TidyText.tidy(try reader.elementText())
                case "AbstractText":
                    // Other languages stand in OtherAbstract, which is not read.
                    let label = try reader.attribute("Label")
                    let text = TidyText.tidy(try reader.elementText())
                    if !text.isEmpty { parts.append(label.map { "\($0): \(text)" } ?? text) }
                case "OtherAbstract", "CommentsCorrectionsList", "PubmedData", "AuthorList", "MeshHeadingList",
                    "ChemicalList", "GrantList", "InvestigatorList":
                    try reader.skipElement()
                default: continue
                }
            }
        }
        guard !number.isEmpty else {
            throw .malformedInput(
                place: "\(path), line \(line), element PubmedArticle", found: "no PMID",
                expected: "the article's number")
        }
        guard !title.isEmpty || !parts.isEmpty else { return nil }
        return SourceDocument(
            id: "PMID:\(number)", title: title, text: parts.joined(separator: "\n"), source: source ?? "PubMed",
            licence: licence ?? "PubMed abstract, its publisher's terms")
    }

    // MARK: Text

    private var isTextRead = false

    private func wholeText(_ stream: ByteStream) throws(KnowledgeError) -> SourceDocument? {
        guard !isTextRead else { return nil }
        isTextRead = true
        var bytes: [UInt8] = []
        do throws(StorageError) { while let piece = try stream.next() { bytes += piece } } catch {
            throw .storage(error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformedFile(path: path, found: "bytes that are not UTF-8", expected: "UTF-8 text")
        }
        guard !text.isEmpty else {
            emptyDocuments += 1
            return nil
        }
        return SourceDocument(id: name, text: text, source: source ?? name, licence: licence ?? "not stated")
    }

    /// The file's name without the folders that it lies in.
    private var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}
