import Primitives

/// What a chat model answered.
public struct ChatAnswer: Sendable, Hashable {
    /// Why the model stopped.
    public enum FinishReason: Sendable, Hashable {
        /// It ended its turn or met a stop text.
        case stop
        /// It ran out of tokens: the answer is not whole.
        case length
        /// It waits for the results of tools.
        case toolCalls
        /// The server kept a part of the answer back.
        case contentFilter
        /// Anything else, in the server's words.
        case other(String)

        init(_ text: String) {
            switch text {
            case "stop": self = .stop
            case "length": self = .length
            case "tool_calls", "function_call": self = .toolCalls
            case "content_filter": self = .contentFilter
            default: self = .other(text)
            }
        }

        /// The server's word.
        public var text: String {
            switch self {
            case .stop: "stop"
            case .length: "length"
            case .toolCalls: "tool_calls"
            case .contentFilter: "content_filter"
            case .other(let text): text
            }
        }
    }

    /// An assistant message; its ``Message/thinking`` is what the server called `reasoning_content` or `reasoning`.
    public var message: Message
    public var finishReason: FinishReason
    /// `nil` where the server does not count.
    public var usage: TokenUsage?

    public init(message: Message, finishReason: FinishReason = .stop, usage: TokenUsage? = nil) {
        self.message = message
        self.finishReason = finishReason
        self.usage = usage
    }
}
