import Foundation
import Primitives
import Storage
import Synchronization
import Testing
import Tokenizers
import Transport

@testable import Agents

@Suite struct CassetteTests {
    private let limits = ExchangeLimits(timeout: .seconds(5), maximumBytes: 1000)
    private let request = SourceRequest("https://library.test/a", query: [("q", "x y")])

    @Test func `what is recorded is replayed, text and bytes`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/deep/cassette.jsonl"
        let bodies: [[UInt8]] = [Array("{\"ä\":\"\\u0000\"}\n".utf8), [0xFF, 0xFE, 0], []]
        let exchange = StubExchange { _, index in
            HTTPResponse(status: 200 + index, headers: [("Content-Type", "t"), ("X-Id", "1")], body: bodies[index])
        }
        let requests = [
            request, .post("https://library.test/b", json: ["a": 1]), .post("https://library.test/b", json: ["a": 2]),
        ]
        let recorder = CassetteExchange(try Cassette(path: path, mode: .record), live: exchange)
        for request in requests { _ = try await recorder.send(request, limits) }
        let cassette = try Cassette(path: path, mode: .replay)
        let player = CassetteExchange(cassette)
        for (index, request) in requests.enumerated() {
            let answer = try await player.send(request, limits)
            #expect(answer.status == 200 + index && answer.body == bodies[index])
            #expect(answer.header("content-type") == "t" && answer.header("X-Id") == nil)
        }
        let text = try FileStore.readText(path)
        #expect(text.hasPrefix("{\"format\":\"medresearcher.cassette/1\"}\n"))
        #expect(text.split(separator: "\n").count == 4)
        // Compressed, it is the same.
        try FileStore.writeAtomically(Zstandard.compress(Array(text.utf8)), to: path + ".zst")
        #expect(await (try Cassette(path: path + ".zst", mode: .replay)).count == 3)
    }

    @Test func `an unknown request names itself and the nearest`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/c.jsonl"
        let recorder = CassetteExchange(
            try Cassette(path: path, mode: .record), live: StubExchange { _, _ in .text("[]") })
        _ = try await recorder.send(request, limits)
        _ = try await recorder.send(SourceRequest("https://elsewhere.test/zzz"), limits)
        let player = CassetteExchange(try Cassette(path: path, mode: .replay))
        let error = await #expect(throws: SourceExchangeError.self) {
            try await player.send(SourceRequest("https://library.test/a", query: [("q", "x z")]), limits)
        }
        guard case .notRecorded(let text) = error else { return #expect(Bool(false)) }
        #expect(text.contains("GET https://library.test/a?q=x%20z"))
        #expect(text.contains("nearest recorded is GET https://library.test/a?q=x%20y"))
        #expect(!text.contains(directory.path))
    }

    @Test func `an outage is not remembered, and the last answer counts`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/c.jsonl"
        let exchange = StubExchange { _, index in .text("\(index)", status: index == 0 ? 503 : 200) }
        let mixed = CassetteExchange(try Cassette(path: path, mode: .replayOrRecord), live: exchange)
        #expect(try await mixed.send(request, limits).status == 503)
        #expect(try await mixed.send(request, limits).body == Array("1".utf8))
        #expect(try await mixed.send(request, limits).body == Array("1".utf8))
        #expect(exchange.requests.count == 2)
        let again = CassetteExchange(try Cassette(path: path, mode: .record), live: exchange)
        #expect(try await again.send(request, limits).body == Array("2".utf8))
        let player = CassetteExchange(try Cassette(path: path, mode: .replay))
        #expect(try await player.send(request, limits).body == Array("2".utf8))
    }

    @Test func `a larger answer than allowed is refused in replay too`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/c.jsonl"
        let recorder = CassetteExchange(
            try Cassette(path: path, mode: .record),
            live: StubExchange { _, _ in .text(String(repeating: "x", count: 500)) })
        _ = try await recorder.send(request, limits)
        let player = CassetteExchange(try Cassette(path: path, mode: .replay))
        await #expect(throws: SourceExchangeError.self) {
            try await player.send(request, ExchangeLimits(timeout: .seconds(1), maximumBytes: 499))
        }
    }

    @Test(
        arguments: [
            ("{\"format\":\"other\"}\n", "line 1"),
            ("{\"format\":\"medresearcher.cassette/1\"}\n{\"request\":{}}\n", "line 2"),
            (
                "{\"format\":\"medresearcher.cassette/1\"}\n{\"request\":{},\"answer\":{\"status\":\"x\",\"body\":\"\"}}\n",
                "line 2"
            ),
            (
                "{\"format\":\"medresearcher.cassette/1\"}\n{\"request\":{},\"answer\":{\"status\":200,\"body_base64\":\"*\"}}\n",
                "Base64"
            ),
            ("no json\n", "line 1"),
        ])
    func `a file that is no cassette is refused with its line`(text: String, expected: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/c.jsonl"
        try FileStore.writeAtomically(Array(text.utf8), to: path)
        let error = #expect(throws: StorageError.self) { try Cassette(path: path, mode: .replay) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func `a last line that a crash cut off is lost alone`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/c.jsonl"
        let exchange = StubExchange { request, _ in .text("\"\(request.url)\"") }
        let recorder = CassetteExchange(try Cassette(path: path, mode: .record), live: exchange)
        for name in ["a", "b"] { _ = try await recorder.send(SourceRequest("https://library.test/" + name), limits) }
        let bytes = try FileStore.read(path)
        try FileStore.writeAtomically(Array(bytes.dropLast(10)), to: path)
        let cassette = try Cassette(path: path, mode: .replayOrRecord)
        #expect(await cassette.count == 1)
        let mixed = CassetteExchange(cassette, live: exchange)
        _ = try await mixed.send(SourceRequest("https://library.test/b"), limits)
        #expect(await (try Cassette(path: path, mode: .replay)).count == 2)
    }

    @Test func `missing files and compressed recordings are refused`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: StorageError.self) { try Cassette(path: directory.path + "/none.jsonl", mode: .replay) }
        let error = #expect(throws: StorageError.self) {
            try Cassette(path: directory.path + "/c.jsonl.zst", mode: .record)
        }
        #expect(error?.description.contains("only be replayed") == true)
    }
}

/// Answers with a count of its calls; fails where told.
private final class CountingTool: Tool {
    private let calls = Mutex(0)
    private let failure: ToolFailure?

    init(failure: ToolFailure? = nil) { self.failure = failure }

    var count: Int { calls.withLock(\.self) }
    var description: ToolDescription {
        ToolDescription(
            name: "counter", description: "Counts.", parameters: ["type": "object", "additionalProperties": true])
    }
    var traits: ToolTraits { ToolTraits(timeout: .seconds(3), costPerCall: 0.5, isTrusted: false) }

    func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult {
        let number = calls.withLock {
            $0 += 1
            return $0
        }
        await Task.yield()
        if let failure { throw failure }
        return ToolResult(
            content: "call \(number)", citations: [ToolCitation(source: "s", identifier: "1", title: "t", licence: "l")]
        )
    }
}

@Suite struct RecordedToolTests {
    @Test func `what a server offered replays without it`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/tools.jsonl"
        let tool = CountingTool()
        let recording = try ToolRecording(path: path, mode: .record)
        try await recording.keep([tool.description], of: "lab")
        let answer = try await RecordedTool(tool, recording: recording).call(arguments: ["a": 1])
        let replay = try ToolRecording(path: path, mode: .replay)
        let offer = try #require(await replay.offer(of: "lab"))
        #expect(offer == [tool.description])
        #expect(await replay.offer(of: "other") == nil)
        let unconnected = RecordedTool(
            UnconnectedTool(description: offer[0], traits: tool.traits), recording: replay)
        #expect(try await unconnected.call(arguments: ["a": 1]) == answer)
        await #expect(throws: ToolFailure.self) { try await unconnected.call(arguments: ["a": 2]) }
    }

    @Test func `the same call answers the same, and a replay needs no tool`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/tools.jsonl"
        let tool = CountingTool()
        let recorded = RecordedTool(tool, recording: try ToolRecording(path: path, mode: .record))
        let first = try await recorded.call(arguments: ["a": 1, "b": ["y": 2, "x": 1]])
        #expect(try await recorded.call(arguments: ["b": ["x": 1, "y": 2], "a": 1]) == first)
        #expect(tool.count == 1 && first.citations.count == 1)
        #expect(recorded.traits == tool.traits && recorded.description.name == "counter")
        let unused = CountingTool()
        let replayed = RecordedTool(unused, recording: try ToolRecording(path: path, mode: .replay))
        #expect(try await replayed.call(arguments: ["a": 1, "b": ["x": 1, "y": 2]]) == first)
        let failure = await #expect(throws: ToolFailure.self) { try await replayed.call(arguments: ["a": 2]) }
        #expect(failure?.kind == .unavailable)
        #expect(failure?.message.contains("[\"counter\",{\"a\":2}]") == true)
        #expect(unused.count == 0)
    }

    @Test(arguments: ToolFailure.Kind.allCases.filter(\.isOutage))
    func `an outage is not recorded, so that the next call asks again`(kind: ToolFailure.Kind) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/tools.jsonl"
        let tool = CountingTool(failure: ToolFailure(kind, "it failed"))
        let recording = try ToolRecording(path: path, mode: .record)
        let recorded = RecordedTool(tool, recording: recording)
        for _ in 0..<2 { await #expect(throws: ToolFailure.self) { try await recorded.call(arguments: [:]) } }
        #expect(tool.count == 2)
        #expect(await recording.count == 0)
    }

    @Test(arguments: ToolFailure.Kind.allCases.filter { !$0.isOutage })
    func `failures are recorded with their kind and words`(kind: ToolFailure.Kind) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/tools.jsonl"
        let failure = ToolFailure(kind, "it \"failed\"")
        let recorded = RecordedTool(
            CountingTool(failure: failure), recording: try ToolRecording(path: path, mode: .record))
        #expect(await #expect(throws: ToolFailure.self) { try await recorded.call(arguments: [:]) } == failure)
        let replayed = RecordedTool(CountingTool(), recording: try ToolRecording(path: path, mode: .replay))
        #expect(await #expect(throws: ToolFailure.self) { try await replayed.call(arguments: [:]) } == failure)
    }

    @Test func `many calls at once are made once each and all written`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/tools.jsonl"
        let tool = CountingTool()
        let recording = try ToolRecording(path: path, mode: .replayOrRecord)
        let recorded = RecordedTool(tool, recording: recording)
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for index in 0..<400 {
                group.addTask { (index % 40, try await recorded.call(arguments: ["n": .integer(index % 40)]).content) }
            }
            return try await group.reduce(into: [Int: Set<String>]()) { $0[$1.0, default: []].insert($1.1) }
        }
        #expect(answers.count == 40 && answers.values.allSatisfy { $0.count == 1 })
        #expect(tool.count == 40)
        #expect(await (try ToolRecording(path: path, mode: .replay)).count == 40)
    }

    @Test func `recording afresh forgets what was before`() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/tools.jsonl"
        let tool = CountingTool()
        for expected in ["call 1", "call 2"] {
            let recorded = RecordedTool(tool, recording: try ToolRecording(path: path, mode: .record))
            #expect(try await recorded.call(arguments: [:]).content == expected)
        }
        let replayed = RecordedTool(tool, recording: try ToolRecording(path: path, mode: .replay))
        #expect(try await replayed.call(arguments: [:]).content == "call 2")
    }
}

@Suite struct ToolResultJSONTests {
    @Test(
        arguments: [
            ToolResult(content: ""), ToolResult(content: "a\nb", failure: .timeout),
            ToolResult(
                content: "x",
                citations: [
                    ToolCitation(source: "pubmed", identifier: "PMID:1", title: "T"),
                    ToolCitation(source: "s", identifier: "i", title: "", url: "u", licence: "l", date: "d"),
                ]),
        ])
    func `results come back as they were`(result: ToolResult) throws {
        #expect(try ToolResult(json: JSONValue.parse(result.json.text)) == result)
    }

    @Test(
        arguments: [
            ("{}", "content"), ("{\"content\":1}", "content"),
            ("{\"content\":\"\",\"failure\":\"odd\"}", "one of invalid_call"),
            ("{\"content\":\"\",\"citations\":[{\"source\":\"s\"}]}", "id"), ("[]", "object"),
        ])
    func `what is no result names its fault`(text: String, expected: String) {
        let error = #expect(throws: JSONError.self) { try ToolResult(json: JSONValue.parse(text)) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
}
