import Primitives

@testable import Tokenizers

/// The formats under test, by name.
enum QwenFormat: String, CaseIterable, Sendable {
    case chatML = "chatml"
    case qwen25 = "qwen2.5"
    case hybrid = "qwen3"
    case thinking = "qwen3-thinking-2507"
    case instruct = "qwen3-instruct-2507"

    func renderer(
        _ tokenizer: Tokenizer, _ options: RendererOptions = RendererOptions()
    ) throws(TokenizerError) -> any ChatRenderer {
        switch self {
        case .chatML: try ChatMLRenderer(tokenizer: tokenizer, options: options)
        case .qwen25: try Qwen25Renderer(tokenizer: tokenizer, options: options)
        case .hybrid: try Qwen3Renderer(tokenizer: tokenizer, options: options)
        case .thinking: try Qwen3Renderer(tokenizer: tokenizer, variant: .thinking, options: options)
        case .instruct: try Qwen3Renderer(tokenizer: tokenizer, variant: .instruct, options: options)
        }
    }

    /// The vocabulary that the reference files were made with.
    var vocabulary: String {
        switch self {
        case .chatML, .qwen25: "qwen2.5"
        case .hybrid, .thinking, .instruct: "qwen3"
        }
    }

    /// Whether the template reads a thinking block that stands in the content.
    var readsInlineThinking: Bool { self == .hybrid || self == .thinking }
}

/// The reference rows.
enum QwenRows {
    static func conversations(_ format: QwenFormat) throws -> [JSONValue] {
        try SharedData.rows("\(format == .chatML ? "chatml" : format.vocabulary)/chat-golden-dev.jsonl.zst")
    }

    static func cookbook() throws -> [JSONValue] { try SharedData.rows("qwen3/renderer-golden-dev.jsonl.zst") }
}

extension JSONValue {
    func ranges(at key: String) throws(JSONError) -> [Range<Int>] {
        try array(at: key).compactMap { range in
            guard let bounds = range.tokensValue, bounds.count == 2 else { return nil }
            return Int(bounds[0])..<Int(bounds[1])
        }
    }
}
