import Primitives

/// A line of a file that could not be used.
public struct LineProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    public var line: Int
    public var text: String

    public init(line: Int, text: String) {
        self.line = line
        self.text = text
    }

    public var description: String { "line \(line): \(text)" }
}

/// What came of one line.
public struct LineResult<Output: Sendable>: Sendable {
    /// From 1.
    public var line: Int
    public var result: Result<Output, LineProblem>
}

/// Maps the lines of a JSON-lines text, several at once, and hands the results on in the order of the lines.
///
/// A line that fails does not keep the others from being mapped. Blank lines are passed over.
public struct JSONLineMap: Sendable {
    public var maximumConcurrency: Int
    /// Lines that one task maps before its results are handed on.
    public var linesPerTask: Int

    public init(maximumConcurrency: Int, linesPerTask: Int = 512) {
        self.maximumConcurrency = maximumConcurrency
        self.linesPerTask = linesPerTask
    }

    /// - Parameter emit: receives the results of some consecutive lines.
    public func run<Output: Sendable>(
        _ bytes: [UInt8], transform: @escaping @Sendable (JSONValue) throws -> Output,
        emit: ([LineResult<Output>]) throws -> Void
    ) async throws {
        let lines = Self.lines(of: bytes)
        let chunks = stride(from: 0, to: lines.count, by: linesPerTask).map {
            $0..<min($0 + linesPerTask, lines.count)
        }
        for start in stride(from: 0, to: chunks.count, by: maximumConcurrency) {
            let wave = chunks[start..<min(start + maximumConcurrency, chunks.count)]
            let results = await withTaskGroup(of: (Int, [LineResult<Output>]).self) { group in
                for chunk in wave {
                    group.addTask {
                        (chunk.lowerBound, chunk.compactMap { Self.map(bytes, lines[$0], number: $0 + 1, transform) })
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for chunk in wave { try emit(results[chunk.lowerBound] ?? []) }
        }
    }

    private static func map<Output>(
        _ bytes: [UInt8], _ line: Range<Int>, number: Int, _ transform: (JSONValue) throws -> Output
    ) -> LineResult<Output>? {
        guard bytes[line].contains(where: { $0 > 0x20 }) else { return nil }
        do {
            let output = try transform(try JSONValue.parse(Array(bytes[line])))
            return LineResult(line: number, result: .success(output))
        } catch JSONError.syntax(problem: let problem, offset: let offset, line: 1, column: let column) {
            let text = "invalid JSON at column \(column) (byte \(offset)): \(problem)"
            return LineResult(line: number, result: .failure(LineProblem(line: number, text: text)))
        } catch {
            return LineResult(line: number, result: .failure(LineProblem(line: number, text: "\(error)")))
        }
    }

    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            lines.append(start..<index)
            start = index + 1
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        return lines
    }
}
