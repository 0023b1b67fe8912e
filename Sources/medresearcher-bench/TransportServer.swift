import ArgumentParser
import Foundation
import Primitives

/// The other side of the transport benchmark, in a process of its own so that its work is not counted with the client's.
///
/// It answers like an OpenAI-compatible server whose model takes as long as the query `wait` says, in microseconds:
/// below `/small` with 1.6 KB of text, below `/logprobs` with 28 KB of text and log-probabilities. One thread serves each
/// connection and does nothing but sleep and send bytes that were made at the start, so that it keeps up.
struct TransportServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport-server", abstract: "Answers chat completions until standard input ends.",
        shouldDisplay: false)

    func run() throws {
        OpenFiles.raiseLimit()
        let answers = CannedAnswers()
        let (listener, port) = try LoopbackSocket.listen(backlog: 4096)
        Thread {
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { return }
                let thread = Thread { CannedConnection(socket: socket, answers: answers).serve() }
                thread.stackSize = 256 << 10
                thread.start()
            }
        }.start()
        let line: JSONValue = ["url": .string("http://127.0.0.1:\(port)")]
        print(line.text)
        fflush(nil)
        while readLine() != nil {}
    }
}

/// The two answers, head and body.
struct CannedAnswers: Sendable {
    let small: [UInt8]
    let logprobs: [UInt8]

    /// Tokens of the answer with log-probabilities, as vLLM writes them.
    static let tokenCount = 256

    init() {
        let text = String(repeating: "word ", count: 270) + "The answer is 42"
        var choice: JSONObject = [
            "index": 0, "message": ["role": "assistant", "content": .string(text)], "finish_reason": "stop",
        ]
        small = Self.response(choice)
        var random = CounterRandom(seed: 5, stage: .evaluation)
        let tokens = (0..<Self.tokenCount).map { _ -> JSONValue in
            [
                "token": " word", "logprob": .float(Float(-3 * random.uniform())), "bytes": [32, 119, 111, 114, 100],
                "top_logprobs": [],
            ]
        }
        choice["logprobs"] = ["content": .array(tokens), "refusal": nil]
        choice["token_ids"] = .array((0..<Self.tokenCount).map { .integer(1000 + $0) })
        logprobs = Self.response(choice)
    }

    /// In Python's spelling, which most servers use.
    private static func response(_ choice: JSONObject) -> [UInt8] {
        let body: JSONValue = [
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "mock",
            "choices": [.object(choice)],
            "usage": [
                "prompt_tokens": 64, "completion_tokens": .integer(tokenCount),
                "total_tokens": .integer(64 + tokenCount),
            ],
        ]
        let bytes = Array(body.pythonText.utf8)
        let head =
            "HTTP/1.1 200 OK\r\ndate: Thu, 26 Nov 2026 14:00:00 GMT\r\nserver: uvicorn\r\n"
            + "content-type: application/json\r\ncontent-length: \(bytes.count)\r\n\r\n"
        return Array(head.utf8) + bytes
    }
}

/// One keep-alive connection of the server.
private struct CannedConnection: Sendable {
    var socket: Int32
    var answers: CannedAnswers

    func serve() {
        defer { close(socket) }
        var noDelay: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        var buffer = [UInt8](repeating: 0, count: 65536)
        var filled = 0
        while true {
            guard let end = requestEnd(buffer, filled) else {
                guard filled < buffer.count else { return }
                let count = buffer.withUnsafeMutableBytes {
                    recv(socket, $0.baseAddress?.advanced(by: filled), $0.count - filled, 0)
                }
                guard count > 0 else { return }
                filled += count
                continue
            }
            answer(buffer[..<min(end, 512)])
            buffer.replaceSubrange(0..<(filled - end), with: buffer[end..<filled])
            filled -= end
        }
    }

    /// The number of bytes of the first request, once it is whole.
    private func requestEnd(_ buffer: [UInt8], _ filled: Int) -> Int? {
        guard let headEnd = Self.position(of: "\r\n\r\n", in: buffer[..<filled]) else { return nil }
        let field = Self.number(after: "content-length: ", in: buffer[..<headEnd])
        let end = headEnd + 4 + (field ?? 0)
        return end <= filled ? end : nil
    }

    private func answer(_ start: ArraySlice<UInt8>) {
        let wait = Self.number(after: "wait=", in: start) ?? 0
        if wait > 0 {
            var time = timespec(tv_sec: wait / 1_000_000, tv_nsec: wait % 1_000_000 * 1000)
            nanosleep(&time, nil)
        }
        LoopbackSocket.write(
            socket, Self.position(of: " /logprobs", in: start) == nil ? answers.small : answers.logprobs)
    }

    /// Without regard to the case of letters; the pattern is in lower case.
    private static func position(of pattern: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        let length = pattern.utf8CodeUnitCount
        guard bytes.count >= length else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            (0...(buffer.count - length)).first { start in
                (0..<length).allSatisfy { offset in
                    let byte = buffer[start + offset]
                    return ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == pattern.utf8Start[offset]
                }
            }.map { $0 + bytes.startIndex }
        }
    }

    private static func number(after pattern: StaticString, in bytes: ArraySlice<UInt8>) -> Int? {
        guard let start = position(of: pattern, in: bytes) else { return nil }
        let digits = bytes[(start + pattern.utf8CodeUnitCount)...].prefix { (0x30...0x39).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}

/// A running ``TransportServer``.
final class TransportServerProcess {
    let url: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["transport-server"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw PythonPeer.Failure(description: "the server of the transport benchmark ended before it served")
            }
            bytes += more
        }
        url = try JSONValue.parse(bytes).string(at: "url")
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}

/// The limit of open files of this process.
enum OpenFiles {
    /// As far as the system allows: a thousand connections need more than the usual 1,024.
    static func raiseLimit() {
        var limit = rlimit()
        #if os(Linux)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65536)
        setrlimit(resource, &limit)
    }
}
