import Primitives
import Storage
import Testing

@Suite struct JSONLineMapTests {
    private func run(_ text: String, concurrency: Int, linesPerTask: Int = 3) async throws -> [String] {
        var results: [String] = []
        let map = JSONLineMap(maximumConcurrency: concurrency, linesPerTask: linesPerTask)
        try await map.run(Array(text.utf8)) {
            try $0.integer(at: "n") * 2
        } emit: { lines in
            for line in lines {
                switch line.result {
                case .success(let value): results.append("\(line.line): \(value)")
                case .failure(let problem): results.append("\(line.line) failed: \(problem.line)")
                }
            }
        }
        return results
    }

    @Test(arguments: [1, 2, 5])
    func `results come in the order of the lines, whatever runs at once`(concurrency: Int) async throws {
        let text = (1...40).map { "{\"n\": \($0)}\n" }.joined()
        #expect(try await run(text, concurrency: concurrency) == (1...40).map { "\($0): \($0 * 2)" })
    }

    @Test func `lines that fail are named and blank ones passed over`() async throws {
        let text = "{\"n\": 1}\n\n  \nnot json\n{\"m\": 1}\n{\"n\": 3}"
        #expect(try await run(text, concurrency: 2) == ["1: 2", "4 failed: 4", "5 failed: 5", "6: 6"])
    }

    @Test func `a line that is no JSON is named by its own number, and the column within it`() async throws {
        var problems: [String] = []
        let map = JSONLineMap(maximumConcurrency: 1)
        try await map.run(Array("{}\n{\"n\" 1}".utf8)) {
            $0
        } emit: { lines in
            for case .failure(let problem) in lines.map(\.result) { problems.append("\(problem)") }
        }
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("line 2: invalid JSON at column 6 (byte 5): ") == true)
    }

    @Test func `an empty text has no lines`() async throws {
        #expect(try await run("", concurrency: 2).isEmpty)
    }
}
