import Foundation
import Synchronization

/// A relay on loopback between the client and its server that loses chosen answers: the request reaches the server, which
/// executes it, and the connection breaks before the client hears anything.
///
/// The question which dialect the server speaks, asked at each connection with a pass of a model that does not exist, is
/// relayed and not counted. Requests must have a Content-Length; answers are relayed as they come. One thread accepts, two serve each connection.
final class CuttingProxy: Sendable {
    /// Whether the answer to a request is lost, given its path below `/api/v1/` and how many came to that path before.
    typealias Rule = @Sendable (_ path: String, _ earlier: Int) -> Bool

    private final class Shared: Sendable {
        let counts = Mutex<[String: Int]>([:])
        let isOpen = Mutex(true)
        let cuts = Mutex(0)
    }

    let port: UInt16
    private let listener: Int32
    private let shared = Shared()

    var url: String { "http://127.0.0.1:\(port)" }
    /// Answers lost so far.
    var cutCount: Int { shared.cuts.withLock { $0 } }

    init(to upstream: UInt16, losing rule: @escaping Rule) throws {
        let (listener, port) = try LoopbackSocket.listen()
        (self.listener, self.port) = (listener, port)
        let shared = shared
        Thread {
            defer { close(listener) }
            while true {
                let client = accept(listener, nil, nil)
                guard shared.isOpen.withLock({ $0 }) else { return }
                guard client >= 0 else { continue }
                Thread { Self.serve(client, upstream, rule, shared) }.start()
            }
        }.start()
    }

    func stop() {
        shared.isOpen.withLock { $0 = false }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func serve(_ client: Int32, _ upstream: UInt16, _ rule: Rule, _ shared: Shared) {
        defer { close(client) }
        guard let server = connect(upstream) else { return }
        let loses = Mutexed(false)
        let done = DispatchSemaphore(value: 0)
        Thread {
            var bytes = [UInt8](repeating: 0, count: 65536)
            while case let count = recv(server, &bytes, bytes.count, 0), count > 0 {
                // The server has answered, so that it has accepted the request.
                if loses.value { break }
                guard LoopbackSocket.write(client, Array(bytes[..<count])) else { break }
            }
            shutdown(client, Int32(SHUT_RDWR))
            done.signal()
        }.start()
        var buffer: [UInt8] = []
        while let request = read(client, &buffer) {
            if !isDialectProbe(request) {
                let earlier = shared.counts.withLock { counts in
                    counts[request.path, default: 0] += 1
                    return counts[request.path, default: 1] - 1
                }
                if rule(request.path, earlier) {
                    loses.value = true
                    shared.cuts.withLock { $0 += 1 }
                }
            }
            guard LoopbackSocket.write(server, request.bytes) else { break }
        }
        // The answer to a request that was sent whole may still be on its way from the server.
        if loses.value { _ = done.wait(timeout: .now() + 5) }
        shutdown(server, Int32(SHUT_RDWR))
        _ = loses.value || done.wait(timeout: .now() + 5) == .success
        close(server)
    }

    /// In every dialect its body names the model, as plain bytes.
    private static func isDialectProbe(_ request: (path: String, bytes: [UInt8])) -> Bool {
        request.path == "forward_backward" && !request.bytes.ranges(of: Array("no-such-model".utf8)).isEmpty
    }

    private final class Mutexed: Sendable {
        private let stored: Mutex<Bool>
        init(_ value: Bool) { stored = Mutex(value) }
        var value: Bool {
            get { stored.withLock { $0 } }
            set { stored.withLock { $0 = newValue } }
        }
    }

    // MARK: Sockets

    private static func read(_ socket: Int32, _ buffer: inout [UInt8]) -> (path: String, bytes: [UInt8])? {
        func fill() -> Bool {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = recv(socket, &bytes, bytes.count, 0)
            guard count > 0 else { return false }
            buffer.append(contentsOf: bytes[..<count])
            return true
        }
        let separator = Array("\r\n\r\n".utf8)
        var head: Range<Int>?
        repeat {
            head = buffer.firstRange(of: separator)
            if head == nil, !fill() { return nil }
        } while head == nil
        guard let head else { return nil }
        let lines = String(decoding: buffer[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let length = lines.dropFirst().lazy.compactMap { line -> Int? in
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased() == "content-length" else { return nil }
            return Int(pair[1].trimmingCharacters(in: .whitespaces))
        }.first
        let end = head.upperBound + (length ?? 0)
        while buffer.count < end { if !fill() { return nil } }
        let bytes = Array(buffer[..<end])
        buffer.removeFirst(end)
        let target = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
        return (target.hasPrefix("/api/v1/") ? String(target.dropFirst("/api/v1/".count)) : target, bytes)
    }

    private static func connect(_ port: UInt16) -> Int32? {
        #if os(Linux)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
