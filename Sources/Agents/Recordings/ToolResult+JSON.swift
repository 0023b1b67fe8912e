import Primitives

extension ToolCitation {
    public var json: JSONValue {
        var object: JSONObject = [
            "source": .string(source), "id": .string(identifier), "title": .string(title),
        ]
        object["url"] = url.map { .string($0) }
        object["licence"] = licence.map { .string($0) }
        object["date"] = date.map { .string($0) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            source: try json.string(at: "source"), identifier: try json.string(at: "id"),
            title: try json.string(at: "title"), url: json["url"]?.stringValue, licence: json["licence"]?.stringValue,
            date: json["date"]?.stringValue)
    }
}

extension ToolResult {
    /// `failure` and `citations` are left out where there are none.
    public var json: JSONValue {
        var object: JSONObject = ["content": .string(content)]
        object["failure"] = failure.map { .string($0.rawValue) }
        if !citations.isEmpty { object["citations"] = .array(citations.map(\.json)) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        var citations: [ToolCitation] = []
        if json["citations"] != nil {
            for citation in try json.array(at: "citations") { citations.append(try ToolCitation(json: citation)) }
        }
        self.init(
            content: try json.string(at: "content"), failure: try ToolFailure.Kind(in: json, at: "failure"),
            citations: citations)
    }
}

extension ToolFailure {
    public var json: JSONValue { ["kind": .string(kind.rawValue), "message": .string(message)] }

    public init(json: JSONValue) throws(JSONError) {
        guard let kind = try Kind(in: json, at: "kind") else {
            throw .unexpected(path: "kind", expected: "a kind of failure", found: "missing")
        }
        self.init(kind, try json.string(at: "message"))
    }
}

extension ToolFailure.Kind {
    /// `nil` where the member is absent.
    fileprivate init?(in json: JSONValue, at key: String) throws(JSONError) {
        guard json[key] != nil else { return nil }
        let word = try json.string(at: key)
        guard let kind = Self(rawValue: word) else {
            let known = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: key, expected: "one of \(known)", found: "\"\(word)\"")
        }
        self = kind
    }
}
