import Primitives
import Tokenizers

/// A language model that demonstrates in the ReAct manner: it thinks, calls tools, reads, and answers.
///
/// Its prompt is its own. The student's prompt has neither the instructions nor the guidance.
public struct LanguageModelTeacher: Teacher {
    /// How tool calls travel.
    public enum CallFormat: String, Sendable, Hashable, CaseIterable {
        /// By the server's own means (`tools`, `tool_calls`).
        case native
        /// As `<tool_call>` tags in the text; for servers without tool calling.
        case tagged
    }

    private let model: any LanguageModel
    private let format: CallFormat
    private let temperature: Double
    private let topP: Double

    public var name: String { model.name }

    public init(model: any LanguageModel, format: CallFormat = .native, temperature: Double = 0.6, topP: Double = 0.95)
    {
        self.model = model
        self.format = format
        self.temperature = temperature
        self.topP = topP
    }

    public func turn(_ task: TeacherTask, conversation: [Message]) async throws(TeacherError) -> LanguageModelReply {
        let turnNumber = conversation.count { $0.role == .assistant }
        let history = Array(conversation.drop { $0.role != .assistant && $0.role != .tool })
        let prompt = LanguageModelPrompt(
            messages: opening(task) + (format == .native ? history : TaggedCalls.rendered(history)),
            tools: format == .native ? task.tools : [], maximumTokens: task.maximumTokens, temperature: temperature,
            topP: topP, stopTexts: format == .native ? [] : [TaggedCalls.responseOpening],
            seed: task.key.random(.sampling, turn: turnNumber).seed63)
        let reply: LanguageModelReply
        do throws(LanguageModelError) { reply = try await model.reply(to: prompt) } catch {
            switch error {
            case .failed(let reason): throw .failed(reason: "\(model.name): \(reason)")
            case .unavailable(let reason): throw .unavailable(reason: reason)
            case .spendLimitReached(let reason): throw .spendLimitReached(reason: reason)
            case .cancelled: throw .cancelled
            }
        }
        let message = TaggedCalls.read(reply.message, readsCalls: format == .tagged)
        return LanguageModelReply(message: message, isWhole: reply.isWhole, usage: reply.usage)
    }

    private func opening(_ task: TeacherTask) -> [Message] {
        var instructions = """
            You demonstrate how a careful medical researcher finds an answer. Take every fact from a tool and none from \
            memory: write no name before the question or an observation has shown it. Before each call think briefly: what \
            is known, what is missing, what to look up next. If a call fails, try it again or ask differently; never \
            repeat a call that worked. When the observations settle the answer, write it alone as \
            <answer>the name</answer>.
            """
        if format == .tagged { instructions += "\n\n" + TaggedCalls.instructions(task.tools) }
        var request = task.question
        if let guidance = task.guidance {
            request += """


                Directions for you alone, with every entity masked; find each of them with the tools, and do not mention \
                these directions:
                \(guidance.triples)
                """
        }
        return [Message(role: .system, content: instructions), Message(role: .user, content: request)]
    }
}
