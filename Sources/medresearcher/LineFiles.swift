import ArgumentParser
import Foundation
import Primitives
import Reporting
import Storage

/// The files of verbs that turn JSON lines into JSON lines.
enum LineFiles {
    /// The bytes of a file, decompressed if its name ends in `.zst`; `-` is standard input.
    static func read(_ file: String) throws -> [UInt8] {
        if file == "-" { return Array(FileHandle.standardInput.readDataToEndOfFile()) }
        let bytes = try FileStore.read(file)
        return file.hasSuffix(".zst") ? try Zstandard.decompress(bytes) : bytes
    }

    /// Collects output lines: to standard output as they come, to a file atomically at the end.
    struct Sink {
        let path: String?
        private var bytes: [UInt8] = []

        init(path: String?) { self.path = path }

        mutating func append(_ line: [UInt8]) {
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
        }

        /// Writes what was collected since the last time, if it goes to standard output.
        mutating func flush() {
            guard path == nil else { return }
            FileHandle.standardOutput.write(Data(bytes))
            bytes.removeAll(keepingCapacity: true)
        }

        mutating func close() throws {
            guard let path else { return flush() }
            try FileStore.writeAtomically(path.hasSuffix(".zst") ? Zstandard.compress(bytes) : bytes, to: path)
        }
    }

    /// The lines that could not be used, of which only the first are shown.
    static func report(_ problems: [LineProblem], file: String) -> [String] {
        let shown = 20
        let lines = problems.prefix(shown).map { "\(file): \($0)" }
        return problems.count <= shown ? lines : lines + ["… and \(problems.count - shown) more lines with problems"]
    }

    /// Maps every line of `input` to one of `output`. Lines that fail are named on standard error.
    /// - Throws: exit code 3 if any line failed, after all others were written.
    static func map(
        _ input: String, to output: String?, what: String,
        _ transform: @escaping @Sendable (JSONValue) throws -> JSONValue
    ) async throws {
        var sink = Sink(path: output)
        var problems: [LineProblem] = []
        var count = 0
        let map = JSONLineMap(maximumConcurrency: ProcessInfo.processInfo.activeProcessorCount, linesPerTask: 128)
        try await map.run(try read(input)) { json in
            try transform(json).serialized()
        } emit: { results in
            for line in results {
                switch line.result {
                case .success(let bytes):
                    sink.append(bytes)
                    count += 1
                case .failure(let problem): problems.append(problem)
                }
            }
            sink.flush()
        }
        try sink.close()
        let summary = ["\(count) \(what)" + (problems.isEmpty ? "" : ", \(problems.count) lines could not be used")]
        Terminal.writeToStandardError((report(problems, file: input) + summary).joined(separator: "\n") + "\n")
        if !problems.isEmpty { throw ExitCode(3) }
    }
}
