import Foundation
import Primitives

/// The reward cases beside the repository, converted from public test suites; absent on other machines.
enum SharedCases {
    static let directory: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { url.deleteLastPathComponent() }
        return url.deletingLastPathComponent().appendingPathComponent("shared/cases/rewards").path
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root) }

    struct Row {
        var type: String
        var gold: JSONValue
        var prediction: JSONValue
        var expected: JSONValue
        var note: JSONValue
    }

    static func rows(_ name: String) throws -> [Row] {
        let text = try String(contentsOfFile: root + "/" + name + ".jsonl", encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            let json = try JSONValue.parse(String(line))
            return Row(
                type: json["type"]?.stringValue ?? "", gold: json["gold"] ?? .null,
                prediction: json["prediction"] ?? .null, expected: json["expected"] ?? .null,
                note: json["note"] ?? .null)
        }
    }

    /// A linked worktree has no sibling `shared`; the project's own place is tried then.
    private static let root =
        [directory, "/work/shared/cases/rewards"].first {
            FileManager.default.fileExists(atPath: $0)
        } ?? directory
}
