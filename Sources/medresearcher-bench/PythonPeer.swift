import Foundation
import Primitives

/// A Python interpreter that runs a script of ours with one JSON value in and one out.
struct PythonPeer {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// A path, or a name to be found in `PATH`.
    var interpreter: String

    /// Whether the module can be imported; false also where there is no such interpreter.
    func imports(_ module: String) -> Bool {
        guard let output = try? execute("import \(module)\nprint('yes')\n", environment: [:]) else { return false }
        return output.status == 0
    }

    /// Runs the script, which finds its input as `INPUT` and prints one line of JSON last.
    func run(_ script: String, input: JSONValue, environment: [String: String] = [:]) throws -> JSONValue {
        let program = "import json\nINPUT = json.loads(r'''\(input.text)''')\n" + script
        let output = try execute(program, environment: environment)
        guard output.status == 0, let line = output.text.split(separator: "\n").last else {
            let reason = output.errors.split(separator: "\n").last ?? "it printed nothing"
            throw Failure(description: "\(interpreter) ended with status \(output.status): \(reason)")
        }
        return try JSONValue.parse(String(line))
    }

    private func execute(
        _ program: String, environment: [String: String]
    ) throws -> (status: Int32, text: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [interpreter, "-"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, because two pipes read one after the other can fill up and stop the process.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("medresearcher-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        try Data(program.utf8).write(to: files[0])
        for file in files.dropFirst() { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        let texts = try files.dropFirst().map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
        return (process.terminationStatus, texts[0], texts[1])
    }
}
