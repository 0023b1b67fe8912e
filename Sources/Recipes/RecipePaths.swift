import Foundation

/// Paths in recipes, which are relative to the recipe's own file.
struct RecipePaths: Sendable {
    /// The directory that paths of the recipe start from, absolute.
    var source: String
    /// The directory that paths of the resolved recipe start from: where its file will be, absolute.
    var destination: String

    func resolve(_ path: String) -> String { Self.standardized(path, in: source) }

    /// The path as the resolved recipe writes it, so that the resolved recipe is a recipe itself.
    func relocated(_ path: String) -> String {
        guard !path.hasPrefix("/"), source != destination else { return path }
        let target = resolve(path).split(separator: "/")
        let start = destination.split(separator: "/")
        let shared = zip(target, start).prefix { $0 == $1 }.count
        let steps = Array(repeating: "..", count: start.count - shared) + target[shared...].map(String.init)
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }

    static func standardized(_ path: String, in directory: String) -> String {
        URL(fileURLWithPath: path.hasPrefix("/") ? path : directory + "/" + path).standardizedFileURL.path
    }
}
