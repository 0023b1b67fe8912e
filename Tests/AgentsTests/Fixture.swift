import Primitives
import Tokenizers

@testable import Agents

/// A real tokenizer and renderer over a small vocabulary trained for the tests.
struct Fixture {
    let tokenizer: Tokenizer
    let renderer: Qwen3Renderer
    let endOfTurn: TokenID

    static let shared: Result<Fixture, any Error> = Result { try Fixture() }

    private init() throws {
        let special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"].map { (token: $0, special: true) }
        let tags = ["<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"]
        let json = BytePairTrainer.train(
            texts: Array(repeating: "search for asthma and answer the question that salbutamol treats", count: 2),
            vocabularySize: 300, addedTokens: special + tags.map { (token: $0, special: false) })
        tokenizer = try Tokenizer(json: json)
        renderer = try Qwen3Renderer(tokenizer: tokenizer)
        endOfTurn = tokenizer.tokenID("<|im_end|>") ?? -1
    }

    static let question = [Message(role: .user, content: "What treats asthma?")]
    static let key = EpisodeKey(seed: 1, stage: .reinforcement, step: 2, group: 3, sample: 4)

    func runner(
        tools: [any Tool] = [LibraryTool()], turns: Int = 4, perTurn: Int = 200, episode: Int = 4000,
        observation: Int = 100, rules: EpisodeRules = EpisodeRules()
    ) -> EpisodeRunner {
        EpisodeRunner(
            renderer: renderer, tokenizer: tokenizer, tools: ToolRouter(tools: tools),
            budgets: EpisodeBudgets(
                maximumTurns: turns, maximumTokensPerTurn: perTurn, maximumEpisodeTokens: episode,
                maximumObservationTokens: observation), rules: rules)
    }
}

/// Turns as the policy writes them.
enum Turn {
    static let search = call("{\"name\": \"search\", \"arguments\": {\"query\": \"asthma\"}}")
    static let answer = "<think>\nI know.\n</think>\n\n<answer>salbutamol</answer><|im_end|>"

    static func call(_ json: String) -> String {
        "<think>\nI search.\n</think>\n\n<tool_call>\n\(json)\n</tool_call><|im_end|>"
    }
}

/// A tool that answers from its arguments alone.
struct LibraryTool: Tool {
    var prefix = "about "

    var description: ToolDescription {
        ToolDescription(
            name: "search", description: "Searches.",
            parameters: [
                "type": "object", "properties": ["query": ["type": "string"], "limit": ["type": "integer"]],
                "required": ["query"],
            ])
    }

    func call(arguments: JSONValue) async -> ToolResult {
        ToolResult(content: prefix + (arguments["query"]?.stringValue ?? ""))
    }
}
