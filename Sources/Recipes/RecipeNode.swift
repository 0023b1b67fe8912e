import Foundation
import Yams

/// A piece of YAML that remembers where it was written.
indirect enum RecipeNode: Sendable {
    case scalar(String, Place)
    case mapping([(key: String, value: RecipeNode)], Place)
    case sequence([RecipeNode], Place)

    /// Where something was written: a file and a line, or a `--set` argument.
    struct Place: Sendable, Equatable, CustomStringConvertible {
        var source: String
        /// 0 for arguments, which have no lines.
        var line: Int
        var description: String { line > 0 ? "\(source):\(line)" : source }

        /// The directory that relative paths written here start from.
        var directory: String {
            line > 0 ? RecipeFiles.directory(of: source) : FileManager.default.currentDirectoryPath
        }
    }

    var place: Place {
        switch self {
        case .scalar(_, let place), .mapping(_, let place), .sequence(_, let place): place
        }
    }

    /// What an error message calls this kind of value.
    var kind: String {
        switch self {
        case .scalar(let text, _): text.isEmpty ? "nothing" : "`\(text)`"
        case .mapping: "a mapping"
        case .sequence: "a list"
        }
    }

    /// Parses YAML text. `fixedPlace` replaces the lines of the text, for values that come from the command line.
    static func parse(_ text: String, source: String, fixedPlace: Bool = false) throws(RecipeError) -> RecipeNode {
        do {
            guard let node = try Yams.compose(yaml: text) else { return .mapping([], Place(source: source, line: 0)) }
            return try RecipeNode(node, source: source, fixedPlace: fixedPlace)
        } catch let error as RecipeError {
            throw error
        } catch {
            throw RecipeError(problems: [
                .init(place: .init(source: source, line: 0), text: "is not valid YAML: \(error)")
            ])
        }
    }

    private init(_ node: Node, source: String, fixedPlace: Bool) throws(RecipeError) {
        let place = Place(source: source, line: fixedPlace ? 0 : node.mark?.line ?? 0)
        switch node {
        case .scalar(let scalar):
            self = .scalar(scalar.string == "null" || scalar.string == "~" ? "" : scalar.string, place)
        case .sequence(let list):
            var items: [RecipeNode] = []
            for item in list { items.append(try RecipeNode(item, source: source, fixedPlace: fixedPlace)) }
            self = .sequence(items, place)
        case .mapping(let mapping):
            var members: [(key: String, value: RecipeNode)] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw RecipeError(problems: [.init(place: place, text: "keys must be plain words")])
                }
                members.append((name, try RecipeNode(value, source: source, fixedPlace: fixedPlace)))
            }
            self = .mapping(members, place)
        case .alias:
            throw RecipeError(problems: [.init(place: place, text: "YAML aliases are not supported in recipes")])
        }
    }

    /// This node with every member of `other` laid over it; mappings merge, everything else is replaced.
    func overlaid(by other: RecipeNode) -> RecipeNode {
        guard case .mapping(var members, _) = self, case .mapping(let news, let place) = other else { return other }
        for (key, value) in news {
            if let index = members.firstIndex(where: { $0.key == key }) {
                members[index].value = members[index].value.overlaid(by: value)
            } else {
                members.append((key, value))
            }
        }
        return .mapping(members, place)
    }

    /// This node with the value at a dotted path replaced; missing mappings are made.
    func setting(_ path: ArraySlice<Substring>, to value: RecipeNode) -> RecipeNode {
        guard let key = path.first else { return value }
        guard case .mapping(let members, let place) = self else {
            return RecipeNode.mapping([], value.place).setting(path, to: value)
        }
        let old = members.first { $0.key == key }?.value ?? .mapping([], value.place)
        return RecipeNode.mapping(members, place)
            .overlaid(by: .mapping([(String(key), old.setting(path.dropFirst(), to: value))], place))
    }

    /// This mapping without some of its members.
    func without(_ keys: [String]) -> RecipeNode {
        guard case .mapping(let members, let place) = self else { return self }
        return .mapping(members.filter { !keys.contains($0.key) }, place)
    }

    /// A member of a mapping.
    subscript(key: String) -> RecipeNode? {
        guard case .mapping(let members, _) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}
