import Primitives
import Rewards

/// A teacher's conversation about one question, with what became of it.
public struct Trajectory: Sendable, Hashable {
    /// Why a trajectory may not be learnt from.
    public enum Rejection: Error, Sendable, Hashable, CustomStringConvertible {
        /// An entity of the chain was used before an observation showed it, or none ever did.
        case notEarned(entity: String)
        case toolError(observation: String)
        case notCorrect(VerdictReport)
        case tooManyTurns(limit: Int)
        case teacherFailed(reason: String)

        /// One word to count by.
        public var kind: String {
            switch self {
            case .notEarned: "not_earned"
            case .toolError: "tool_error"
            case .notCorrect: "not_correct"
            case .tooManyTurns: "too_many_turns"
            case .teacherFailed: "teacher_failed"
            }
        }

        public var description: String {
            switch self {
            case .notEarned(let entity): "“\(entity)” was used before an observation showed it, or none did"
            case .toolError(let observation): "a tool call failed: \(observation)"
            case .notCorrect(let report):
                "the answer was graded \(report.verdict.rawValue), expected \(report.canonicalGold)"
            case .tooManyTurns(let limit): "no answer within \(limit) turns"
            case .teacherFailed(let reason): reason
            }
        }
    }

    public var questionID: String
    public var messages: [Message]
    /// `nil` for a trajectory that is kept.
    public var rejection: Rejection?

    public var toolCallCount: Int { messages.reduce(0) { $0 + $1.toolCalls.count } }

    public var json: JSONValue {
        [
            "question_id": .string(questionID), "messages": .array(messages.map(\.json)),
            "tool_calls": .integer(toolCallCount), "kept": .bool(rejection == nil),
            "rejection": rejection.map { .string($0.kind) } ?? .null,
            "reason": rejection.map { .string($0.description) } ?? .null,
        ]
    }
}
