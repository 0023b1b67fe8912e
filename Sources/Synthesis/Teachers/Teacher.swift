import Knowledge
import Primitives
import Tokenizers

/// Writes the assistant's turns of a demonstration.
///
/// A teacher holds no state of a conversation: a turn is a function of the task and of what was said so far, so that one
/// teacher serves any number of conversations at once and an interrupted one can be walked again.
public protocol Teacher: Sendable {
    /// What provenance calls the teacher.
    var name: String { get }

    /// The next turn: thinking and tool calls, or the final answer between `<answer>` and `</answer>`.
    /// - Parameter conversation: everything so far, the student's prompt and the observations included.
    func turn(_ task: TeacherTask, conversation: [Message]) async throws(TeacherError) -> LanguageModelReply
}

/// What a teacher is told about a question. The answer and the entities on the way to it are not part of it.
public struct TeacherTask: Sendable, Hashable {
    /// What one constraint of the question says: where it starts and which relations it follows.
    public struct Condition: Sendable, Hashable {
        /// The entity that the question names.
        public var anchor: String
        public var steps: [Step]
    }

    public var question: String
    /// What the question's words say, for teachers that cannot read them.
    public var conditions: [Condition]
    /// The masked ways to the answer; `nil` asks for an exploration.
    public var guidance: MaskedGuidance?
    public var tools: [ToolDescription]
    /// Tokens that one turn may take.
    public var maximumTokens: Int
    public var key: TrajectoryKey

    public init(
        _ question: Question, guidance: MaskedGuidance?, tools: [ToolDescription] = [],
        maximumTokens: Int = 1024, key: TrajectoryKey = TrajectoryKey(seed: 1, question: 0, rollout: 0)
    ) {
        self.question = question.text
        conditions = zip(question.anchors, question.certificate.query.constraints).map {
            Condition(anchor: $0, steps: $1.steps)
        }
        self.guidance = guidance
        self.tools = tools
        self.maximumTokens = maximumTokens
        self.key = key
    }
}

/// Why a teacher wrote no turn.
public enum TeacherError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The question, the guidance or an observation has a form that the teacher cannot follow.
    case lost(reason: String)
    /// The teacher's model failed at this conversation.
    case failed(reason: String)
    /// Nobody can ask the teacher's model now.
    case unavailable(reason: String)
    /// What may be spent is spent: nothing more can be demonstrated in this run.
    case spendLimitReached(reason: String)
    case cancelled

    public var description: String {
        switch self {
        case .lost(let reason), .failed(let reason), .unavailable(let reason), .spendLimitReached(let reason):
            "teacher: \(reason)"
        case .cancelled: "teacher: the demonstration was cancelled"
        }
    }
}
