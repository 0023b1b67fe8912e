import Foundation
import Primitives
import Storage
import Testing

@testable import Synthesis

struct DatasetExampleTests {
    static let tools: [JSONValue] = [
        [
            "type": "function",
            "function": ["name": "search", "description": "Searches.", "parameters": ["type": "object"]],
        ]
    ]

    static func example(_ number: Int = 1, thinking: String = "Find it.") -> DatasetExample {
        DatasetExample(
            id: "q\(number)-0", questionID: "q\(number)",
            messages: [
                Message(role: .system, content: "Search."),
                Message(role: .user, content: "What is \"it\"?"),
                Message(
                    role: .assistant, content: "", thinking: thinking,
                    toolCalls: [
                        ToolCall(name: "search", arguments: ["query": "x"], id: "call_1"),
                        ToolCall(name: "search", arguments: ["query": "y"], id: "call_2"),
                    ]),
                Message(role: .tool, content: "x is a.\nb", name: "search", toolCallID: "call_1"),
                Message(role: .tool, content: "y is c.", name: "search", toolCallID: "call_2"),
                Message(role: .assistant, content: "<answer>c</answer>", thinking: "Found."),
            ],
            weights: [0, 0, 1, 0, 0, 1], split: .train, specialty: "Oncology", hops: 2, toolCalls: 2,
            provenance: .init(
                certificate: "ce", graph: "gr", teacher: "rules", isGuided: true, rollout: 0, seed: 7, filters: "fi",
                rewrittenThoughts: 0))
    }

    private static func encoded(_ examples: [DatasetExample]) -> String {
        var encoder = DatasetRowEncoder(tools: tools)
        for example in examples { encoder.append(example) }
        return String(decoding: encoder.bytes, as: UTF8.self)
    }

    /// The format as the README describes it, written by hand.
    @Test func writesTheDescribedRow() {
        let expected = """
            {"id":"q1-0","question_id":"q1","split":"train","messages":[{"role":"system","content":"Search."},\
            {"role":"user","content":"What is \\"it\\"?"},{"role":"assistant","content":"","reasoning_content":"Find it.",\
            "tool_calls":[{"id":"call_1","type":"function","function":{"name":"search","arguments":{"query":"x"}}},\
            {"id":"call_2","type":"function","function":{"name":"search","arguments":{"query":"y"}}}]},\
            {"role":"tool","content":"x is a.\\nb","name":"search","tool_call_id":"call_1"},\
            {"role":"tool","content":"y is c.","name":"search","tool_call_id":"call_2"},\
            {"role":"assistant","content":"<answer>c</answer>","reasoning_content":"Found."}],\
            "tools":[{"type":"function","function":{"name":"search","description":"Searches.","parameters":\
            {"type":"object"}}}],"weights":[0.0,0.0,1.0,0.0,0.0,1.0],"specialty":"Oncology","hops":2,"tool_calls":2,\
            "provenance":{"certificate":"ce","graph":"gr","teacher":"rules","guided":true,"rollout":0,"seed":7,\
            "filters":"fi","rewritten_thoughts":0}}

            """
        #expect(Self.encoded([Self.example()]) == expected)
    }

    @Test func theFastEncoderWritesWhatTheGeneralOneDoes() {
        let pieces = ["a", "\"", "\\", "\n", "\t", "\u{1}", "\u{7F}", "é", "😀", "", "日本", "\r\n", "/"]
        for step in 0..<200 {
            var random = CounterRandom(seed: 5, stage: .synthesis, step: step)
            let text = (0..<12).map { _ in random.pick(pieces) }.joined()
            var example = Self.example(step, thinking: text)
            example.messages[3].content = text + text
            example.messages[2].isContentNull = step % 2 == 0
            example.specialty = step % 3 == 0 ? nil : text
            #expect(Self.encoded([example]) == example.json(tools: Self.tools).text + "\n")
        }
    }

    @Test func supervisedTrainingReadsTheRows() throws {
        let read = try SupervisedExample(json: Self.example().json(tools: Self.tools))
        #expect(read.messages == Self.example().messages)
        #expect(read.weights == Self.example().weights)
    }

    @Test func comesBackFromItsRow() throws {
        let example = Self.example()
        #expect(try DatasetExample(json: .parse(example.json(tools: Self.tools).text)) == example)
    }

    @Test func exportsForOpenAI() throws {
        let json = DatasetExports.openAI(Self.example(), tools: Self.tools)
        let expected = """
            {"messages":[{"role":"system","content":"Search."},{"role":"user","content":"What is \\"it\\"?"},\
            {"role":"assistant","content":"<think>\\nFind it.\\n</think>\\n\\n","tool_calls":[{"id":"call_1","type":\
            "function","function":{"name":"search","arguments":"{\\"query\\":\\"x\\"}"}},{"id":"call_2","type":"function",\
            "function":{"name":"search","arguments":"{\\"query\\":\\"y\\"}"}}],"weight":1},{"role":"tool","content":\
            "x is a.\\nb","tool_call_id":"call_1"},{"role":"tool","content":"y is c.","tool_call_id":"call_2"},\
            {"role":"assistant","content":"<think>\\nFound.\\n</think>\\n\\n<answer>c</answer>","weight":1}],"tools":\
            [{"type":"function","function":{"name":"search","description":"Searches.","parameters":{"type":"object"}}}],\
            "parallel_tool_calls":true}
            """
        #expect(json.text == expected)
    }

    @Test func exportsForShareGPT() throws {
        let json = DatasetExports.shareGPT(Self.example(), tools: Self.tools)
        let turns = try json.array(at: "conversations")
        #expect(
            turns.map { $0["from"]?.stringValue } == ["human", "function_call", "observation", "gpt"])
        #expect(
            turns[1]["value"]
                == "<think>\nFind it.\n</think>\n\n[{\"name\":\"search\",\"arguments\":{\"query\":\"x\"}},{\"name\":\"search\",\"arguments\":{\"query\":\"y\"}}]"
        )
        #expect(turns[2]["value"] == "x is a.\nb\n\ny is c.")
        #expect(json["system"] == "Search.")
        #expect(try JSONValue.parse(json.string(at: "tools")).arrayValue?.first?["name"] == "search")
    }
}

struct DatasetWriterTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    private func write(_ rows: Range<Int>, to name: String, key: String = "k", finishes: Bool = true) throws -> Int {
        let writer = try DatasetWriter(
            path: directory + "/" + name, tools: DatasetExampleTests.tools, key: key, frameSize: 3000)
        let start = writer.writtenRows
        for row in rows.dropFirst(start) {
            try writer.append(DatasetExampleTests.example(row, thinking: String(repeating: "t\(row) ", count: row)))
        }
        if finishes { try writer.finish() }
        return start
    }

    @Test func aWriteThatWasInterruptedGoesOn() throws {
        try FileStore.createDirectory(directory)
        defer { try? FileStore.remove(directory) }
        #expect(try write(0..<40, to: "whole") == 0)
        for stop in [0, 1, 7, 23, 40] {
            let name = "stopped\(stop)"
            _ = try write(0..<stop, to: name, finishes: false)
            // What a crash leaves after the last whole frame.
            let log = try AppendLog(path: directory + "/" + name)
            try log.append([1, 2, 3])
            log.close()
            let start = try write(0..<40, to: name)
            #expect(start <= stop && start >= stop - 5)
            #expect(try FileStore.read(directory + "/" + name) == FileStore.read(directory + "/whole"))
            #expect(!FileStore.exists(directory + "/" + name + ".progress"))
        }
        let rows = try JSONLines.decode(Zstandard.decompress(FileStore.read(directory + "/whole")), path: "whole")
        #expect(rows.compactMap { $0["id"]?.stringValue } == (0..<40).map { "q\($0)-0" })
    }

    @Test func otherRowsStartAnew() throws {
        try FileStore.createDirectory(directory)
        defer { try? FileStore.remove(directory) }
        _ = try write(0..<30, to: "a", key: "first", finishes: false)
        #expect(try write(0..<30, to: "a", key: "second") == 0)
    }

    @Test func anEmptyDataSetIsReadable() throws {
        try FileStore.createDirectory(directory)
        defer { try? FileStore.remove(directory) }
        _ = try write(0..<0, to: "empty.jsonl.zst")
        #expect(try SupervisedExample.read(directory + "/empty.jsonl.zst").isEmpty)
    }
}
