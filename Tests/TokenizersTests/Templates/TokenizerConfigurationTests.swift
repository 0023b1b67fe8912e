import Primitives
import Storage
import Testing

@testable import Tokenizers

@Suite("The files beside a tokenizer")
struct TokenizerConfigurationTests {
    private func configuration(_ text: String) throws -> TokenizerConfiguration {
        var configuration = TokenizerConfiguration()
        try configuration.read(JSONValue.parse(text), file: "tokenizer_config.json")
        return configuration
    }

    @Test("Tokens are strings or objects; switches and nulls are none")
    func tokens() throws {
        let configuration = try configuration(
            #"{"bos_token": null, "eos_token": {"content": "<e>", "special": true}, "pad_token": "<p>", "add_bos_token": false}"#
        )
        #expect(configuration.namedTokens == ["eos_token": "<e>", "pad_token": "<p>"])
    }

    @Test("A template is a string, or one of several by name")
    func templates() throws {
        #expect(try configuration(#"{"chat_template": "a"}"#).templateSource == "a")
        let named = try configuration(
            #"{"chat_template": [{"name": "default", "template": "d"}, {"name": "tool_use", "template": "t"}]}"#)
        #expect(named.templateSource == "d")
        #expect(named.toolTemplateSource == "t")
    }

    @Test("Anything else is refused with its path")
    func refusals() throws {
        for (text, path) in [
            (#"{"eos_token": 3}"#, "eos_token"), (#"{"chat_template": 3}"#, "chat_template"),
            (#"{"chat_template": [{"name": "default"}]}"#, "chat_template[0].template"),
        ] {
            let error = #expect(throws: TokenizerError.self) { _ = try configuration(text) }
            #expect(error?.description.contains("`\(path)`") == true)
        }
    }

    @Test("Files are found beside the tokenizer, and the plain template goes first")
    func files() throws {
        let directory = "/tmp/tokenizer-configuration-\(UInt64.random(in: 0...(.max)))"
        try FileStore.createDirectory(directory)
        func write(_ name: String, _ text: String) throws {
            try FileStore.writeAtomically(Array(text.utf8), to: "\(directory)/\(name)")
        }
        try write("tokenizer_config.json", #"{"eos_token": "<e>", "chat_template": "a"}"#)
        try write("generation_config.json", #"{"eos_token_id": [5, 7]}"#)
        #expect(try TokenizerConfiguration.load(beside: directory).templateSource == "a")
        try write("chat_template.json", #"{"chat_template": "b"}"#)
        #expect(try TokenizerConfiguration.load(beside: directory + "/tokenizer.json").templateSource == "b")
        try write("chat_template.jinja", "c")
        let configuration = try TokenizerConfiguration.load(beside: directory)
        #expect(configuration.templateSource == "c")
        #expect(configuration.endTokens == [5, 7])
        #expect(configuration.namedTokens["eos_token"] == "<e>")
        for name in try FileStore.list(directory) { try FileStore.remove("\(directory)/\(name)") }
    }

    @Test("A template that cannot be interpreted is refused with its line")
    func unsupportedTemplate() {
        let error = #expect(throws: TokenizerError.self) {
            _ = try TokenizerConfiguration.template("a\n{% include 'b' %}", file: "chat_template.jinja")
        }
        #expect(error?.description.contains("line 2: unsupported: the statement `include`") == true)
    }
}
