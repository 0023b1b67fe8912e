import Primitives
import Synchronization
import Testing
import Transport

@testable import Agents

@Suite struct SourceClientTests {
    private let manual = ManualTime()

    private func client(
        _ exchange: StubExchange, rate: SourceRate = SourceRate(perSecond: 1000, burst: 1000),
        timeout: Duration = .seconds(30), keyVariable: String? = nil
    ) -> SourceClient {
        SourceClient(
            name: "library", exchange: exchange, rate: rate, timeout: timeout, keyVariable: keyVariable,
            time: manual.time)
    }

    private func failure(
        _ exchange: StubExchange, timeout: Duration = .seconds(30), keyVariable: String? = nil
    ) async -> ToolFailure? {
        let client = client(exchange, timeout: timeout, keyVariable: keyVariable)
        do throws(ToolFailure) {
            _ = try await client.call().json(SourceRequest("https://library.test/a"))
            return nil
        } catch { return error }
    }

    @Test func `a good answer is asked for once`() async throws {
        let exchange = StubExchange { _, _ in .text("{\"a\":1}") }
        let answer = try await client(exchange).call().json(SourceRequest("https://library.test/a"))
        #expect(answer == ["a": 1])
        #expect(exchange.requests.count == 1 && manual.slept.isEmpty)
    }

    @Test(
        arguments: [
            (400, nil, .invalidCall, 1), (401, "KEY", .unauthorized, 1), (403, "KEY", .unauthorized, 1),
            (403, nil, .unavailable, 1), (404, nil, .notFound, 1), (410, nil, .notFound, 1),
            (422, nil, .invalidCall, 1),
            (302, nil, .malformedAnswer, 1), (429, nil, .rateLimited, 4), (408, nil, .unavailable, 4),
            (500, nil, .unavailable, 4), (503, nil, .unavailable, 4),
        ] as [(Int, String?, ToolFailure.Kind, Int)])
    func `each status has its meaning`(
        status: Int, variable: String?, kind: ToolFailure.Kind, attempts: Int
    ) async {
        let exchange = StubExchange { _, _ in .text("{\"message\":\"Because.\"}", status: status) }
        let failure = await failure(exchange, keyVariable: variable)
        #expect(failure?.kind == kind)
        #expect(exchange.requests.count == attempts)
        #expect(failure?.message.hasSuffix(".") == false)
        if kind == .unauthorized { #expect(failure?.message.contains("KEY") == true) }
    }

    @Test(
        arguments: [
            (.unreachable(url: "u", detail: "d"), .unavailable, 4),
            (.interrupted(url: "u", detail: "d"), .unavailable, 4),
            (.unreachable(url: "u", detail: HTTPClientConfiguration.refusedAddress), .invalidCall, 1),
            (.timedOut(url: "u", after: .seconds(1)), .timeout, 1), (.tooLarge(url: "u", limit: 9), .tooLarge, 1),
            (.cancelled(url: "u"), .timeout, 1), (.tls(url: "u", detail: "d"), .unavailable, 1),
            (.other(url: "u", detail: "d"), .unavailable, 1),
        ] as [(TransportError, ToolFailure.Kind, Int)])
    func `each outage has its meaning`(error: TransportError, kind: ToolFailure.Kind, attempts: Int) async {
        let exchange = StubExchange { (_, _) throws(SourceExchangeError) in throw .transport(error) }
        #expect(await failure(exchange)?.kind == kind)
        #expect(exchange.requests.count == attempts)
    }

    @Test func `a busy source is asked again after what it asks for`() async throws {
        let exchange = StubExchange { _, index in
            index == 0 ? .text("busy", status: 429, [("Retry-After", "7")]) : .text("[]")
        }
        let client = client(exchange)
        #expect(try await client.call().json(SourceRequest("https://library.test/a")) == [])
        #expect(manual.slept.reduce(.zero, +) >= .seconds(7))
        #expect(exchange.requests.count == 2)
    }

    @Test func `a pause longer than the call's time ends the call at once`() async {
        let exchange = StubExchange { _, _ in .text("busy", status: 429, [("Retry-After", "3600")]) }
        let failure = await failure(exchange)
        #expect(failure?.kind == .rateLimited)
        #expect(exchange.requests.count == 1 && manual.slept.isEmpty)
    }

    @Test func `a pause holds for every other call too`() async throws {
        let exchange = StubExchange { request, index in
            index == 0 ? .text("busy", status: 429, [("Retry-After", "3600")]) : .text("[]")
        }
        let client = client(exchange)
        await #expect(throws: ToolFailure.self) {
            try await client.call().json(SourceRequest("https://library.test/a"))
        }
        await #expect(throws: ToolFailure.self) {
            try await client.call().json(SourceRequest("https://library.test/b"))
        }
        #expect(exchange.requests.count == 1)
        manual.advance(.seconds(3601))
        #expect(try await client.call().json(SourceRequest("https://library.test/b")) == [])
    }

    @Test func `repeats stay within the call's time`() async {
        let exchange = StubExchange { [manual] _, _ in
            manual.advance(.seconds(4))
            return .text("", status: 500)
        }
        #expect(await failure(exchange, timeout: .seconds(6))?.kind == .unavailable)
        #expect(exchange.requests.count == 2)
    }

    @Test(
        arguments: [
            ("{\"a\":", "something else or a part of it"), ("<!DOCTYPE html><html>", "a web page"),
            ("", "something else"),
            ("{\"a\":1,\"a\":2}", "something else"), ("\u{FEFF}<html>", "a web page"),
        ])
    func `what is no JSON is a malformed answer`(body: String, found: String) async {
        let failure = await failure(StubExchange { _, _ in .text(body) })
        #expect(failure?.kind == .malformedAnswer)
        #expect(failure?.message.contains(found) == true, "\(failure?.message ?? "")")
    }

    @Test func `an answer in an encoding that was not asked for is refused`() async {
        let failure = await failure(StubExchange { _, _ in .text("{}", [("Content-Encoding", "gzip")]) })
        #expect(failure?.kind == .malformedAnswer)
    }

    @Test func `a source's reason is told on one clean line`() async {
        let body = "{\"error\":{\"code\":\"BAD\",\"message\":\"No\\u0000 such\\n field\\u202e.\"}}"
        let failure = await failure(StubExchange { _, _ in .text(body, status: 400) })
        #expect(failure?.message == "library refused the request (status 400): No such field")
    }

    @Test func `equal requests under way at the same time are sent once`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let exchange = StubExchange { _, _ in
            for await _ in gate.stream { break }
            return .text("[1]")
        }
        let client = client(exchange)
        let calls = (0..<20).map { _ in
            Task { try await client.call().json(SourceRequest("https://library.test/a")) }
        }
        while exchange.requests.isEmpty { await Task.yield() }
        for _ in 0..<200 { await Task.yield() }
        gate.continuation.yield()
        gate.continuation.finish()
        for call in calls { #expect(try await call.value == [1]) }
        #expect(exchange.requests.count == 1)
    }

    @Test func `a call that is given up ends at once, and others go on`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let exchange = StubExchange { _, _ in
            for await _ in gate.stream { break }
            return .text("[1]")
        }
        let client = client(exchange)
        let first = Task { () async throws(ToolFailure) in
            try await client.call().json(SourceRequest("https://library.test/a"))
        }
        while exchange.requests.isEmpty { await Task.yield() }
        let second = Task { try await client.call().json(SourceRequest("https://library.test/a")) }
        for _ in 0..<200 { await Task.yield() }
        first.cancel()
        await #expect(throws: ToolFailure.self) { try await first.value }
        gate.continuation.yield()
        gate.continuation.finish()
        #expect(try await second.value == [1])
    }

    @Test func `a wait between repeats can be given up`() async {
        let exchange = StubExchange { _, _ in .text("", status: 500) }
        let client = SourceClient(
            name: "library", exchange: exchange, rate: SourceRate(perSecond: 100, burst: 100), timeout: .seconds(600),
            time: SourceTime(now: { .now }, date: { 0 }, sleep: { _ in try await Task.sleep(for: .seconds(600)) }))
        let task = Task { try await client.call().json(SourceRequest("https://library.test/a")) }
        while exchange.requests.isEmpty { await Task.yield() }
        task.cancel()
        await #expect(throws: ToolFailure.self) { try await task.value }
    }
}

@Suite struct SourcePacerTests {
    @Test func `requests keep to the rate after a burst`() async throws {
        let manual = ManualTime()
        let pacer = SourcePacer(SourceRate(perSecond: 2, burst: 3), source: "library", time: manual.time)
        let start = manual.time.now()
        for _ in 0..<7 { try await pacer.admit(until: start + .seconds(100)) }
        // Three at once, then one each half second.
        #expect(start.duration(to: manual.time.now()) == .seconds(2))
    }

    @Test func `a turn after the deadline is refused at once and costs nothing`() async throws {
        let manual = ManualTime()
        let pacer = SourcePacer(SourceRate(perSecond: 1, burst: 1), source: "library", time: manual.time)
        try await pacer.admit(until: manual.time.now() + .seconds(1))
        for _ in 0..<5 {
            let failure = await #expect(throws: ToolFailure.self) {
                try await pacer.admit(until: manual.time.now() + .milliseconds(500))
            }
            #expect(failure?.kind == .rateLimited)
        }
        manual.advance(.seconds(1))
        try await pacer.admit(until: manual.time.now() + .milliseconds(1))
    }

    @Test func `a day's requests are counted and forgotten after a day`() async throws {
        let manual = ManualTime()
        let pacer = SourcePacer(SourceRate(perSecond: 100, burst: 100, perDay: 3), source: "library", time: manual.time)
        for _ in 0..<3 { try await pacer.admit(until: manual.time.now() + .seconds(1)) }
        let failure = await #expect(throws: ToolFailure.self) {
            try await pacer.admit(until: manual.time.now() + .seconds(1))
        }
        #expect(failure?.message.contains("3 requests") == true)
        manual.advance(.seconds(86_400))
        try await pacer.admit(until: manual.time.now() + .seconds(1))
    }

    /// Against a count of admissions: no window of a second holds more than burst and rate allow.
    @Test(arguments: 0..<20)
    func `no second sees more requests than allowed`(seed: Int) async throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let manual = ManualTime()
        let (rate, burst) = (1 + random.integer(below: 5), 1 + random.integer(below: 4))
        let pacer = SourcePacer(
            SourceRate(perSecond: Double(rate), burst: burst), source: "library", time: manual.time)
        let start = manual.time.now()
        var admissions: [Double] = []
        for _ in 0..<60 {
            manual.advance(.milliseconds(random.integer(below: 400)))
            if random.integer(below: 15) == 0 { pacer.pause(for: .milliseconds(random.integer(below: 2000))) }
            try await pacer.admit(until: start + .seconds(10_000))
            admissions.append(start.duration(to: manual.time.now()).seconds)
        }
        for first in admissions {
            let inSecond = admissions.filter { $0 >= first && $0 < first + 1 - 1e-6 }.count
            #expect(inSecond <= rate + burst)
        }
    }
}
