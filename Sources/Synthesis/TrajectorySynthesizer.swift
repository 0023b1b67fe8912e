import Agents
import Knowledge
import Primitives
import Rewards

/// Lets a teacher answer questions with the real tools and keeps what may be learnt from.
///
/// A trajectory is kept if the verifier says that its answer is correct and if it earned every entity of its chains:
/// the entity stands in an observation before the teacher uses it.
public struct TrajectorySynthesizer: Sendable {
    private let teacher: any Teacher
    private let tools: ToolRouter
    private let relations: [Relation]
    private let systemPrompt: String?
    private let maximumTurns: Int
    private let verifier = AnswerVerifier()

    /// - Parameters:
    ///   - systemPrompt: what the policy's prompt will start with too.
    ///   - maximumTurns: a teacher that has not answered after so many turns is stopped.
    public init(
        teacher: any Teacher, tools: ToolRouter, relations: [Relation], systemPrompt: String? = nil,
        maximumTurns: Int = 12
    ) {
        self.teacher = teacher
        self.tools = tools
        self.relations = relations
        self.systemPrompt = systemPrompt
        self.maximumTurns = maximumTurns
    }

    /// One trajectory per question, in their order.
    public func trajectories(for questions: [Question]) async throws(CancellationError) -> TrajectorySet {
        var trajectories: [Trajectory] = []
        for question in questions { trajectories.append(try await trajectory(for: question)) }
        return TrajectorySet(trajectories: trajectories)
    }

    public func trajectory(for question: Question) async throws(CancellationError) -> Trajectory {
        var trajectory = Trajectory(
            questionID: question.id, messages: question.prompt(systemPrompt: systemPrompt), rejection: nil)
        trajectory.rejection = try await converse(about: question, messages: &trajectory.messages)
        return trajectory
    }

    /// Extends the conversation until the teacher answers; returns why it may not be kept, if so.
    private func converse(
        about question: Question, messages: inout [Message]
    ) async throws(CancellationError) -> Trajectory.Rejection? {
        let task = TeacherTask(
            question, guidance: MaskedGuidance(certificate: question.certificate, relations: relations),
            tools: tools.descriptions)
        for _ in 0..<maximumTurns {
            let turn: Message
            do {
                turn = try await teacher.turn(task, conversation: messages).message
            } catch {
                return .teacherFailed(reason: "\(error)")
            }
            messages.append(turn)
            guard !turn.toolCalls.isEmpty else {
                let report = verifier.grade(finalText: turn.content, gold: question.gold)
                if report.verdict != .correct { return .notCorrect(report) }
                return Self.unearnedEntity(of: question, messages: messages).map { .notEarned(entity: $0) }
            }
            for call in turn.toolCalls {
                let result = try await tools.run(call)
                messages.append(Message(role: .tool, content: result.content, name: call.name))
                if result.isError { return .toolError(observation: result.content) }
            }
        }
        return .tooManyTurns(limit: maximumTurns)
    }

    /// The first entity after an anchor that no observation shows, or that the teacher uses before one does.
    static func unearnedEntity(of question: Question, messages: [Message]) -> String? {
        let entities = question.chains.flatMap { $0.dropFirst() }
        var earned: Set<String> = []
        for message in messages {
            switch message.role {
            case .tool:
                let observation = NameLeak(text: message.content)
                for entity in entities where observation.contains(entity) { earned.insert(entity) }
            case .assistant:
                let parts = [message.thinking ?? "", message.content] + message.toolCalls.map(\.arguments.text)
                let written = NameLeak(text: parts.joined(separator: "\n"))
                for entity in entities where written.contains(entity) && !earned.contains(entity) { return entity }
            case .system, .developer, .user:
                break
            }
        }
        return entities.first { !earned.contains($0) }
    }
}
