import Foundation
import Synchronization

/// An HTTP/1.1 server on loopback whose every answer, well formed or not, is decided by a closure. For tests of clients.
///
/// One thread accepts and one thread serves each connection, so that handlers may block.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        var method: String
        var path: String
        /// Names in lower case.
        var headers: [String: String]
        var body: [UInt8]
        /// The number of the connection, from 0, in the order of acceptance.
        var connection: Int
        /// The number of the request on its server, from 0.
        var index: Int

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum Reply: Sendable {
        case json(String, status: Int = 200, headers: [String] = [])
        case bytes([UInt8], contentType: String, status: Int = 200)
        /// One byte at a time, with that many milliseconds between them, for as long as the client listens.
        case trickle(String, milliseconds: UInt32)
        /// Bytes sent as they are, after which the connection is closed in good order.
        case raw(String)
        /// Bytes sent as they are, after which the connection is reset.
        case reset(after: String)
        /// No answer until the server stops.
        case silence
        /// Whatever the closure writes, after which the connection is closed in good order.
        case script(@Sendable (Connection) -> Void)
    }

    /// The server's end of one connection, for scripts.
    struct Connection: Sendable {
        fileprivate let socket: Int32

        /// `false` where the client is gone.
        @discardableResult
        func write(_ text: String) -> Bool { write(Array(text.utf8)) }

        @discardableResult
        func write(_ bytes: [UInt8]) -> Bool { LoopbackSocket.write(socket, bytes) }

        /// Returns once the client has closed the connection or the server has stopped.
        func awaitClose() {
            var byte: UInt8 = 0
            while LoopbackSocket.uninterrupted({ recv(socket, &byte, 1, 0) }) > 0 {}
        }
    }

    /// What the threads share with the server, so that they do not keep it alive.
    private final class Shared: Sendable {
        struct State {
            var requests: [Request] = []
            var openSockets: Set<Int32> = []
            var acceptedCount = 0
            var isOpen = true
        }

        let state = Mutex(State())
        let handler: @Sendable (Request) -> Reply

        init(handler: @escaping @Sendable (Request) -> Reply) { self.handler = handler }

        /// The connection's number, or `nil` where the server has stopped.
        func accepted(_ socket: Int32) -> Int? {
            state.withLock { state in
                guard state.isOpen else { return nil }
                state.openSockets.insert(socket)
                state.acceptedCount += 1
                return state.acceptedCount - 1
            }
        }

        func closed(_ socket: Int32) {
            state.withLock { state in
                state.openSockets.remove(socket)
                close(socket)
            }
        }
    }

    let port: UInt16
    private let listener: Int32
    private let shared: Shared

    var url: String { "http://127.0.0.1:\(port)" }

    /// What has arrived so far.
    var requests: [Request] { shared.state.withLock { $0.requests } }
    var connectionCount: Int { shared.state.withLock { $0.acceptedCount } }

    init(_ handler: @escaping @Sendable (Request) -> Reply) throws {
        let shared = Shared(handler: handler)
        let (listener, port) = try LoopbackSocket.listen()
        (self.shared, self.listener, self.port) = (shared, listener, port)
        Thread {
            // The thread that accepts also closes the listener, so that its number is not reused under its hands.
            defer { close(listener) }
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else {
                    if !shared.state.withLock({ $0.isOpen }) { return }
                    usleep(1000)
                    continue
                }
                guard let number = shared.accepted(client) else {
                    close(client)
                    return
                }
                Thread { Self.serve(client, number, shared) }.start()
            }
        }.start()
    }

    deinit { stop() }

    /// A port on loopback where nothing listens.
    static func unusedPort() throws -> UInt16 {
        // Below the range from which the system takes free ports (32768 and up), so that no other test's server is given
        // this one before it is used.
        for _ in 0..<1000 {
            guard let found = try? LoopbackSocket.listen(port: .random(in: 10_000..<32_000)) else { continue }
            close(found.socket)
            return found.port
        }
        throw POSIXError(.EADDRINUSE)
    }

    func stop() {
        shared.state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            shutdown(listener, Int32(SHUT_RDWR))
            for socket in state.openSockets { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    // MARK: Sockets

    private static func serve(_ socket: Int32, _ connection: Int, _ shared: Shared) {
        defer { shared.closed(socket) }
        var buffer: [UInt8] = []
        while var request = read(socket, &buffer) {
            request.connection = connection
            shared.state.withLock {
                request.index = $0.requests.count
                $0.requests.append(request)
            }
            switch shared.handler(request) {
            case .json(let text, let status, let headers):
                let lines =
                    ["HTTP/1.1 \(status) Scripted", "Content-Type: application/json"]
                    + headers + ["Content-Length: \(text.utf8.count)", "", ""]
                write(socket, lines.joined(separator: "\r\n") + text)
            case .bytes(let body, let type, let status):
                LoopbackSocket.write(
                    socket,
                    Array(
                        "HTTP/1.1 \(status) Scripted\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
                            .utf8) + body)
            case .trickle(let text, let milliseconds):
                for byte in text.utf8 {
                    guard shared.state.withLock({ $0.isOpen }), LoopbackSocket.write(socket, [byte]) else { return }
                    usleep(milliseconds * 1000)
                }
                return
            case .raw(let text):
                write(socket, text)
                return
            case .reset(let text):
                write(socket, text)
                // Lets the bytes leave before the reset overtakes them.
                usleep(20_000)
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
                return
            case .silence:
                Connection(socket: socket).awaitClose()
                return
            case .script(let script):
                script(Connection(socket: socket))
                return
            }
        }
    }

    @discardableResult
    private static func write(_ socket: Int32, _ text: String) -> Bool {
        LoopbackSocket.write(socket, Array(text.utf8))
    }

    private static func read(_ socket: Int32, _ buffer: inout [UInt8]) -> Request? {
        let separator = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        var searched = 0
        repeat {
            headEnd = (searched..<max(searched, buffer.count - 3)).first {
                buffer[$0..<$0 + 4].elementsEqual(separator)
            }
            searched = max(0, buffer.count - 3)
            if headEnd == nil, !fill(socket, &buffer) { return nil }
            if buffer.first == 0x16 {
                write(socket, "this server does not speak TLS\r\n")
                return nil
            }
        } while headEnd == nil
        guard let headEnd else { return nil }
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
        let parts = lines[0].split(separator: " ")
        guard parts.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            headers[pair[0].lowercased()] = pair.count > 1 ? pair[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let end = headEnd + 4 + (headers["content-length"].flatMap(Int.init) ?? 0)
        while buffer.count < end { if !fill(socket, &buffer) { return nil } }
        let body = Array(buffer[(headEnd + 4)..<end])
        buffer.removeFirst(end)
        return Request(
            method: String(parts[0]), path: String(parts[1]), headers: headers, body: body, connection: 0, index: 0)
    }

    private static func fill(_ socket: Int32, _ buffer: inout [UInt8]) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = LoopbackSocket.uninterrupted { recv(socket, &bytes, bytes.count, 0) }
        guard count > 0 else { return false }
        buffer.append(contentsOf: bytes[..<count])
        return true
    }
}
