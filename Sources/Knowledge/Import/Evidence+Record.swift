import Primitives

extension Evidence {
    /// The statement's place as it stands in a file of conflicts.
    var record: JSONValue {
        var object: JSONObject = ["source": .string(source), "licence": .string(licence)]
        if let document { object["document"] = .string(document) }
        if let span { object["span"] = [.integer(span.lowerBound), .integer(span.upperBound)] }
        return .object(object)
    }

    /// An order of statements that does not depend on the order of reading.
    var sortKey: [String] {
        [source, licence, document ?? "", span.map { "\($0.lowerBound + 1_000_000_000)-\($0.upperBound)" } ?? ""]
    }
}
