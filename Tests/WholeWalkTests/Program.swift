import Foundation

/// The built `medresearcher`, run as a user runs it.
enum Program {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Beside the test bundle, which SwiftPM builds into the same directory.
    static let path: String = {
        let besideTests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("medresearcher").path
        let usual = root + "/.build/debug/medresearcher"
        return FileManager.default.isExecutableFile(atPath: besideTests) ? besideTests : usual
    }()

    /// A started program whose output goes to files, so that no pipe can fill up.
    final class Running {
        private let process = Process()
        private let directory: String

        init(_ arguments: [String], in directory: String, environment: [String: String] = [:]) throws {
            self.directory = directory
            process.executableURL = URL(fileURLWithPath: Program.path)
            process.arguments = arguments
            process.currentDirectoryURL = URL(fileURLWithPath: directory)
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardOutput = try Self.file(directory + "/stdout.txt")
            process.standardError = try Self.file(directory + "/stderr.txt")
            try process.run()
        }

        private static func file(_ path: String) throws -> FileHandle {
            try Data().write(to: URL(fileURLWithPath: path))
            return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        }

        var isRunning: Bool { process.isRunning }
        func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// Waits for the end; kills a program that takes longer than `seconds`.
        func wait(seconds: Double = 1200) -> Outcome {
            let deadline = Date().addingTimeInterval(seconds)
            while process.isRunning && Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
            if process.isRunning { send(SIGKILL) }
            process.waitUntilExit()
            return Outcome(
                code: process.terminationStatus, output: errorsOrOutput("stdout.txt"),
                errors: errorsOrOutput("stderr.txt"))
        }

        private func errorsOrOutput(_ name: String) -> String {
            (try? String(contentsOfFile: directory + "/" + name, encoding: .utf8)) ?? ""
        }
    }

    static func run(
        _ arguments: [String], in directory: String, environment: [String: String] = [:]
    ) throws -> Outcome {
        try Running(arguments, in: directory, environment: environment).wait()
    }
}
