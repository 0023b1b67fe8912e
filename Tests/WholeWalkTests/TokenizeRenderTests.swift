import Foundation
import Testing

/// `medresearcher tokenize` and `render`, as a user runs them. Ids are those of Hugging Face `tokenizers` for the
/// quickstart's tokenizer.
struct TokenizeRenderTests {
    private static let tokenizer = Program.root + "/Recipes/quickstart/base"

    private func run(_ arguments: [String], input: String) throws -> (outcome: Program.Outcome, lines: [String]) {
        let directory = NSTemporaryDirectory() + "tokenize-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try input.write(toFile: directory + "/input.jsonl", atomically: true, encoding: .utf8)
        let files = ["--tokenizer", Self.tokenizer, "--input", "input.jsonl", "--output", "output.jsonl"]
        let outcome = try Program.run(arguments + files, in: directory)
        let output = (try? String(contentsOfFile: directory + "/output.jsonl", encoding: .utf8)) ?? ""
        return (outcome, output.split(separator: "\n").map(String.init))
    }

    private static let text = #"{"id": "a", "text": "The gene FBN1 – naïve<|im_end|>"}"#

    @Test(arguments: [
        ([String](), "[51,257,1981,220,37,33,45,16,220,158,222,241,220,666,127,107,822,2041]"),
        (
            ["--split-special"],
            "[51,257,1981,220,37,33,45,16,220,158,222,241,220,666,127,107,822,27,91,465,62,956,91,29]"
        ),
    ])
    func `texts become the reference's ids`(options: [String], ids: String) throws {
        let (outcome, lines) = try run(["tokenize"] + options, input: Self.text)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(lines == [#"{"id":"a","ids":\#(ids)}"#])
    }

    @Test func `ids become the text again`() throws {
        let (outcome, lines) = try run(["tokenize", "--decode"], input: #"{"ids": [51, 257, 1981, 2041]}"#)
        #expect(outcome.code == 0)
        #expect(lines == [#"{"text":"The gene<|im_end|>"}"#])
    }

    @Test func `lines that cannot be used are named and the others written`() throws {
        let (outcome, lines) = try run(["tokenize"], input: "{\"txt\": 1}\n\n\(Self.text)\n{\"text\": \"a\"")
        #expect(outcome.code == 3)
        #expect(lines.count == 1)
        #expect(outcome.errors.contains("input.jsonl: line 1:") && outcome.errors.contains("`text`"))
        #expect(outcome.errors.contains("input.jsonl: line 4:"), "\(outcome.errors)")
    }

    @Test func `a conversation becomes text, ids, ranges and stop`() throws {
        let input =
            #"{"id": 1, "messages": [{"role": "user", "content": "Which gene?"}], "options": {"add_generation_prompt": true}}"#
        let (outcome, lines) = try run(["render", "--renderer", "qwen3"], input: input)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let text = #"<|im_start|>user\nWhich gene?<|im_end|>\n<|im_start|>assistant\n"#
        let ids = "[2040,380,198,1279,336,1981,30,2041,198,2040,381,198]"
        #expect(
            lines == [#"{"id":1,"rendered":"\#(text)","ids":\#(ids),"assistant_token_ranges":[],"stop":[2041]}"#])
    }

    @Test(arguments: [
        ("qwn3", "did you mean `qwen3`", Int32(3)), ("gpt-oss", "<|start|>", 3), ("template", "chat_template", 3),
    ])
    func `a renderer that cannot be had is refused once`(name: String, says: String, code: Int32) throws {
        let (outcome, lines) = try run(["render", "--renderer", name], input: "{\"messages\": []}\n{\"messages\": []}")
        #expect(outcome.code == code)
        #expect(lines.isEmpty)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
        #expect(!outcome.errors.contains("line 2"))
    }

    @Test func `what is needed is asked for`() throws {
        let directory = NSTemporaryDirectory()
        #expect(try Program.run(["render", "--renderer", "qwen3"], in: directory).code == 2)
        #expect(try Program.run(["tokenize", "--tokenizer", Self.tokenizer], in: directory).code == 2)
        let list = try Program.run(["render", "--list"], in: directory)
        #expect(list.code == 0 && list.output.contains("qwen3-thinking-2507"))
    }
}
