import Foundation
import Primitives

/// The server of the rollout benchmark, one process of Python that all clients meet: it answers chat completions with text
/// and `/inference/v1/generate` with tokens, at once, from bytes made at the start.
final class RolloutsServer {
    let url: String
    private let process = Process()
    private let input = Pipe()

    /// - Parameter answer: the tokens of each generated answer.
    init(python: String, answer: [TokenID]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, "-c", "TOKENS = \(JSONValue.tokens(answer).text)\n" + Self.script]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw PythonPeer.Failure(description: "the server did not start; give an interpreter with --python")
            }
            bytes += more
        }
        let port = String(decoding: bytes.dropLast(), as: UTF8.self)
        url = "http://127.0.0.1:\(port)"
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static let script = #"""
        import asyncio, json, sys, threading

        thought = "The passage names a drug that treats the disease in question. " * 18
        text = "<think>\n" + thought + "\n</think>\n\n<answer>salbutamol</answer>"

        def response(value):
            body = json.dumps(value).encode()
            head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
            return head.encode() + body

        chat = response({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "mock",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 300, "completion_tokens": len(TOKENS), "total_tokens": 300 + len(TOKENS)}})
        tokens = response({
            "request_id": "1", "choices": [{
                "index": 0, "token_ids": TOKENS, "finish_reason": "stop",
                "logprobs": {"content": [
                    {"token": "token_id:%d" % token, "logprob": -0.1234567, "bytes": None, "top_logprobs": []}
                    for token in TOKENS]}}]})
        models = response({"object": "list", "data": [
            {"id": "mock", "object": "model", "created": 1, "owned_by": "x", "max_model_len": 32768}]})


        class Connection(asyncio.Protocol):
            def connection_made(self, transport):
                self.transport, self.buffer = transport, b""

            def data_received(self, data):
                self.buffer += data
                while True:
                    end = self.buffer.find(b"\r\n\r\n")
                    if end < 0:
                        return
                    head, length = self.buffer[:end].lower(), 0
                    start = head.find(b"content-length:")
                    if start >= 0:
                        length = int(head[start + 15:].split(b"\r\n", 1)[0])
                    if len(self.buffer) < end + 4 + length:
                        return
                    self.buffer = self.buffer[end + 4 + length:]
                    if head.startswith(b"get"):
                        self.transport.write(models)
                    elif b"/generate" in head.split(b"\r\n", 1)[0]:
                        self.transport.write(tokens)
                    else:
                        self.transport.write(chat)


        async def main():
            loop = asyncio.get_running_loop()
            server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=8192)
            print(server.sockets[0].getsockname()[1], flush=True)
            await loop.run_in_executor(None, sys.stdin.read)
            server.close()


        asyncio.run(main())
        """#
}
