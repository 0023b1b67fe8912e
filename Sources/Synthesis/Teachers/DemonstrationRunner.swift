import Agents
import Knowledge
import Primitives

/// The bounds of one demonstration.
public struct DemonstrationBudgets: Sendable, Hashable {
    public var maximumTurns: Int
    public var maximumToolCalls: Int
    /// Of the whole conversation, observations included.
    public var maximumTokens: Int
    public var maximumTokensPerTurn: Int
    /// Looked at before each turn; `nil` is without limit. A bound that a slow server can reach makes a synthesis depend on
    /// the server's speed.
    public var maximumTime: Duration?
    /// A call that brings the same observation so often ends the demonstration.
    public var maximumRepetitions: Int

    public init(
        maximumTurns: Int = 30, maximumToolCalls: Int = 40, maximumTokens: Int = 32_768,
        maximumTokensPerTurn: Int = 2048, maximumTime: Duration? = nil, maximumRepetitions: Int = 3
    ) {
        self.maximumTurns = maximumTurns
        self.maximumToolCalls = maximumToolCalls
        self.maximumTokens = maximumTokens
        self.maximumTokensPerTurn = maximumTokensPerTurn
        self.maximumTime = maximumTime
        self.maximumRepetitions = maximumRepetitions
    }
}

/// What ends a synthesis, not only a demonstration.
public enum DemonstrationInterruption: Error, Sendable, Hashable {
    case cancelled
    case spendLimitReached(reason: String)
    /// The teacher's model cannot be asked.
    case unavailable(reason: String)
}

/// Lets a teacher answer a question with the real tools, within bounds.
public struct DemonstrationRunner: Sendable {
    public let teacher: any Teacher
    private let tools: ToolRouter
    private let relations: [Relation]
    private let budgets: DemonstrationBudgets
    private let failures: ToolFailureSimulation?
    private let systemPrompt: String?
    private let counter: TokenCounter
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameter systemPrompt: what the student's prompt starts with.
    public init(
        teacher: any Teacher, tools: ToolRouter, relations: [Relation],
        budgets: DemonstrationBudgets = DemonstrationBudgets(), failures: ToolFailureSimulation? = nil,
        systemPrompt: String? = nil, counter: TokenCounter = .estimate,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.teacher = teacher
        self.tools = tools
        self.relations = relations
        self.budgets = budgets
        self.failures = failures
        self.systemPrompt = systemPrompt
        self.counter = counter
        self.now = now
    }

    /// Whatever the teacher does ends in a ``Demonstration/StopReason``.
    public func run(
        _ question: Question, key: TrajectoryKey, isGuided: Bool
    ) async throws(DemonstrationInterruption) -> Demonstration {
        let task = TeacherTask(
            question,
            guidance: isGuided ? MaskedGuidance(certificate: question.certificate, relations: relations) : nil,
            tools: tools.descriptions, maximumTokens: budgets.maximumTokensPerTurn, key: key)
        var demonstration = Demonstration(
            questionID: question.id, rollout: key.rollout, isGuided: isGuided, teacher: teacher.name,
            messages: question.prompt(systemPrompt: systemPrompt))
        demonstration.tokenCount = demonstration.messages.reduce(0) { $0 + counter.count($1) }
        demonstration.stopReason = try await converse(task, &demonstration)
        return demonstration
    }

    private func converse(
        _ task: TeacherTask, _ demonstration: inout Demonstration
    ) async throws(DemonstrationInterruption) -> Demonstration.StopReason {
        let start = now()
        var callCount = 0
        var seen: [String: Int] = [:]
        for _ in 0..<budgets.maximumTurns {
            if Task.isCancelled { throw .cancelled }
            if let limit = budgets.maximumTime, start.duration(to: now()) > limit { return .maximumTimeExceeded }
            let turn: LanguageModelReply
            do throws(TeacherError) {
                turn = try await teacher.turn(task, conversation: demonstration.messages)
            } catch {
                switch error {
                case .cancelled: throw .cancelled
                case .spendLimitReached(let reason): throw .spendLimitReached(reason: reason)
                case .unavailable(let reason): throw .unavailable(reason: reason)
                case .lost, .failed:
                    demonstration.problem = error.description
                    return .error
                }
            }
            demonstration.usage += turn.usage
            append(Self.identified(turn.message, after: callCount), to: &demonstration)
            guard turn.isWhole else { return .abnormal }
            let calls = demonstration.messages[demonstration.messages.count - 1].toolCalls
            guard !calls.isEmpty else { return Self.answers(turn.message.content) ? .answer : .noToolCalls }
            guard callCount + calls.count <= budgets.maximumToolCalls else { return .maximumToolCallsExceeded }
            var isLoop = false
            for call in calls {
                if Task.isCancelled { throw .cancelled }
                let (result, isSimulated) = try await observe(call, number: callCount, task.key)
                callCount += 1
                let id = call.id ?? ""
                if result.isError { demonstration.failedCalls.append(id) }
                if isSimulated { demonstration.simulatedFailures.append(id) }
                append(
                    Message(role: .tool, content: result.content, name: call.name, toolCallID: id), to: &demonstration)
                if !result.isError {
                    let repetition = seen[call.name + call.argumentsText + "\n" + result.content, default: 0] + 1
                    seen[call.name + call.argumentsText + "\n" + result.content] = repetition
                    isLoop = isLoop || repetition >= budgets.maximumRepetitions
                }
            }
            if isLoop { return .toolLoopDetected }
            if demonstration.tokenCount >= budgets.maximumTokens { return .maximumTokensExceeded }
        }
        return .maximumIterationsExceeded
    }

    private func observe(
        _ call: ToolCall, number: Int, _ key: TrajectoryKey
    ) async throws(DemonstrationInterruption) -> (result: ToolResult, isSimulated: Bool) {
        let result: ToolResult
        do throws(CancellationError) { result = try await tools.run(Self.parsed(call)) } catch { throw .cancelled }
        // A call that failed by itself stays what it is.
        guard !result.isError,
            let failure = failures?.failure(of: call.name, result: result, key: key, call: number)
        else { return (result, false) }
        return (failure, true)
    }

    private func append(_ message: Message, to demonstration: inout Demonstration) {
        demonstration.messages.append(message)
        demonstration.tokenCount += counter.count(message)
    }

    /// Arguments that a server sent as text, as the object that they spell.
    static func parsed(_ call: ToolCall) -> ToolCall {
        var call = call
        if let text = call.arguments.stringValue, let object = try? JSONValue.parse(text), object.objectValue != nil {
            call.arguments = object
        }
        return call
    }

    /// The message with ids of our own, because servers' ids are random and may repeat in a conversation.
    private static func identified(_ message: Message, after count: Int) -> Message {
        var message = message
        for index in message.toolCalls.indices {
            message.toolCalls[index] = parsed(message.toolCalls[index])
            message.toolCalls[index].id = "call_\(count + index + 1)"
        }
        return message
    }

    private static func answers(_ text: String) -> Bool {
        text.contains("<answer>") && text.contains("</answer>")
    }
}
