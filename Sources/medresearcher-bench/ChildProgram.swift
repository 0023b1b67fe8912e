import Foundation

/// A program that was started, whose output goes to files so that no pipe can fill up.
final class ChildProgram {
    struct Outcome {
        /// The exit code, or the signal's number where one ended it.
        var code: Int32
        var wasSignalled: Bool
        var output: String
        var errors: String

        /// The last line that says anything, for tables.
        var lastWords: String {
            let lines = (errors + "\n" + output).split(whereSeparator: \.isNewline)
            return String(lines.last { $0.contains("error") } ?? lines.last ?? "")
        }
    }

    private let process = Process()
    private let outputFile: String
    private let errorFile: String

    /// - Parameter name: of the files that the output goes to, in the directory.
    init(_ path: String, _ arguments: [String], in directory: String, name: String = "program") throws {
        outputFile = directory + "/\(name).stdout"
        errorFile = directory + "/\(name).stderr"
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(outputFile)
        process.standardError = try Self.file(errorFile)
        try process.run()
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end; a program that takes longer is killed.
    func wait(seconds: Double = 1800) -> Outcome {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while process.isRunning, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.002) }
        if process.isRunning { send(SIGKILL) }
        process.waitUntilExit()
        func text(_ file: String) -> String { (try? String(contentsOfFile: file, encoding: .utf8)) ?? "" }
        return Outcome(
            code: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
            output: text(outputFile), errors: text(errorFile))
    }
}
