import Foundation
import Synchronization

@testable import Transport

/// An HTTP/2 server for tests: `openssl s_server` does TLS and ALPN, this the frames of RFC 9113.
///
/// It serves one connection. Requests are answered together, once `batch` of them are open, so that a client that does not
/// run them side by side never gets an answer.
///
/// Invariant: the process and its pipes are set up before the thread that serves begins, and only it reads and writes.
final class HTTP2Server: @unchecked Sendable {
    static let openssl = "/usr/bin/openssl"

    private struct State {
        var openStreams: [UInt32] = []
        var served: Set<UInt32> = []
        var mostOpen = 0
    }

    let port: UInt16
    /// The path of the self-signed certificate for 127.0.0.1.
    var certificate: String { directory + "/certificate.pem" }
    private let directory: String
    private let process: Process
    private let toClient = Pipe()
    private let fromClient = Pipe()
    private let batch: Int
    private let state = Mutex(State())

    /// How many requests were open at the same time, at most.
    var mostOpen: Int { state.withLock { $0.mostOpen } }
    var servedCount: Int { state.withLock { $0.served.count } }

    init(batch: Int) async throws {
        self.batch = batch
        directory = NSTemporaryDirectory() + "medresearcher-h2-\(ProcessInfo.processInfo.globallyUniqueString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let (certificate, key) = (directory + "/certificate.pem", directory + "/key.pem")
        let maker = Self.command([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj",
            "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        maker.standardOutput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            maker.terminationHandler = { _ in continuation.resume() }
            do { try maker.run() } catch { continuation.resume(throwing: error) }
        }
        port = try ScriptedServer.unusedPort()
        process = Self.command([
            "s_server", "-quiet", "-alpn", "h2", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key,
        ])
        process.standardInput = toClient
        process.standardOutput = fromClient
        try process.run()
        Thread { [self] in serve() }.start()
    }

    func stop() {
        // A process that a worker thread starts inherits its mask, which blocks the signal of `terminate()`.
        kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func command(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    // MARK: Frames

    private enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
    }

    private func serve() {
        let input = fromClient.fileHandleForReading
        var buffer: [UInt8] = []
        func take(_ count: Int) -> [UInt8]? {
            while buffer.count < count {
                let more = input.availableData
                guard !more.isEmpty else { return nil }
                buffer += more
            }
            defer { buffer.removeFirst(count) }
            return Array(buffer.prefix(count))
        }
        // The client's preface is 24 bytes.
        guard take(24) != nil else { return }
        send(Kind.settings, flags: 0, stream: 0, [])
        while let head = take(9) {
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            let (kind, flags) = (head[3], head[4])
            let stream = head[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
            guard let payload = take(length) else { return }
            switch kind {
            case Kind.settings where flags & 1 == 0:
                send(Kind.settings, flags: 1, stream: 0, [])
            case Kind.ping where flags & 1 == 0:
                send(Kind.ping, flags: 1, stream: 0, payload)
            case Kind.headers where flags & 1 == 1, Kind.data where flags & 1 == 1:
                answer(stream)
            default:
                break
            }
        }
    }

    /// The stream's request is complete.
    private func answer(_ stream: UInt32) {
        let ready = state.withLock { state -> [UInt32] in
            state.openStreams.append(stream)
            state.mostOpen = max(state.mostOpen, state.openStreams.count)
            guard state.openStreams.count == batch else { return [] }
            defer { state.openStreams = [] }
            state.served.formUnion(state.openStreams)
            return state.openStreams
        }
        for stream in ready {
            // 0x88 is `:status: 200` of HPACK's static table.
            send(Kind.headers, flags: 4, stream: stream, [0x88])
            send(Kind.data, flags: 1, stream: stream, Array("stream \(stream)".utf8))
        }
    }

    private func send(_ kind: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) {
        let length = payload.count
        let head: [UInt8] =
            [UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), kind, flags]
            + (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) }
        try? toClient.fileHandleForWriting.write(contentsOf: head + payload)
    }
}
