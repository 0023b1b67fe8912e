import Foundation
import Primitives

/// The cases on which we differ from upstream on purpose or for want of better, by file and line.
enum Disagreements {
    /// Why a case is not as upstream has it.
    enum Reason: String, CaseIterable {
        /// Upstream lets pass what the stricter policy refuses.
        case stricter
        /// The upstream label is wrong.
        case label
        /// We cannot do it.
        case gap
    }

    struct Entry {
        var reason: Reason
        var note: String
    }

    /// `{"file": [{"line", "reason", "note"}]}` beside this source.
    static func load(_ file: String) throws -> [Int: Entry] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Disagreements.json")
        let json = try JSONValue.parse([UInt8](Data(contentsOf: path)))
        var entries: [Int: Entry] = [:]
        for row in json[file]?.arrayValue ?? [] {
            guard let reason = Reason(rawValue: try row.string(at: "reason")) else {
                throw JSONError.unexpected(path: "reason", expected: "stricter, label or gap", found: row.text)
            }
            entries[try row.integer(at: "line")] = Entry(reason: reason, note: try row.string(at: "note"))
        }
        return entries
    }
}
