import Foundation
import Primitives

@testable import Rewards

/// The reward cases beside the repository, converted from public test suites; absent on other machines.
enum SharedCases {
    struct Disagreement: CustomStringConvertible {
        var line: Int
        var text: String
        var outcome: String
        var description: String { "line \(line): \(text.prefix(600))\n\(outcome)" }
    }

    static let root: String = {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let repository = tests.deletingLastPathComponent().deletingLastPathComponent()
        let beside = repository.deletingLastPathComponent().appendingPathComponent("shared/cases/rewards").path
        // A package elsewhere that links to these tests finds the cases where the project keeps them.
        return FileManager.default.fileExists(atPath: beside) ? beside : "/work/shared/cases/rewards"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root) }

    static let files: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [])
        .filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()

    static func lines(_ file: String) throws -> [Substring] {
        try String(contentsOfFile: root + "/" + file + ".jsonl", encoding: .utf8).split(separator: "\n")
    }

    /// The cases whose outcome is not the expected one, with line numbers from 1.
    static func disagreements(in file: String) throws -> [Disagreement] {
        try lines(file).enumerated().compactMap { index, text in
            let outcome: ScoreOutcome
            do {
                outcome = try Scorer().score(try ScoreCase(json: try JSONValue.parse(String(text))))
            } catch {
                return Disagreement(line: index + 1, text: String(text), outcome: "\(error)")
            }
            guard outcome.agrees == false else { return nil }
            return Disagreement(line: index + 1, text: String(text), outcome: outcome.explanation)
        }
    }
}
