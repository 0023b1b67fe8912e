import Primitives
import Tokenizers

/// A language model that writes for this room: a teacher, a rewriter, a solver.
///
/// The room knows no server; `Recipes` makes one of these of a server's chat model. Reproducible runs need a model that
/// answers equal prompts equally, for which a cache of answers is enough.
public protocol LanguageModel: Sendable {
    /// What provenance calls the model.
    var name: String { get }

    func reply(to prompt: LanguageModelPrompt) async throws(LanguageModelError) -> LanguageModelReply
}

/// What a language model is asked.
public struct LanguageModelPrompt: Sendable, Hashable {
    public var messages: [Message]
    /// The tools that it may call by the server's own means; empty where calls are written as tags in the text.
    public var tools: [ToolDescription]
    public var maximumTokens: Int
    public var temperature: Double
    public var topP: Double
    /// Texts that end the reply and are not part of it.
    public var stopTexts: [String]
    /// A JSON schema that the reply must obey, for servers that can enforce one.
    public var schema: JSONValue?
    /// For servers that can repeat a draw; it also tells apart prompts that are meant to be answered differently.
    public var seed: Int64?

    public init(
        messages: [Message], tools: [ToolDescription] = [], maximumTokens: Int = 1024, temperature: Double = 0,
        topP: Double = 1, stopTexts: [String] = [], schema: JSONValue? = nil, seed: Int64? = nil
    ) {
        self.messages = messages
        self.tools = tools
        self.maximumTokens = maximumTokens
        self.temperature = temperature
        self.topP = topP
        self.stopTexts = stopTexts
        self.schema = schema
        self.seed = seed
    }

    /// A question under instructions, to be answered in text.
    public init(system: String, user: String, maximumTokens: Int = 1024, temperature: Double = 0) {
        self.init(
            messages: [Message(role: .system, content: system), Message(role: .user, content: user)],
            maximumTokens: maximumTokens, temperature: temperature)
    }
}

/// What a language model wrote.
public struct LanguageModelReply: Sendable, Hashable {
    /// An assistant message.
    public var message: Message
    /// Whether the model ended the reply itself; otherwise it is cut off or filtered.
    public var isWhole: Bool
    public var usage: ModelUsage

    public init(message: Message, isWhole: Bool = true, usage: ModelUsage = ModelUsage()) {
        self.message = message
        self.isWhole = isWhole
        self.usage = usage
    }
}

/// What replies took, and the money for it.
public struct ModelUsage: Sendable, Hashable {
    public var tokens: TokenUsage
    /// US dollars at the recipe's prices.
    public var cost: Double

    public init(tokens: TokenUsage = .none, cost: Double = 0) {
        self.tokens = tokens
        self.cost = cost
    }

    public static func += (left: inout ModelUsage, right: ModelUsage) {
        left.tokens += right.tokens
        left.cost += right.cost
    }

    public var json: JSONValue {
        [
            "requests": .integer(tokens.requests), "prompt_tokens": .integer(tokens.promptTokens),
            "completion_tokens": .integer(tokens.completionTokens), "cost_usd": .number(cost),
        ]
    }

    public init(json: JSONValue) throws(JSONError) {
        self.init(
            tokens: TokenUsage(
                requests: try json.integer(at: "requests"), promptTokens: try json.integer(at: "prompt_tokens"),
                completionTokens: try json.integer(at: "completion_tokens")),
            cost: try json.double(at: "cost_usd"))
    }
}

/// Why a language model gave no reply.
public enum LanguageModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server refused this prompt, failed at it or sent garbage; asking again was tried where it could help.
    case failed(reason: String)
    /// Nobody can ask the server now: it is not there, too busy, or refuses the key. The work is to be gone on with later.
    case unavailable(reason: String)
    /// What may be spent is spent. Nothing more is asked.
    case spendLimitReached(reason: String)
    case cancelled

    public var description: String {
        switch self {
        case .failed(let reason), .unavailable(let reason), .spendLimitReached(let reason): reason
        case .cancelled: "the request was cancelled"
        }
    }
}
