/// An element with everything in it, for parts of a document that are small.
struct XMLElement {
    let name: String
    /// The line on which it begins.
    let line: Int
    private(set) var children: [XMLElement] = []
    /// Its own text, without that of its children.
    private(set) var text = ""

    /// Reads the element whose start tag was the reader's last event.
    init(_ reader: XMLReader) throws(KnowledgeError) {
        name = reader.openElements.last ?? ""
        line = reader.line
        let depth = reader.openElements.count
        while let event = try reader.next() {
            switch event {
            case .start: children.append(try XMLElement(reader))
            case .text: text += try reader.text()
            case .end: if reader.openElements.count < depth { return }
            }
        }
    }

    subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The tidied text of the element at a path of names; `nil` where it is absent or empty.
    func text(at path: String...) -> String? {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        let text = element.map { TidyText.tidy($0.text) } ?? ""
        return text.isEmpty ? nil : text
    }

    /// The children of that name of the child `list`.
    func list(_ list: String, of name: String) -> [XMLElement] { self[list]?.children.filter { $0.name == name } ?? [] }
}
