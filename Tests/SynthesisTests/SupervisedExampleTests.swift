import Foundation
import Primitives
import Testing

@testable import Synthesis

struct SupervisedExampleTests {
    private let example = SupervisedExample(
        questionID: "q7",
        messages: [
            Message(role: .user, content: "What is it?"),
            Message(
                role: .assistant, content: "", thinking: "Find the gene.",
                toolCalls: [ToolCall(name: "search", arguments: ["query": "x \"y\" é"])]),
            Message(role: .tool, content: "x is y.\nz.", name: "search"),
            Message(role: .assistant, content: "<answer>y</answer>", thinking: "Found."),
        ])

    @Test func weighsOnlyTheAssistant() {
        #expect(example.weights == [0, 1, 0, 1])
    }

    @Test func comesBackFromJSON() throws {
        #expect(try SupervisedExample(json: .parse(example.json.text)) == example)
    }

    @Test func comesBackFromAFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl.zst").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SupervisedExample.write([example, example], to: path)
        #expect(try SupervisedExample.read(path) == [example, example])
    }

    @Test func refusesWeightsThatDoNotFitTheMessages() throws {
        var object = try #require(example.json.objectValue)
        object["weights"] = [0, 1]
        let json = JSONValue.object(object)
        #expect(throws: JSONError.self) { try SupervisedExample(json: json) }
    }
}
