import ArgumentParser
import Primitives
import Reporting
import Tokenizers

struct Tokenize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turns texts into token ids, or ids into texts.",
        discussion: """
            A line of the input: {"id"?, "text"}, or {"id"?, "ids"} with --decode; of the output: {"id"?, "ids"}, or \
            {"id"?, "text"}. Other members are ignored. Lines that cannot be used are named on standard error, and the \
            exit code is then 3; the others are written.
            """)

    @Option(help: "A tokenizer.json, the same as .zst, or a model's directory.")
    var tokenizer: String

    @Option(help: "A file of texts, one JSON object a line (.jsonl or .jsonl.zst); - reads standard input.")
    var input: String?

    @Option(help: "Where the results go, one JSON object a line; standard output if not given.")
    var output: String?

    @Option(help: "One text; its tokens are listed for a person.")
    var text: String?

    @Flag(help: "Decode ids instead of encoding texts.")
    var decode = false

    @Flag(help: "Take the names of special tokens for plain text, as for the content of messages.")
    var splitSpecial = false

    @Flag(help: "Add the tokens that the file's post-processor puts at the beginning and the end.")
    var addSpecial = false

    @Flag(help: "Leave special tokens out when decoding.")
    var skipSpecial = false

    @Flag(help: "Add the range of UTF-8 bytes that each token stands for.")
    var offsets = false

    func validate() throws {
        guard (input == nil) != (text == nil) else { throw ValidationError("give either --input FILE or --text TEXT") }
        if text != nil, decode { throw ValidationError("--decode needs --input with lines of {\"ids\"}") }
        if offsets, addSpecial {
            throw ValidationError("--offsets and --add-special cannot be combined: added tokens come from nowhere")
        }
    }

    func run() async throws {
        let tokenizer = try Tokenizer.load(path: tokenizer)
        let settings = settings
        if let text {
            list(text, tokenizer, settings)
        } else if let input {
            try await LineFiles.map(input, to: output, what: decode ? "decoded" : "encoded") { json in
                try TokenizeRequest(json: json, settings: settings).answer(by: tokenizer, settings: settings)
            }
        }
    }

    private var settings: TokenizeRequest.Settings {
        var settings = TokenizeRequest.Settings()
        settings.decodes = decode
        settings.splitsSpecialTokens = splitSpecial
        settings.addsSpecialTokens = addSpecial
        settings.skipsSpecialTokens = skipSpecial
        settings.showsOffsets = offsets
        return settings
    }

    private func list(_ text: String, _ tokenizer: Tokenizer, _ settings: TokenizeRequest.Settings) {
        let ids = settings.encode(text, with: tokenizer)
        for id in ids { print("\(id)\t\(JSONValue.string(tokenizer.decode([id])).text)") }
        Terminal.writeToStandardError("\(ids.count) tokens, \(text.utf8.count) bytes\n")
    }
}
