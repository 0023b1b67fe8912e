import Foundation

/// Paths in recipes: relative to the file they are written in, or to the current directory in `--set`.
struct RecipePaths: Sendable {
    /// Where the resolved recipe will be kept, absolute; its paths start from there.
    var destination: String

    /// An absolute path as the resolved recipe writes it, so that the resolved recipe is a recipe itself.
    func relocated(_ path: String) -> String {
        let target = path.split(separator: "/")
        let start = destination.split(separator: "/")
        let shared = zip(target, start).prefix { $0 == $1 }.count
        let steps = Array(repeating: "..", count: start.count - shared) + target[shared...].map(String.init)
        return steps.isEmpty ? "." : steps.joined(separator: "/")
    }

    static func standardized(_ path: String, in directory: String) -> String {
        URL(fileURLWithPath: path.hasPrefix("/") ? path : directory + "/" + path).standardizedFileURL.path
    }
}
