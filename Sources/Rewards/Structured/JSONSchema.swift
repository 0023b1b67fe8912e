import Primitives

/// A subset of JSON Schema (draft 2020-12) that needs no regular expression and no network.
///
/// Keywords: `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `minProperties`,
/// `maxProperties`, `items`, `prefixItems`, `minItems`, `maxItems`, `uniqueItems`, `minimum`, `maximum`,
/// `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `maxLength`, `anyOf`, `oneOf`, `allOf`, `not`, and `$ref` to a
/// place of the schema itself. Annotations are read over; any other keyword is an error of the policy, because a rule
/// that is silently not checked would be worse than none.
struct JSONSchema: Sendable {
    /// One schema of the document; the numbers are indices into ``rules``.
    struct Rule: Sendable {
        /// `true` is no rule at all; `false` lets nothing pass.
        var isNever = false
        var types: [String] = []
        var allowed: [JSONNode]?
        var properties: [Property] = []
        var required: [[UInt8]] = []
        var additionalProperties: Int?
        var memberCount = 0...Int.max
        var prefixItems: [Int] = []
        var items: Int?
        var itemCount = 0...Int.max
        var hasUniqueItems = false
        var minimum: JSONDecimal?
        var maximum: JSONDecimal?
        var exclusiveMinimum: JSONDecimal?
        var exclusiveMaximum: JSONDecimal?
        /// In Unicode scalars.
        var length = 0...Int.max
        var anyOf: [Int] = []
        var oneOf: [Int] = []
        var allOf: [Int] = []
        var not: Int?
        var reference: Int?
    }

    struct Property: Sendable {
        var key: [UInt8]
        var rule: Int
    }

    private let rules: [Rule]

    init(_ schema: JSONValue) throws(RewardError) {
        var compiler = JSONSchemaCompiler(root: schema)
        rules = try compiler.compile()
    }

    /// What a value breaks, with the path to it: `at $.dose: expected a number, found a string`; `nil` where it is
    /// valid.
    func problem(with value: JSONNode, work: inout Work) throws(AnswerProblem) -> String? {
        try problem(with: value, rule: 0, path: "$", depth: 0, work: &work)
    }

    private func problem(
        with value: JSONNode, rule index: Int, path: String, depth: Int, work: inout Work
    ) throws(AnswerProblem) -> String? {
        try work.spend(1)
        guard depth <= 2 * work.limits.depth else { throw .overBudget("schemas nested too deeply at \(path)") }
        let rule = rules[index]
        func broken(_ expected: String) -> String { "at \(path): expected \(expected), found \(value.kind)" }

        if rule.isNever { return "at \(path): expected nothing, found \(value.kind)" }
        if !rule.types.isEmpty, !rule.types.contains(where: { Self.isOf(type: $0, value) }) {
            return broken(rule.types.joined(separator: " or "))
        }
        if let allowed = rule.allowed {
            try work.spend(allowed.count)
            if !allowed.contains(value) {
                return broken("one of " + allowed.prefix(8).map(\.text).joined(separator: ", "))
            }
        }
        switch value {
        case .number(let number):
            if let problem = Self.problem(with: number, rule: rule) { return "at \(path): \(problem)" }
        case .string(let text):
            try work.spend(text.count)
            let length = text.count { $0 & 0xC0 != 0x80 }
            if !rule.length.contains(length) {
                return "at \(path): expected a string of \(Self.size(rule.length)) characters, found \(length)"
            }
        case .array(let elements):
            if let problem = try problem(with: elements, rule: rule, path: path, depth: depth, work: &work) {
                return problem
            }
        case .object(let members):
            if let problem = try problem(with: members, rule: rule, path: path, depth: depth, work: &work) {
                return problem
            }
        case .null, .bool: break
        }
        return try combinationProblem(with: value, rule: rule, path: path, depth: depth + 1, work: &work)
    }

    private static func isOf(type: String, _ value: JSONNode) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let number)): number.isInteger
        default: false
        }
    }

    private static func size(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }

    private static func problem(with number: JSONDecimal, rule: Rule) -> String? {
        if let minimum = rule.minimum, number < minimum { return "expected at least \(minimum), found \(number)" }
        if let maximum = rule.maximum, number > maximum { return "expected at most \(maximum), found \(number)" }
        if let bound = rule.exclusiveMinimum, number <= bound { return "expected more than \(bound), found \(number)" }
        if let bound = rule.exclusiveMaximum, number >= bound { return "expected less than \(bound), found \(number)" }
        return nil
    }

    private func problem(
        with elements: [JSONNode], rule: Rule, path: String, depth: Int, work: inout Work
    ) throws(AnswerProblem) -> String? {
        if !rule.itemCount.contains(elements.count) {
            return "at \(path): expected \(Self.size(rule.itemCount)) items, found \(elements.count)"
        }
        if rule.hasUniqueItems, Set(elements).count < elements.count {
            return "at \(path): expected unique items, found a repeated one"
        }
        for (index, element) in elements.enumerated() {
            let inner = index < rule.prefixItems.count ? rule.prefixItems[index] : rule.items
            guard let inner else { continue }
            let place = "\(path)[\(index)]"
            if let problem = try problem(with: element, rule: inner, path: place, depth: depth + 1, work: &work) {
                return problem
            }
        }
        return nil
    }

    private func problem(
        with members: [JSONNode.Member], rule: Rule, path: String, depth: Int, work: inout Work
    ) throws(AnswerProblem) -> String? {
        if !rule.memberCount.contains(members.count) {
            return "at \(path): expected \(Self.size(rule.memberCount)) members, found \(members.count)"
        }
        for key in rule.required where JSONNode.value(of: key, in: members) == nil {
            return "at \(path): expected the member `\(String(decoding: key, as: UTF8.self))`, found none"
        }
        for member in members {
            try work.spend(rule.properties.count)
            let declared = rule.properties.first { $0.key == member.key }?.rule
            guard let inner = declared ?? rule.additionalProperties else { continue }
            let place = path + "." + String(decoding: member.key, as: UTF8.self)
            if let problem = try problem(with: member.value, rule: inner, path: place, depth: depth + 1, work: &work) {
                return problem
            }
        }
        return nil
    }

    private func combinationProblem(
        with value: JSONNode, rule: Rule, path: String, depth: Int, work: inout Work
    ) throws(AnswerProblem) -> String? {
        for inner in rule.allOf + (rule.reference.map { [$0] } ?? []) {
            if let problem = try problem(with: value, rule: inner, path: path, depth: depth, work: &work) {
                return problem
            }
        }
        if !rule.anyOf.isEmpty {
            var firstProblem: String?
            var isValid = false
            for inner in rule.anyOf where !isValid {
                let problem = try problem(with: value, rule: inner, path: path, depth: depth, work: &work)
                if problem == nil { isValid = true }
                firstProblem = firstProblem ?? problem
            }
            if !isValid, let firstProblem { return firstProblem + " (and no other alternative fits)" }
        }
        if !rule.oneOf.isEmpty {
            var count = 0
            for inner in rule.oneOf
            where try problem(with: value, rule: inner, path: path, depth: depth, work: &work) == nil { count += 1 }
            if count != 1 { return "at \(path): expected exactly one of \(rule.oneOf.count) schemas, found \(count)" }
        }
        if let inner = rule.not,
            try problem(with: value, rule: inner, path: path, depth: depth, work: &work) == nil
        {
            return "at \(path): expected a value that `not` does not describe, found \(value.kind)"
        }
        return nil
    }
}
