import Primitives

/// Reads typed fields from a recipe, collects every problem, and records the resolved value of every field.
///
/// Invariant: a key that no one asked for is a problem by the time ``finish()`` returns.
final class RecipeReader {
    private(set) var problems: [RecipeError.Problem] = []
    /// Every field in the order in which it was read: its path and its value as YAML.
    private(set) var resolved: [(path: [String], value: String)] = []
    /// Where each field was written, by its dotted path; that of the section for a default.
    private(set) var places: [String: RecipeNode.Place] = [:]

    let paths: RecipePaths

    init(paths: RecipePaths) { self.paths = paths }

    func complain(_ place: RecipeNode.Place, _ text: String) { problems.append(.init(place: place, text: text)) }

    func record(_ path: [String], _ value: String) { resolved.append((path, value)) }

    func note(_ place: RecipeNode.Place, of path: String) { places[path] = place }

    /// The resolved recipe: defaults and overrides applied, no secrets.
    var resolvedYAML: String {
        var lines: [String] = []
        var open: [String] = []
        for (path, value) in resolved {
            let parents = Array(path.dropLast())
            let shared = zip(open, parents).prefix { $0 == $1 }.count
            for depth in shared..<parents.count {
                let parent = parents[depth]
                lines.append(String(repeating: "  ", count: depth) + (parent.hasPrefix("[") ? "-" : parent + ":"))
            }
            open = parents
            let key = path.last ?? ""
            lines.append(String(repeating: "  ", count: parents.count) + key + ": " + value)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A path as errors write it: `synthesis.difficulty.solvers[0].url`.
    static func dotted(_ path: [String]) -> String { path.joined(separator: ".").replacing(".[", with: "[") }

    func finish() throws(RecipeError) {
        guard problems.isEmpty else {
            throw RecipeError(
                problems: problems.sorted { ($0.place.source, $0.place.line) < ($1.place.source, $1.place.line) })
        }
    }
}

/// One mapping of a recipe.
final class RecipeSection {
    let reader: RecipeReader
    let path: [String]
    let place: RecipeNode.Place
    private let members: [(key: String, value: RecipeNode)]
    private var known: [String] = []

    init(_ node: RecipeNode, path: [String], reader: RecipeReader) {
        self.reader = reader
        self.path = path
        place = node.place
        if case .mapping(let members, _) = node {
            self.members = members
        } else {
            members = []
            if case .scalar("", _) = node {
            } else {
                reader.complain(place, "\(RecipeReader.dotted(path)) must be a mapping, found \(node.kind)")
            }
        }
    }

    /// The dotted path, for errors.
    var name: String { RecipeReader.dotted(path) }

    func has(_ key: String) -> Bool { members.contains { $0.key == key } }

    /// Where a member was written; the section's place for one that was not.
    func place(of key: String) -> RecipeNode.Place { members.first { $0.key == key }?.value.place ?? place }

    /// A sub-section; an absent one reads as empty.
    func section(_ key: String) -> RecipeSection {
        RecipeSection(node(key) ?? .mapping([], place), path: path + [key], reader: reader)
    }

    /// A sub-section that a recipe may leave out.
    func optionalSection(_ key: String) -> RecipeSection? {
        guard has(key) else {
            known.append(key)
            return nil
        }
        return section(key)
    }

    /// A list of sub-sections; an absent one is empty. What is no mapping is complained about and left out.
    func sections(_ key: String) -> [RecipeSection] {
        guard let node = node(key) else {
            reader.record(path + [key], "[]")
            return []
        }
        guard case .sequence(let items, _) = node else {
            reader.complain(node.place, "\(name(key)) must be a list of mappings, found \(node.kind)")
            return []
        }
        if items.isEmpty { reader.record(path + [key], "[]") }
        return items.enumerated().compactMap { index, item in
            let place = path + [key, "[\(index)]"]
            guard case .mapping = item else {
                reader.complain(item.place, "\(RecipeReader.dotted(place)) must be a mapping, found \(item.kind)")
                return nil
            }
            return RecipeSection(item, path: place, reader: reader)
        }
    }

    /// A list of files, of which there has to be one; paths as in `file`.
    func files(_ key: String) -> [String] {
        guard let node = node(key) else {
            reader.complain(place, "\(name(key)) is missing; expected a list of paths")
            return []
        }
        let texts: [String]
        if case .sequence(let items, _) = node {
            texts = items.compactMap { if case .scalar(let text, _) = $0, !text.isEmpty { text } else { nil } }
            if texts.isEmpty || texts.count != items.count {
                reader.complain(node.place, "\(name(key)) must be a list of paths")
                return []
            }
        } else {
            reader.complain(node.place, "\(name(key)) must be a list of paths, found \(node.kind)")
            return []
        }
        let files = texts.map { RecipePaths.standardized($0, in: node.place.directory) }
        let relocated = files.map { Self.quoted(reader.paths.relocated($0)) }
        reader.record(path + [key], "[" + relocated.joined(separator: ", ") + "]")
        return files
    }

    /// A list of files that a recipe may leave out.
    func optionalFiles(_ key: String) -> [String] {
        guard has(key) else {
            known.append(key)
            return []
        }
        return files(key)
    }

    func integer(_ key: String, default value: Int?, in range: ClosedRange<Int>) -> Int {
        scalar(key, default: value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        } ?? range.lowerBound
    }

    func number(_ key: String, default value: Double?, in range: ClosedRange<Double>) -> Double {
        scalar(key, default: value, expected: "a number from \(range.lowerBound) to \(range.upperBound)") {
            Double($0).flatMap { range.contains($0) ? $0 : nil }
        } ?? range.lowerBound
    }

    /// A number that is recorded without a fraction where it has none.
    func quantity(_ key: String, default value: Double, in range: ClosedRange<Double>) -> Double {
        scalar(
            key, default: value, record: { number in Int(exactly: number).map { "\($0)" } ?? "\(number)" },
            expected: "a number from \(range.lowerBound) to \(range.upperBound)"
        ) { Double($0).flatMap { range.contains($0) ? $0 : nil } } ?? range.lowerBound
    }

    func boolean(_ key: String, default value: Bool) -> Bool {
        scalar(key, default: value, expected: "true or false") { ["true": true, "false": false][$0] } ?? value
    }

    func text(_ key: String, default value: String?) -> String {
        scalar(key, default: value, expected: "a text") { $0.isEmpty ? nil : $0 } ?? ""
    }

    /// A file or directory; returned absolute, recorded relative to where the resolved recipe will be kept.
    func file(_ key: String) -> String {
        let directory = members.first { $0.key == key }?.value.place.directory ?? ""
        return scalar(key, default: String?.none, record: reader.paths.relocated, expected: "a path") {
            $0.isEmpty ? nil : RecipePaths.standardized($0, in: directory)
        } ?? ""
    }

    func optionalFile(_ key: String) -> String? {
        guard has(key) else {
            known.append(key)
            return nil
        }
        return file(key)
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard has(key) else {
            known.append(key)
            return nil
        }
        return number(key, default: nil, in: range)
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard has(key) else {
            known.append(key)
            return nil
        }
        return integer(key, default: nil, in: range)
    }

    func optionalText(_ key: String) -> String? {
        guard has(key) else {
            known.append(key)
            return nil
        }
        return scalar(key, default: String?.none, expected: "a text") { $0.isEmpty ? nil : $0 }
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, default value: Choice?) -> Choice?
    where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        let text = scalar(key, default: value?.rawValue, expected: "one of: \(names)") {
            Choice(rawValue: $0)?.rawValue
        }
        return text.flatMap(Choice.init(rawValue:))
    }

    /// One of many names; the nearest one is suggested for another.
    func member(_ key: String, default value: String, among names: [String]) -> String {
        let given = members.first { $0.key == key }.flatMap { member -> String? in
            if case .scalar(let text, _) = member.value { text } else { nil }
        }
        let hint = given.flatMap { NearestName.of($0, in: names) }.map { "; did you mean `\($0)`?" } ?? ""
        return scalar(key, default: value, expected: "one of: \(names.joined(separator: ", "))\(hint)") {
            names.contains($0) ? $0 : nil
        } ?? value
    }

    func texts(_ key: String, default value: [String]) -> [String] {
        known.append(key)
        var result = value
        if let node = members.first(where: { $0.key == key })?.value {
            if case .sequence(let items, _) = node {
                result = items.compactMap { if case .scalar(let text, _) = $0 { text } else { nil } }
                if result.count != items.count {
                    reader.complain(node.place, "\(name(key)) must be a list of texts")
                }
            } else {
                reader.complain(node.place, "\(name(key)) must be a list of texts, found \(node.kind)")
            }
        }
        reader.record(path + [key], "[" + result.map(Self.quoted).joined(separator: ", ") + "]")
        return result
    }

    /// Complains about keys that were not asked for, naming the nearest one that exists.
    func finish() {
        for member in members where !known.contains(member.key) {
            let nearest = NearestName.of(member.key, in: known)
            let hint = nearest.map { "; did you mean `\(name($0))`?" } ?? ""
            reader.complain(member.value.place, "unknown key `\(name(member.key))`\(hint)")
        }
    }

    /// Declares a key as known without reading it.
    func knows(_ key: String) { known.append(key) }

    private func node(_ key: String) -> RecipeNode? {
        known.append(key)
        return members.first { $0.key == key }?.value
    }

    private func name(_ key: String) -> String { RecipeReader.dotted(path + [key]) }

    private func scalar<Value>(
        _ key: String, default value: Value?, record: (Value) -> String = { "\($0)" }, expected: String,
        _ convert: (String) -> Value?
    ) -> Value? {
        let written = node(key)
        reader.note(written?.place ?? place, of: name(key))
        guard let node = written else {
            if let value { reader.record(path + [key], Self.quoted(record(value))) }
            if value == nil { reader.complain(place, "\(name(key)) is missing; expected \(expected)") }
            return value
        }
        guard case .scalar(let text, _) = node, let converted = convert(text) else {
            reader.complain(node.place, "\(name(key)) must be \(expected), found \(node.kind)")
            return value
        }
        reader.record(path + [key], Self.quoted(record(converted)))
        return converted
    }

    /// A YAML scalar: plain where that is unambiguous, else in double quotes.
    static func quoted(_ text: String) -> String {
        let plain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789_-./+".unicodeScalars.contains($0)
            }
        if plain { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
