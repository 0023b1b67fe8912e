import Primitives

/// Members of the kinds that golds, verdicts and rewards are stored with.
extension JSONValue {
    /// A string, or `nil` for null and for an absent member.
    func optionalString(at key: String) throws(JSONError) -> String? {
        guard let value = self[key], !value.isNull else { return nil }
        return try string(at: key)
    }

    func strings(at key: String) throws(JSONError) -> [String] {
        let elements = try array(at: key)
        let strings = elements.compactMap(\.stringValue)
        guard strings.count == elements.count else {
            throw .unexpected(path: key, expected: "an array of strings", found: "an array that holds something else")
        }
        return strings
    }

    /// A string that is the raw value of a case of `Value`.
    func rawValue<Value: RawRepresentable<String> & CaseIterable>(at key: String) throws(JSONError) -> Value {
        let text = try string(at: key)
        guard let value = Value(rawValue: text) else {
            let expected = "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: key, expected: expected, found: "`\(text)`")
        }
        return value
    }
}
