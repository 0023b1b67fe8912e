import Foundation
import Storage

/// Recipe files on disk: `extend:` and `--set`.
enum RecipeFiles {
    /// Reads a recipe and what it extends; members of the file lie over those of the extended one.
    static func read(_ path: String, openFiles: [String] = []) throws -> RecipeNode {
        guard !openFiles.contains(path) else {
            throw RecipeError(problems: [
                .init(
                    place: .init(source: path, line: 0),
                    text: "extends itself: \((openFiles + [path]).joined(separator: " → "))")
            ])
        }
        let bytes: [UInt8]
        do {
            bytes = try FileStore.read(path)
        } catch {
            throw RecipeError(problems: [
                .init(place: .init(source: path, line: 0), text: "cannot be read: \(error)")
            ])
        }
        let node = try RecipeNode.parse(String(decoding: bytes, as: UTF8.self), source: path)
        guard case .scalar(let parent, _)? = node["extend"] else { return node }
        let file = parent.hasPrefix("/") ? parent : directory(of: path) + "/" + parent
        return try read(file, openFiles: openFiles + [path]).overlaid(by: node)
    }

    /// Applies `rl.group_size=16`; the value is YAML.
    static func apply(_ override: String, to node: RecipeNode) throws(RecipeError) -> RecipeNode {
        let source = "--set \(override)"
        guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
            throw RecipeError(problems: [
                .init(place: .init(source: source, line: 0), text: "expected KEY.PATH=VALUE, for example rl.steps=20")
            ])
        }
        let value = try RecipeNode.parse(
            String(override[override.index(after: equals)...]), source: source, fixedPlace: true)
        let path = override[..<equals].split(separator: ".", omittingEmptySubsequences: false)
        return node.setting(path[...], to: value)
    }

    /// The absolute directory that holds a file.
    static func directory(of path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().path
    }
}
