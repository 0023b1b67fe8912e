import Primitives

@testable import Tokenizers

/// A small vocabulary with the control tokens of harmony.
enum HarmonyVocabulary {
    static let controlTokens = [
        "<|startoftext|>", "<|endoftext|>", "<|return|>", "<|constrain|>", "<|channel|>", "<|start|>", "<|end|>",
        "<|message|>", "<|call|>",
    ]

    private static let made = Result {
        try Tokenizer(json: SmallVocabulary.file(addedTokens: controlTokens.map { ($0, true) }))
    }

    static func tokenizer() throws -> Tokenizer { try made.get() }
}

/// What the reference files of gpt-oss were made with, and how they write messages.
enum HarmonyGoldens {
    static func tokenizer() throws -> Tokenizer { try SharedData.tokenizer("gpt-oss") }

    static func options(_ dialect: RendererOptions.Dialect) -> RendererOptions {
        var options = RendererOptions()
        options.dialect = dialect
        options.date = "2026-01-15"
        return options
    }

    /// Reads the cookbook's own role for a raw system message as a system message of that name.
    static func messages(_ row: JSONValue) throws -> [Message] {
        try row.array(at: "messages").map { json in
            guard json["role"] == "_gptoss_internal_system", var object = json.objectValue else {
                return try Message(json: json)
            }
            object["role"] = "system"
            object["name"] = "_gptoss_internal_system"
            return try Message(json: .object(object))
        }
    }
}
