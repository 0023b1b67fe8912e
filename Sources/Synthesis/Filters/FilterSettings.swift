import Knowledge
import Primitives

/// Every threshold of the filters.
public struct FilterSettings: Sendable, Hashable {
    public var turns = 2...64
    public var toolCalls = 1...64
    public var maximumTokens = 32_768
    public var maximumToolFailures = 4
    public var maximumCallOccurrences = 1
    public var requiresThinking = true
    public var language = LanguageFilter.Language.english
    public var minimumLanguageShare = 0.95
    /// 0 keeps duplicates.
    public var duplicateThreshold = 0.9
    public var duplicateWords = 3

    public init() {}

    /// The filters of single demonstrations, in the order in which they are asked.
    public func filters(relations: [Relation]) -> [any TrajectoryFilter] {
        [
            AnswerFilter(), FormatFilter(requiresThinking: requiresThinking), PairingFilter(),
            TurnCountFilter(allowed: turns), ToolCallCountFilter(allowed: toolCalls),
            TokenCountFilter(maximum: maximumTokens), ToolFailureFilter(maximumFailures: maximumToolFailures),
            LoopFilter(maximumOccurrences: maximumCallOccurrences), MaskFilter(),
            LeakageFilter(relations: relations),
            LanguageFilter(language: language, minimumShare: minimumLanguageShare),
        ]
    }

    /// The settings as provenance and the card show them.
    public var json: JSONValue {
        [
            "turns": [.integer(turns.lowerBound), .integer(turns.upperBound)],
            "tool_calls": [.integer(toolCalls.lowerBound), .integer(toolCalls.upperBound)],
            "tokens": .integer(maximumTokens), "tool_failures": .integer(maximumToolFailures),
            "call_occurrences": .integer(maximumCallOccurrences), "thinking": .bool(requiresThinking),
            "language": .string(language.rawValue), "language_share": .number(minimumLanguageShare),
            "duplicate_similarity": .number(duplicateThreshold), "duplicate_words": .integer(duplicateWords),
        ]
    }
}
