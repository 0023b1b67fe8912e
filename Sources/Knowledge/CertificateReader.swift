import Primitives

/// Reads the fields of a certificate, naming the one that cannot be read.
struct CertificateReader {
    let json: JSONValue
    let graph: KnowledgeGraph
    /// What stands before a field's name in errors.
    let path: String

    func fail(_ field: String, _ expected: String) -> KnowledgeError {
        .invalidCertificate(field: path + field, value: json[field]?.text ?? "missing", expected: expected)
    }

    func text(_ field: String) throws(KnowledgeError) -> String {
        guard let value = json[field]?.stringValue else { throw fail(field, "a string") }
        return value
    }

    func integer(_ field: String) throws(KnowledgeError) -> Int {
        guard let value = json[field]?.integerValue else { throw fail(field, "an integer") }
        return value
    }

    func array(_ field: String) throws(KnowledgeError) -> [JSONValue] {
        guard let values = json[field]?.arrayValue else { throw fail(field, "an array") }
        return values
    }

    func list<Element>(
        _ field: String, _ expected: String, _ element: (JSONValue) -> Element?
    ) throws(KnowledgeError) -> [Element] {
        let values = try array(field)
        let elements = values.compactMap(element)
        guard elements.count == values.count else { throw fail(field, expected) }
        return elements
    }

    func texts(_ field: String) throws(KnowledgeError) -> [String] { try list(field, "strings") { $0.stringValue } }

    func integers(_ field: String) throws(KnowledgeError) -> [Int] { try list(field, "integers") { $0.integerValue } }

    func entity(_ field: String) throws(KnowledgeError) -> EntityIndex {
        guard let entity = graph.index(id: try text(field)) else { throw fail(field, "an id of the graph") }
        return entity
    }

    func entities(_ field: String) throws(KnowledgeError) -> [EntityIndex] {
        try list(field, "ids of the graph") { $0.stringValue.flatMap { graph.index(id: $0) } }
    }

    func steps(_ field: String) throws(KnowledgeError) -> [Step] {
        try list(field, "names of the graph's relations, with ^ for the inverse") { value in
            value.stringValue.flatMap { graph.step(named: $0) }
        }
    }

    func facts(_ field: String) throws(KnowledgeError) -> [Fact] {
        try list(field, "facts, each as [head id, relation, tail id]") { value in
            guard let parts = value.arrayValue, parts.count == 3,
                let head = parts[0].stringValue.flatMap({ graph.index(id: $0) }),
                let relation = parts[1].stringValue.flatMap({ graph.relationIndex(name: $0) }),
                let tail = parts[2].stringValue.flatMap({ graph.index(id: $0) })
            else { return nil }
            return Fact(head: head, relation: relation, tail: tail)
        }
    }
}
