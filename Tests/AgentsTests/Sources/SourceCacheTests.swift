import Foundation
import Primitives
import Storage
import Testing
import Transport

@testable import Agents

@Suite struct SourceCacheTests {
    private let manual = ManualTime()
    private let request = SourceRequest("https://library.test/a", query: [("q", "asthma & gout")])

    private func files(_ directory: String) throws -> [String] {
        try FileStore.list(directory).flatMap { folder in
            try FileStore.list(directory + "/" + folder).map { "\(directory)/\(folder)/\($0)" }
        }
    }

    @Test func `an answer is good until its time is over`() async throws {
        let directory = try TemporaryDirectory()
        let cache = SourceCache(directory: directory.path, lifetime: .seconds(100), time: manual.time)
        let response = HTTPResponse(
            status: 200, headers: [("Content-Type", "image/png"), ("Set-Cookie", "s=1")], body: [0xFF, 0, 1])
        #expect(await cache.answer(to: request, key: request.key) == nil)
        await cache.keep(response, of: request, key: request.key)
        manual.advance(.seconds(99))
        let kept = await cache.answer(to: request, key: request.key)
        #expect(kept?.status == 200 && kept?.body == [0xFF, 0, 1])
        #expect(kept?.header("content-type") == "image/png" && kept?.header("Set-Cookie") == nil)
        // Another process finds it too.
        let other = SourceCache(directory: directory.path, lifetime: .seconds(100), time: manual.time)
        #expect(await other.answer(to: request, key: request.key)?.body == [0xFF, 0, 1])
        manual.advance(.seconds(2))
        #expect(await cache.answer(to: request, key: request.key) == nil)
    }

    @Test(arguments: 0..<40)
    func `a damaged file is a miss`(seed: Int) async throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let directory = try TemporaryDirectory()
        let cache = SourceCache(directory: directory.path, time: manual.time)
        await cache.keep(.text("{\"answer\": \"salbutamol\"}"), of: request, key: request.key)
        let path = try #require(try files(directory.path).first)
        var bytes = try FileStore.read(path)
        let index = random.integer(below: bytes.count)
        if seed % 2 == 0 {
            bytes.removeLast(bytes.count - index)
        } else {
            bytes[index] ^= UInt8(1 << random.integer(below: 7))
        }
        try FileStore.writeAtomically(bytes, to: path)
        let kept = await cache.answer(to: request, key: request.key)
        // A changed digit of the time may leave the answer good; the answer itself never changes.
        #expect(kept == nil || kept?.body == Array("{\"answer\": \"salbutamol\"}".utf8))
        await cache.keep(.text("new"), of: request, key: request.key)
        #expect(await cache.answer(to: request, key: request.key)?.body == Array("new".utf8))
    }

    @Test func `a file of another request is a miss`() async throws {
        let directory = try TemporaryDirectory()
        let cache = SourceCache(directory: directory.path, time: manual.time)
        await cache.keep(.text("a"), of: request, key: request.key)
        let other = SourceRequest("https://library.test/b")
        #expect(await cache.answer(to: other, key: request.key) == nil)
    }

    @Test func `the oldest answers go where there are too many bytes`() async throws {
        let directory = try TemporaryDirectory()
        let cache = SourceCache(directory: directory.path, maximumBytes: 60_000, time: manual.time)
        let requests = (0..<30).map { SourceRequest("https://library.test/\($0)") }
        let body = String(repeating: "x", count: 3000)
        for (index, request) in requests.enumerated() {
            await cache.keep(.text(body), of: request, key: request.key)
            // Files of one second have one age; these get different ones.
            for path in try files(directory.path) where path.contains(request.key) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: Double(1_000_000 + index))], ofItemAtPath: path)
            }
        }
        let total = try files(directory.path).reduce(0) { try $0 + FileStore.size($1) }
        #expect(total <= 60_000)
        #expect(await cache.answer(to: requests[0], key: requests[0].key) == nil)
        #expect(await cache.answer(to: requests[29], key: requests[29].key) != nil)
    }

    @Test func `a directory that cannot be written costs no call`() async throws {
        let directory = try TemporaryDirectory()
        try FileStore.writeAtomically([1], to: directory.path + "/file")
        let cache = SourceCache(directory: directory.path + "/file", time: manual.time)
        let exchange = StubExchange { _, _ in .text("[1]") }
        let client = SourceClient(
            name: "library", exchange: exchange, rate: SourceRate(perSecond: 10), cache: cache, time: manual.time)
        #expect(try await client.call().json(request) == [1])
        #expect(await cache.lastProblem != nil)
    }

    @Test func `what is kept is not asked for again, and failures are not kept`() async throws {
        let directory = try TemporaryDirectory()
        let cache = SourceCache(directory: directory.path, time: manual.time)
        let exchange = StubExchange { _, index in index == 0 ? .text("no", status: 400) : .text("[\(index)]") }
        let client = SourceClient(
            name: "library", exchange: exchange, rate: SourceRate(perSecond: 100, burst: 100), cache: cache,
            time: manual.time)
        await #expect(throws: ToolFailure.self) { try await client.call().json(request) }
        for _ in 0..<3 { #expect(try await client.call().json(request) == [1]) }
        #expect(exchange.requests.count == 2)
    }

    @Test func `many calls at once write and read whole answers`() async throws {
        let directory = try TemporaryDirectory()
        let caches = (0..<4).map { _ in SourceCache(directory: directory.path, time: manual.time) }
        await withTaskGroup { group in
            for index in 0..<200 {
                let (cache, request) = (caches[index % 4], SourceRequest("https://library.test/\(index % 10)"))
                group.addTask {
                    if let kept = await cache.answer(to: request, key: request.key) {
                        #expect(kept.body == Array("\"\(request.url)\"".utf8))
                    }
                    await cache.keep(.text("\"\(request.url)\""), of: request, key: request.key)
                }
            }
        }
        #expect(try files(directory.path).count == 10)
    }
}
