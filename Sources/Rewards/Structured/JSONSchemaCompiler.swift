import Primitives

/// Turns a schema document into a table of rules, so that references, also recursive ones, are indices.
struct JSONSchemaCompiler {
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples",
        "deprecated",
        "readOnly", "writeOnly", "format",
    ]
    private static let types: Set<String> = ["null", "boolean", "integer", "number", "string", "array", "object"]
    private static let maximumDepth = 64

    private let root: JSONValue
    private var rules: [JSONSchema.Rule] = []
    private var known: [String: Int] = [:]

    init(root: JSONValue) { self.root = root }

    mutating func compile() throws(RewardError) -> [JSONSchema.Rule] {
        _ = try rule(root, at: "#", depth: 0)
        return rules
    }

    private func wrong(_ place: String, _ found: JSONValue, _ expected: String) -> RewardError {
        .invalidPolicy(field: "schema " + place, found: found.text, expected: expected)
    }

    private mutating func rule(_ schema: JSONValue, at place: String, depth: Int) throws(RewardError) -> Int {
        if let index = known[place] { return index }
        guard depth <= Self.maximumDepth else {
            throw .invalidPolicy(
                field: "schema", found: "a deeper one", expected: "at most \(Self.maximumDepth) nested schemas")
        }
        let index = rules.count
        known[place] = index
        rules.append(JSONSchema.Rule())
        switch schema {
        case .bool(let flag): rules[index].isNever = !flag
        case .object(let object):
            var rule = JSONSchema.Rule()
            for (keyword, value) in object.members where !Self.annotations.contains(keyword) {
                try read(keyword, value, into: &rule, at: place, depth: depth)
            }
            rules[index] = rule
        default: throw wrong(place, schema, "a schema: an object or a boolean")
        }
        return index
    }

    private mutating func read(
        _ keyword: String, _ value: JSONValue, into rule: inout JSONSchema.Rule, at place: String, depth: Int
    ) throws(RewardError) {
        let inner = place + "/" + keyword
        switch keyword {
        case "type": rule.types = try types(value, at: inner)
        case "enum":
            guard case .array(let values) = value else { throw wrong(inner, value, "an array") }
            rule.allowed = try values.map { value throws(RewardError) in try node(value, at: inner) }
        case "const": rule.allowed = [try node(value, at: inner)]
        case "properties":
            guard case .object(let object) = value else { throw wrong(inner, value, "an object of schemas") }
            for (key, schema) in object.members {
                let index = try self.rule(schema, at: inner + "/" + Self.escaped(key), depth: depth + 1)
                rule.properties.append(JSONSchema.Property(key: Array(key.utf8), rule: index))
            }
        case "required":
            guard case .array(let keys) = value else { throw wrong(inner, value, "an array of strings") }
            for key in keys {
                guard let text = key.stringValue else { throw wrong(inner, key, "a string") }
                rule.required.append(Array(text.utf8))
            }
        case "additionalProperties": rule.additionalProperties = try self.rule(value, at: inner, depth: depth + 1)
        case "items": rule.items = try self.rule(value, at: inner, depth: depth + 1)
        case "prefixItems": rule.prefixItems = try list(value, at: inner, depth: depth)
        case "anyOf": rule.anyOf = try list(value, at: inner, depth: depth)
        case "oneOf": rule.oneOf = try list(value, at: inner, depth: depth)
        case "allOf": rule.allOf = try list(value, at: inner, depth: depth)
        case "not": rule.not = try self.rule(value, at: inner, depth: depth + 1)
        case "$ref": rule.reference = try target(of: value, at: inner, depth: depth)
        case "uniqueItems":
            guard let flag = value.boolValue else { throw wrong(inner, value, "true or false") }
            rule.hasUniqueItems = flag
        default: try readBound(keyword, value, into: &rule, at: inner)
        }
    }

    private func readBound(
        _ keyword: String, _ value: JSONValue, into rule: inout JSONSchema.Rule, at place: String
    ) throws(RewardError) {
        switch keyword {
        case "minimum": rule.minimum = try number(value, at: place)
        case "maximum": rule.maximum = try number(value, at: place)
        case "exclusiveMinimum": rule.exclusiveMinimum = try number(value, at: place)
        case "exclusiveMaximum": rule.exclusiveMaximum = try number(value, at: place)
        case "minItems": rule.itemCount = try lower(rule.itemCount, value, at: place)
        case "maxItems": rule.itemCount = try upper(rule.itemCount, value, at: place)
        case "minProperties": rule.memberCount = try lower(rule.memberCount, value, at: place)
        case "maxProperties": rule.memberCount = try upper(rule.memberCount, value, at: place)
        case "minLength": rule.length = try lower(rule.length, value, at: place)
        case "maxLength": rule.length = try upper(rule.length, value, at: place)
        default: throw wrong(place, value, "a keyword that this program checks (see JSONSchema)")
        }
    }

    private func types(_ value: JSONValue, at place: String) throws(RewardError) -> [String] {
        let names: [JSONValue] = value.arrayValue ?? [value]
        var types: [String] = []
        for name in names {
            guard let text = name.stringValue, Self.types.contains(text) else {
                throw wrong(place, name, "one of " + Self.types.sorted().joined(separator: ", "))
            }
            types.append(text)
        }
        guard !types.isEmpty else { throw wrong(place, value, "at least one type") }
        return types
    }

    private mutating func list(_ value: JSONValue, at place: String, depth: Int) throws(RewardError) -> [Int] {
        guard case .array(let schemas) = value, !schemas.isEmpty else {
            throw wrong(place, value, "a non-empty array of schemas")
        }
        var indices: [Int] = []
        for (position, schema) in schemas.enumerated() {
            indices.append(try rule(schema, at: "\(place)/\(position)", depth: depth + 1))
        }
        return indices
    }

    private func node(_ value: JSONValue, at place: String) throws(RewardError) -> JSONNode {
        guard let node = JSONNode(value) else { throw wrong(place, value, "a JSON value") }
        return node
    }

    private func number(_ value: JSONValue, at place: String) throws(RewardError) -> JSONDecimal {
        guard case .number(let number)? = JSONNode(value) else { throw wrong(place, value, "a number") }
        return number
    }

    private func count(_ value: JSONValue, at place: String) throws(RewardError) -> Int {
        guard let count = value.integerValue, count >= 0 else { throw wrong(place, value, "a count") }
        return count
    }

    private func lower(
        _ range: ClosedRange<Int>, _ value: JSONValue, at place: String
    ) throws(RewardError) -> ClosedRange<Int> {
        let bound = try count(value, at: place)
        guard bound <= range.upperBound else { throw wrong(place, value, "at most \(range.upperBound)") }
        return bound...range.upperBound
    }

    private func upper(
        _ range: ClosedRange<Int>, _ value: JSONValue, at place: String
    ) throws(RewardError) -> ClosedRange<Int> {
        let bound = try count(value, at: place)
        guard bound >= range.lowerBound else { throw wrong(place, value, "at least \(range.lowerBound)") }
        return range.lowerBound...bound
    }

    // MARK: References

    /// A JSON pointer (RFC 6901) into the document.
    private mutating func target(of value: JSONValue, at place: String, depth: Int) throws(RewardError) -> Int {
        guard let pointer = value.stringValue, pointer == "#" || pointer.hasPrefix("#/") else {
            throw wrong(place, value, "a reference into this schema, such as #/$defs/name")
        }
        if let index = known[pointer] { return index }
        var current = root
        for token in pointer.utf8.split(separator: UInt8(ascii: "/")).dropFirst() {
            let key = Self.unescaped(String(decoding: Array(token), as: UTF8.self))
            if let member = current[key] {
                current = member
            } else if let elements = current.arrayValue, let position = Int(key), elements.indices.contains(position) {
                current = elements[position]
            } else {
                throw wrong(place, value, "a place that exists in this schema")
            }
        }
        return try rule(current, at: pointer, depth: depth + 1)
    }

    private static func escaped(_ key: String) -> String {
        var text = ""
        for character in key.unicodeScalars {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    private static func unescaped(_ token: String) -> String {
        var text = ""
        var isEscape = false
        for character in token.unicodeScalars {
            if isEscape {
                text.unicodeScalars.append(character == "0" ? "~" : character == "1" ? "/" : character)
                isEscape = false
            } else if character == "~" {
                isEscape = true
            } else {
                text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
