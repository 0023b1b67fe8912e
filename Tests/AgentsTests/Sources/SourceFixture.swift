import Foundation
import Primitives
import Synchronization
import Transport

@testable import Agents

/// A directory of its own for a test, removed with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "medresearcher-sources-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A clock that moves only when somebody sleeps, or when told.
final class ManualTime: Sendable {
    private let elapsed = Mutex(Duration.zero)
    private let start = ContinuousClock.now
    /// What was slept, in order.
    private let naps = Mutex<[Duration]>([])

    var slept: [Duration] { naps.withLock(\.self) }
    func advance(_ duration: Duration) { elapsed.withLock { $0 += duration } }

    var time: SourceTime {
        SourceTime(
            now: { self.start + self.elapsed.withLock(\.self) },
            date: { 1_000_000 + self.elapsed.withLock(\.self).seconds },
            sleep: { duration in
                try Task.checkCancellation()
                self.naps.withLock { $0.append(duration) }
                self.elapsed.withLock { $0 += duration }
            })
    }
}

/// Answers from a closure, and counts.
final class StubExchange: SourceExchange {
    private let asked = Mutex<[SourceRequest]>([])
    private let answer: @Sendable (SourceRequest, Int) async throws(SourceExchangeError) -> HTTPResponse

    init(_ answer: @escaping @Sendable (SourceRequest, Int) async throws(SourceExchangeError) -> HTTPResponse) {
        self.answer = answer
    }

    var requests: [SourceRequest] { asked.withLock(\.self) }

    func send(_ request: SourceRequest, _ limits: ExchangeLimits) async throws(SourceExchangeError) -> HTTPResponse {
        let index = asked.withLock {
            $0.append(request)
            return $0.count - 1
        }
        return try await answer(request, index)
    }
}

extension HTTPResponse {
    static func text(
        _ body: String, status: Int = 200, type: String = "application/json",
        _ headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", type)] + headers, body: Array(body.utf8))
    }
}

/// One request and its answer, as a line of a cassette.
struct Recorded {
    var method = "GET"
    var url: String
    var sent: String?
    var status = 200
    var type = "application/json"
    var body: String

    init(
        _ url: String, sent: String? = nil, method: String = "GET", status: Int = 200,
        type: String = "application/json",
        _ body: String
    ) {
        (self.url, self.sent, self.method, self.status, self.type, self.body) = (url, sent, method, status, type, body)
    }

    var line: JSONValue {
        var request: JSONObject = ["method": .string(method), "url": .string(url)]
        request["body"] = sent.map { .string($0) }
        return [
            "request": .object(request),
            "answer": [
                "status": .integer(status), "headers": ["content-type": .string(type)], "body": .string(body),
            ],
        ]
    }
}

/// The tools of a source that is replayed from a cassette file written by hand.
struct ReplayedSource {
    let tools: [any Tool]
    let router: ToolRouter
    private let directory: TemporaryDirectory
    private let http = HTTPClient()

    init(_ name: String, _ recorded: [Recorded]) throws { try self.init(name, SourceSettings(), recorded) }

    init(_ name: String, _ settings: SourceSettings, _ recorded: [Recorded]) throws {
        directory = try TemporaryDirectory()
        let path = directory.path + "/cassette.jsonl"
        let lines = [JSONValue.object(["format": "medresearcher.cassette/1"])] + recorded.map(\.line)
        try Data(lines.map { $0.text + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        tools = try SourceCatalogue.make(
            name, settings, http: http, cassette: Cassette(path: path, mode: .replay), environment: [:],
            time: ManualTime().time)
        router = ToolRouter(tools: tools.map { PatientTool(tool: $0) })
    }

    func run(_ tool: String, _ arguments: JSONValue) async -> ToolResult {
        await router.answer(ToolCall(name: tool, arguments: arguments))
    }
}
