import Knowledge
import Primitives
import Storage

/// The documents of a file, one after the other.
///
/// JSON lines (`.jsonl`, `.ndjson`): the id is `_id`, `id`, `doc_id` or `pmid`; the text is `text`, `abstract` or
/// `contents`, a string or an array of sentences; the title is `title`. All other members are attributes, and so are those
/// of `metadata`, unless the line itself has a member of that name. Everything that ``Knowledge/DocumentReader`` reads
/// besides (PubMed's `.xml`, `.txt`, `.md`) gives documents with the attributes `source` and `licence`.
public final class RetrievalDocumentReader {
    /// Names that the members of a file have instead of the usual ones.
    public struct Fields: Sendable, Hashable {
        public var id: String?
        public var title: String?
        public var text: String?

        public init(id: String? = nil, title: String? = nil, text: String? = nil) {
            self.id = id
            self.title = title
            self.text = text
        }
    }

    public let path: String
    private let fields: Fields
    private let defaults: JSONObject
    private let source: Source

    private enum Source {
        case lines(LineReader)
        case documents(DocumentReader)
    }

    /// - Parameter defaults: attributes of documents that do not have them.
    public init(path: String, fields: Fields = Fields(), defaults: JSONObject = [:]) throws(RetrievalError) {
        self.path = path
        self.fields = fields
        self.defaults = defaults
        if let (name, found, expected) = SourceProfile.problem(of: defaults) {
            throw .invalidConfiguration(name: "the attribute \(name)", value: found, expected: expected)
        }
        var name = path[...]
        for suffix in [".zst", ".gz"] where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
        if name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") {
            do throws(StorageError) { source = .lines(try LineReader(path: path)) } catch { throw .storage(error) }
        } else {
            do throws(KnowledgeError) { source = .documents(try DocumentReader(path: path)) } catch {
                throw Self.converted(error)
            }
        }
    }

    public func next() throws(RetrievalError) -> RetrievalDocument? {
        switch source {
        case .lines(let reader):
            while true {
                let line: ArraySlice<UInt8>
                do throws(StorageError) {
                    guard let next = try reader.next() else { return nil }
                    line = next
                } catch { throw .storage(error) }
                guard line.contains(where: { $0 > 0x20 }) else { continue }
                return try document(line, place: "\(path), line \(reader.number)")
            }
        case .documents(let reader):
            do throws(KnowledgeError) {
                return try reader.next().map { document in
                    RetrievalDocument(
                        id: document.id, title: document.title, text: document.text,
                        attributes: completed([
                            "source": .string(document.source), "licence": .string(document.licence),
                        ]))
                }
            } catch { throw Self.converted(error) }
        }
    }

    private static func converted(_ error: KnowledgeError) -> RetrievalError {
        if case .storage(let error) = error { .storage(error) } else { .unreadable(problem: "\(error)") }
    }

    private func document(_ line: ArraySlice<UInt8>, place: String) throws(RetrievalError) -> RetrievalDocument {
        let row: JSONValue
        do throws(JSONError) { row = try JSONValue.parse(Array(line)) } catch {
            let problem =
                if case .syntax(let problem, _, _, let column) = error { "column \(column): \(problem)" } else {
                    "\(error)"
                }
            throw .invalidDocument(place: place, found: problem, expected: "one JSON object a line")
        }
        guard let object = row.objectValue else {
            throw .invalidDocument(place: place, found: row.kind, expected: "an object")
        }
        let (idName, idValue) = member(object, fields.id, ["_id", "id", "doc_id", "pmid"])
        guard let id = idValue.flatMap({ $0.stringValue ?? $0.integerValue.map(String.init) }), !id.isEmpty else {
            throw .invalidDocument(
                place: "\(place), member \(idName)", found: idValue?.kind ?? "nothing",
                expected: "the document's id, a text or a whole number")
        }
        let (textName, textValue) = member(object, fields.text, ["text", "abstract", "contents"])
        guard let text = Self.text(textValue) else {
            throw .invalidDocument(
                place: "\(place), member \(textName)", found: textValue?.kind ?? "nothing",
                expected: "a text or an array of sentences")
        }
        let (titleName, titleValue) = member(object, fields.title, ["title"])
        guard let title = titleValue.map(Self.text) ?? "" else {
            throw .invalidDocument(
                place: "\(place), member \(titleName)", found: titleValue?.kind ?? "nothing", expected: "a text")
        }
        let attributes = completed(Self.attributes(object, without: [idName, textName, titleName]))
        if let (name, found, expected) = SourceProfile.problem(of: attributes) {
            throw .invalidDocument(place: "\(place), member \(name)", found: found, expected: expected)
        }
        return RetrievalDocument(id: id, title: title, text: text, attributes: attributes)
    }

    private func member(_ object: JSONObject, _ own: String?, _ usual: [String]) -> (name: String, value: JSONValue?) {
        for name in own.map({ [$0] }) ?? usual {
            if let value = object[name], !value.isNull { return (name, value) }
        }
        return (own ?? usual[0], nil)
    }

    private static func text(_ value: JSONValue?) -> String? {
        if let text = value?.stringValue { return text }
        guard let elements = value?.arrayValue else { return nil }
        let sentences = elements.compactMap(\.stringValue)
        return sentences.count == elements.count ? sentences.joined(separator: " ") : nil
    }

    private static func attributes(_ object: JSONObject, without names: [String]) -> JSONObject {
        var attributes = JSONObject()
        for (name, value) in object.members where !names.contains(name) && !value.isNull {
            guard name == "metadata", let inner = value.objectValue else {
                attributes[name] = value
                continue
            }
            for (name, value) in inner.members where object[name] == nil && !value.isNull { attributes[name] = value }
        }
        return attributes
    }

    private func completed(_ attributes: JSONObject) -> JSONObject {
        var attributes = attributes
        for (name, value) in defaults.members where attributes[name] == nil { attributes[name] = value }
        return attributes
    }
}
