import Primitives
import Storage

/// What a run is made of: the resolved recipe and the fingerprints of everything it reads.
public struct RunDescription: Sendable {
    public struct Input: Sendable, Equatable {
        public var name: String
        public var sha256: String

        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    public var name: String
    /// The text of `recipe.yaml`: defaults and overrides applied, secrets never.
    public var recipe: String
    /// Graph, tokenizer, data sets, backend profile, …
    public var inputs: [Input]
    public var toolVersion: String

    public init(name: String, recipe: String, inputs: [Input], toolVersion: String) {
        self.name = name
        self.recipe = recipe
        self.inputs = inputs
        self.toolVersion = toolVersion
    }

    var recipeSHA256: String { SHA256.hex(Array(recipe.utf8)) }

    /// The contents of `lock.json`.
    var lock: JSONValue {
        var inputs = JSONObject()
        for input in self.inputs { inputs[input.name] = .string(input.sha256) }
        return .object([
            "format": "medresearcher.lock/1", "run": .string(name), "recipe_sha256": .string(recipeSHA256),
            "tool_version": .string(toolVersion), "inputs": .object(inputs),
        ])
    }

    /// Lines that two recipes do not share, in order: `- 12: …` of the stored one, `+ 12: …` of the given one.
    static func differences(stored: String, given: String, limit: Int = 12) -> [String] {
        let (old, new) = (
            stored.split(separator: "\n", omittingEmptySubsequences: false).map(String.init),
            given.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        )
        var marks: [(line: Int, text: String)] = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, let line, _): marks.append((offset, "- \(offset + 1): \(line)"))
            case .insert(let offset, let line, _): marks.append((offset, "+ \(offset + 1): \(line)"))
            }
        }
        let ordered = marks.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        let shown = ordered.prefix(limit).map(\.element.text)
        return ordered.count > limit ? shown + ["… and \(ordered.count - limit) more"] : shown
    }
}
