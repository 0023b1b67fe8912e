import Foundation
import Testing

/// `medresearcher score`, as a user runs it.
struct ScoreTests {
    private func run(_ arguments: [String], files: [String: String] = [:]) throws -> (
        outcome: Program.Outcome, directory: String
    ) {
        let directory = NSTemporaryDirectory() + "score-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(toFile: directory + "/" + name, atomically: true, encoding: .utf8)
        }
        return (try Program.run(["score"] + arguments, in: directory), directory)
    }

    @Test func `a file is graded line by line and bad lines are named`() throws {
        let cases = """
            {"id": "a", "type": "quantity", "gold": "5 g", "prediction": "5000 mg"}
            {"id": "b", "gold": "5"
            {"id": "c", "type": "quantity", "gold": "5 g", "prediction": "5 kg"}
            """
        let (outcome, directory) = try run(
            ["--input", "cases.jsonl", "--output", "verdicts.jsonl"], files: ["cases.jsonl": cases])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("cases.jsonl: line 2"), "\(outcome.errors)")
        let lines = try String(contentsOfFile: directory + "/verdicts.jsonl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains(#""id":"a","verdict":"correct","reward":1.0"#))
        #expect(lines[1].contains(#""id":"c","verdict":"incorrect","reward":0.0"#))
    }

    @Test func `one pair is explained`() throws {
        let (outcome, directory) = try run(["--gold", "5 g", "--prediction", "5 kg", "--type", "quantity"])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("incorrect, reward 0.0\n"), "\(outcome.output)")
        #expect(outcome.output.contains("5000 g"))
    }

    @Test func `a pair's verdict is printed as JSON on request`() throws {
        let (outcome, directory) = try run([
            "--gold", "", "--prediction", "<think>a", "--type", "format_think", "--json",
        ])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(outcome.code == 0)
        #expect(outcome.output.contains(#""verdict":"incorrect""#), "\(outcome.output)")
        #expect(outcome.output.contains("at byte"), "\(outcome.output)")
    }

    @Test func `verdicts are the same in another process with another hash seed`() throws {
        let lines = (1...50).map {
            #"{"id": \#($0), "type": "latex", "gold": "\\sin^2 x + \#($0)", "prediction": "\#($0 + 1) - \\cos^2 x"}"#
        }
        let files = ["cases.jsonl": lines.joined(separator: "\n")]
        let (first, one) = try run(["--input", "cases.jsonl"], files: files)
        let (second, two) = try run(["--input", "cases.jsonl"], files: files)
        defer { for directory in [one, two] { try? FileManager.default.removeItem(atPath: directory) } }
        #expect(first.output == second.output && first.output.contains(#""verdict":"correct""#))
    }

    @Test func `an unusable gold is explained and ends with the code of invalid input`() throws {
        let (outcome, directory) = try run([
            "--gold", "5 zorks", "--prediction", "5", "--type", "quantity", "--explain",
        ])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(outcome.code == 3)
        #expect(outcome.output.contains("goldError") && outcome.output.contains("zorks"), "\(outcome.output)")
    }

    @Test(arguments: [
        (["--gold", "5"], 2, "both --gold and --prediction"), ([], 2, "--input"),
        (["--input", "nowhere.jsonl"], 3, "nowhere.jsonl"),
        (["--gold", "5", "--prediction", "5", "--type", "numbr"], 3, "did you mean `number`"),
        (["--gold", "5", "--prediction", "5", "--policy", "{"], 3, "JSON"),
    ])
    func `a mistake ends with one error and its exit code`(arguments: [String], code: Int32, says: String) throws {
        let (outcome, directory) = try run(arguments)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(outcome.code == code, "\(outcome.errors)")
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }
}
