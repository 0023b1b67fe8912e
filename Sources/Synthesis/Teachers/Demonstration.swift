import Primitives

/// What a teacher did about one question, from the student's prompt to the stop.
public struct Demonstration: Sendable, Hashable {
    /// Why it ended. The names are those of the paper's release where it has one.
    public enum StopReason: String, Sendable, Hashable, CaseIterable {
        case answer
        /// The last turn neither called a tool nor gave an answer.
        case noToolCalls = "no_tool_calls"
        /// The same call brought the same observation again and again.
        case toolLoopDetected = "tool_loop_detected"
        /// No answer within the turns.
        case maximumIterationsExceeded = "max_iterations_exceeded"
        case maximumToolCallsExceeded = "max_tool_calls_exceeded"
        case maximumTokensExceeded = "max_tokens_exceeded"
        case maximumTimeExceeded = "max_time_exceeded"
        /// A turn that the teacher did not end itself.
        case abnormal = "abnormal_completed"
        /// The teacher failed; ``Demonstration/problem`` says how.
        case error
    }

    public var questionID: String
    /// From 0.
    public var rollout: Int
    /// Whether the teacher was given guidance.
    public var isGuided: Bool
    public var teacher: String
    /// The student's prompt, then turns and observations. Every call has an id of its own that its observation names.
    public var messages: [Message]
    public var stopReason: StopReason
    public var problem: String?
    /// The ids of the calls that failed.
    public var failedCalls: [String]
    /// Those of them that were let fail, which is not the teacher's fault.
    public var simulatedFailures: [String]
    public var usage: ModelUsage
    /// Of all messages, by the synthesis' counter.
    public var tokenCount: Int

    public init(
        questionID: String, rollout: Int, isGuided: Bool, teacher: String, messages: [Message],
        stopReason: StopReason = .error, problem: String? = nil, failedCalls: [String] = [],
        simulatedFailures: [String] = [], usage: ModelUsage = ModelUsage(), tokenCount: Int = 0
    ) {
        self.questionID = questionID
        self.rollout = rollout
        self.isGuided = isGuided
        self.teacher = teacher
        self.messages = messages
        self.stopReason = stopReason
        self.problem = problem
        self.failedCalls = failedCalls
        self.simulatedFailures = simulatedFailures
        self.usage = usage
        self.tokenCount = tokenCount
    }

    /// `q00017-0`
    public var id: String { "\(questionID)-\(rollout)" }
    public var turns: [Message] { messages.filter { $0.role == .assistant } }
    public var toolCallCount: Int { messages.reduce(0) { $0 + $1.toolCalls.count } }

    public var json: JSONValue {
        [
            "question_id": .string(questionID), "rollout": .integer(rollout), "guided": .bool(isGuided),
            "teacher": .string(teacher), "messages": .array(messages.map(\.json)),
            "stop_reason": .string(stopReason.rawValue), "problem": problem.map { .string($0) } ?? .null,
            "failed_calls": .array(failedCalls.map { .string($0) }),
            "simulated_failures": .array(simulatedFailures.map { .string($0) }), "usage": usage.json,
            "tokens": .integer(tokenCount),
        ]
    }

    /// Reads what ``json`` writes.
    public init(json: JSONValue) throws(JSONError) {
        let reason = try json.string(at: "stop_reason")
        guard let stopReason = StopReason(rawValue: reason) else {
            let known = StopReason.allCases.map(\.rawValue).joined(separator: ", ")
            throw .unexpected(path: "stop_reason", expected: "one of \(known)", found: "`\(reason)`")
        }
        var messages: [Message] = []
        for (index, message) in try json.array(at: "messages").enumerated() {
            do throws(JSONError) { messages.append(try Message(json: message)) } catch {
                throw error.within("messages[\(index)]")
            }
        }
        self.init(
            questionID: try json.string(at: "question_id"), rollout: try json.integer(at: "rollout"),
            isGuided: try json.bool(at: "guided"), teacher: try json.string(at: "teacher"), messages: messages,
            stopReason: stopReason, problem: json["problem"]?.stringValue,
            failedCalls: try json.texts(at: "failed_calls"),
            simulatedFailures: try json.texts(at: "simulated_failures"),
            usage: try ModelUsage(json: .object(try json.object(at: "usage"))),
            tokenCount: try json.integer(at: "tokens"))
    }
}
