import Primitives
import Testing

@testable import Agents

@Suite struct MCPWireTests {
    @Test(
        arguments: [
            ("{\"jsonrpc\":\"2.0\",\"id\":12,\"result\":{}}", 12), ("{\"result\":{\"id\":3},\"id\": 4 }", 4),
            ("{\"a\":[{\"id\":1}],\"id\":-5,\"x\":", -5), ("{\"s\":\"\\\"id\\\":9,\",\"id\":2}", 2),
            ("{\"id\":\"7\"}", nil), ("{\"id\":null}", nil), ("{\"id\":1.5}", nil), ("{\"id\":5", nil),
            ("[{\"id\":5}]", nil),
            ("{\"result\":{\"id\":5}}", nil), ("\"id\":5,", nil), ("{\"key\":\"id\",\"x\":5}", nil),
            ("{\"id2\":5}", nil),
            ("{\"id\":99999999999999999999}", nil), ("", nil),
        ] as [(String, Int?)])
    func `the id of a damaged message is that of its outermost object`(text: String, id: Int?) {
        for size in 1...3 {
            var scanner = MessageIDScanner()
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                scanner.scan(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(scanner.id == id)
        }
    }

    @Test func `the id found is the parser's, whatever the message and its pieces`() throws {
        for sample in 0..<300 {
            var random = CounterRandom(seed: 5, stage: .reinforcement, sample: sample)
            var object: JSONObject = ["jsonrpc": "2.0", "result": Self.value(&random, depth: 3)]
            let id = Int64(random.integer(below: 1000))
            object["id"] = .integer(id)
            object["more"] = Self.value(&random, depth: 2)
            let bytes = JSONValue.object(object).serialized()
            var scanner = MessageIDScanner()
            var position = 0
            while position < bytes.count {
                let end = min(bytes.count, position + 1 + random.integer(below: 9))
                scanner.scan(bytes[position..<end])
                position = end
            }
            #expect(scanner.id == Int(id), "\(JSONValue.object(object).text)")
        }
    }

    private static func value(_ random: inout CounterRandom, depth: Int) -> JSONValue {
        switch random.integer(below: depth > 0 ? 6 : 3) {
        case 0: .string(["id", "\"id\":3", "a\\", "{", "é\n"][random.integer(below: 5)])
        case 1: .integer(random.integer(below: 100))
        case 2: [.null, .bool(true), .number(0.5)][random.integer(below: 3)]
        case 3: .array((0..<random.integer(below: 4)).map { _ in value(&random, depth: depth - 1) })
        default: ["id": value(&random, depth: depth - 1), "x\"": value(&random, depth: depth - 1)]
        }
    }

    @Test(arguments: 0..<50)
    func `lines are those of the whole text, however it is cut`(sample: Int) {
        var random = CounterRandom(seed: 5, stage: .reinforcement, sample: sample)
        let text = (0..<200).map { _ in Array("ab\n\r".utf8)[random.integer(below: 4)] }
        var splitter = LineSplitter(limit: 6)
        var lines: [LineSplitter.Line] = []
        var position = 0
        while position < text.count {
            let end = min(text.count, position + 1 + random.integer(below: 7))
            lines += splitter.split(text[position..<end])
            position = end
        }
        var expected: [LineSplitter.Line] = []
        for line in text.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            let content = line.last == 13 ? line.dropLast() : line
            if line.count > 6 {
                expected.append(.tooLong(id: nil))
            } else if !content.isEmpty {
                expected.append(.whole(Array(content)))
            }
        }
        #expect(lines == expected)
    }

    @Test(arguments: [
        "", "5", "[]", "{}", "{\"jsonrpc\":\"2.0\"}", "{\"jsonrpc\":\"1.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"result\":{}}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{}}",
        "[{\"jsonrpc\":\"2.0\",\"method\":\"a\"},1]",
    ])
    func `what is no message is none`(text: String) {
        #expect(JSONRPCMessage.messages(in: Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        JSONRPCMessage.request(id: 1, method: "a", parameters: ["x": 1]),
        .request(id: "s", method: "a", parameters: [:]), .notification(method: "b", parameters: [:]),
        .result(id: 3, ["y": .null]), .error(id: .null, JSONRPCError(code: -1, message: "m")),
    ])
    func `messages read back as written`(message: JSONRPCMessage) {
        #expect(JSONRPCMessage.messages(in: message.json.serialized()) == [message])
        let batch = JSONValue.array([message.json, message.json])
        #expect(JSONRPCMessage.messages(in: batch.serialized()) == [message, message])
    }
}
