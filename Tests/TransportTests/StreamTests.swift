import Testing

@testable import Transport

/// Responses that are read while they arrive.
@Suite(.timeLimit(.minutes(15))) struct StreamTests {
    private static let head = "HTTP/1.1 200 OK\r\nX-Kind: stream\r\n\r\n"

    let client = HTTPClient()

    private func request(
        _ server: ScriptedServer, timeout: Duration = .seconds(600), idleTimeout: Duration? = nil,
        maximumResponseBytes: Int = 1 << 30
    ) -> HTTPRequest {
        HTTPRequest(
            method: "GET", url: server.url + "/", timeout: timeout, idleTimeout: idleTimeout,
            maximumResponseBytes: maximumResponseBytes)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Reads to the end; the error that came instead of it, and what came before.
    private func drain(_ stream: HTTPStream) async -> ([UInt8], TransportError?) {
        var bytes: [UInt8] = []
        do throws(TransportError) {
            for try await chunk in stream.chunks { bytes += chunk }
            return (bytes, nil)
        } catch {
            return (bytes, error)
        }
    }

    @Test func theHeadComesBeforeTheBody() async throws {
        let gate = Gate(opensAt: 2)
        let server = try ScriptedServer { _ in
            .script {
                $0.write(Self.head)
                gate.arrive()
                $0.write("the body")
            }
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        #expect(stream.status == 200)
        #expect(stream.header("x-kind") == "stream")
        gate.open()
        #expect(text(try await stream.collect()) == "the body")
        try await eventually("the stream is no longer under way") { client.load == HTTPClientLoad() }
    }

    @Test func chunksArriveBeforeTheEnd() async throws {
        let gate = Gate(opensAt: 2)
        let server = try ScriptedServer { _ in
            .script {
                $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                gate.arrive()
                $0.write("6\r\nsecond\r\n0\r\nTrailer: 1\r\n\r\n")
            }
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        var iterator = stream.chunks.makeAsyncIterator()
        #expect(text(try await iterator.next() ?? []) == "first")
        gate.open()
        #expect(text(try await iterator.next() ?? []) == "second")
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
        #expect(stream.header("trailer") == nil)
    }

    @Test func anInterimResponseIsNotTheHead() async throws {
        let server = try ScriptedServer { _ in
            .raw("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\nbusy")
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        #expect(stream.status == 503)
        #expect(!stream.isSuccess)
        #expect(stream.headers.map(\.name) == ["Retry-After"])
        #expect(text(try await stream.collect()) == "busy")
    }

    /// 24 MB through a buffer of 256 KiB, read only after the transfer has been paused.
    @Test func aSlowReaderHoldsTheServerBackAndLosesNothing() async throws {
        let block = (0..<65536).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.write(Self.head)
                for _ in 0..<384 { if !connection.write(block) { return } }
            }
        }
        defer { server.stop() }
        // Longer than the idle deadline, which must not run while the reader lags.
        let stream = try await client.stream(request(server, idleTimeout: .seconds(3)))
        let buffer = stream.chunks.reader.buffer
        try await eventually("the buffer is full") { buffer.byteCount >= HTTPClient.streamBufferBytes }
        try await Task.sleep(for: .milliseconds(3300))
        // libcurl delivers at most 16 KiB at once here.
        #expect(buffer.byteCount <= HTTPClient.streamBufferBytes + 16384)
        var (position, isRight) = (0, true)
        for try await chunk in stream.chunks {
            isRight = isRight && chunk.count <= HTTPClient.streamBufferBytes + 16384
            for offset in stride(from: 0, to: chunk.count, by: 97) {
                isRight = isRight && chunk[offset] == block[(position + offset) % 65536]
            }
            position += chunk.count
        }
        #expect(position == 384 * 65536)
        #expect(isRight)
    }

    @Test func droppingTheStreamStopsTheTransfer() async throws {
        let gate = Gate(opensAt: 1)
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.write(Self.head)
                while connection.write(String(repeating: "x", count: 4096)) {}
                gate.arrive()
            }
        }
        defer { server.stop() }
        func readOneChunk() async throws {
            let stream = try await client.stream(request(server))
            for try await chunk in stream.chunks {
                #expect(!chunk.isEmpty)
                break
            }
        }
        try await readOneChunk()
        await gate.opened()
        try await eventually("the transfer is gone") { client.load == HTTPClientLoad() }
    }

    @Test func aStreamOutlivesItsClient() async throws {
        let server = try ScriptedServer { _ in .raw(Self.head + "body") }
        defer { server.stop() }
        let stream = try await HTTPClient().stream(request(server))
        #expect(text(try await stream.collect()) == "body")
    }

    @Test func cancellingTheReaderStopsTheTransfer() async throws {
        let server = try ScriptedServer { _ in
            .script {
                $0.write(Self.head + "x")
                $0.awaitClose()
            }
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        let first = Gate(opensAt: 1)
        let task = Task {
            for try await _ in stream.chunks { first.open() }
        }
        await first.opened()
        task.cancel()
        await #expect(throws: TransportError.cancelled(url: server.url + "/")) { try await task.value }
        try await eventually("the transfer is gone") { client.load == HTTPClientLoad() }
    }

    @Test func cancellingBeforeTheHeadStopsTheTransfer() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let task = Task { try await client.stream(request(server)).status }
        try await eventually("the request has arrived") { server.requests.count == 1 }
        task.cancel()
        await #expect(throws: TransportError.cancelled(url: server.url + "/")) { try await task.value }
    }

    @Test func shutdownEndsAStream() async throws {
        let server = try ScriptedServer { _ in
            .script {
                $0.write(Self.head)
                $0.awaitClose()
            }
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        client.shutdown()
        #expect(await drain(stream).1 == .cancelled(url: server.url + "/"))
    }

    @Test func aStreamOverItsLimitIsRefusedAfterWhatFits() async throws {
        let server = try ScriptedServer { _ in
            .script { connection in
                connection.write(Self.head)
                while connection.write(String(repeating: "x", count: 100)) {}
            }
        }
        defer { server.stop() }
        let (bytes, error) = await drain(try await client.stream(request(server, maximumResponseBytes: 100_000)))
        #expect(error == .tooLarge(url: server.url + "/", limit: 100_000))
        #expect(bytes.count <= 100_000)
    }

    @Test func aResetInMidStreamIsAnInterruptionAfterWhatArrived() async throws {
        let server = try ScriptedServer { _ in .reset(after: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour") }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        let (bytes, error) = await drain(stream)
        #expect("four".hasPrefix(text(bytes)))
        guard case .interrupted? = error else {
            Issue.record("unexpected \(String(describing: error))")
            return
        }
    }

    @Test func aServerThatFallsSilentRunsIntoTheIdleDeadline() async throws {
        let server = try ScriptedServer { _ in
            .script {
                $0.write(Self.head + "four")
                $0.awaitClose()
            }
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server, idleTimeout: .milliseconds(300)))
        let (bytes, error) = await drain(stream)
        #expect(text(bytes) == "four")
        #expect(error == .timedOut(url: server.url + "/", after: .milliseconds(300)))
    }

    @Test func eventsOfAStream() async throws {
        let gate = Gate(opensAt: 2)
        let server = try ScriptedServer { _ in
            .script {
                $0.write(Self.head + "data: {\"a\":1}\n\nda")
                gate.arrive()
                $0.write("ta: [DONE]\n\ndata: broken off")
            }
        }
        defer { server.stop() }
        let stream = try await client.stream(request(server))
        var iterator = stream.serverSentEvents.makeAsyncIterator()
        #expect(try await iterator.next()?.data == "{\"a\":1}")
        gate.open()
        #expect(try await iterator.next()?.data == "[DONE]")
        #expect(try await iterator.next() == nil)
    }
}
