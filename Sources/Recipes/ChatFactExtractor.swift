import Backends
import Knowledge
import Primitives

/// A chat model as a reader of facts for `KnowledgeBuilder`.
public struct ChatFactExtractor: FactExtractor {
    public let name: String
    private let model: any ChatModel
    private let shouldStop: @Sendable () -> Bool

    /// - Parameters:
    ///   - server: tells apart models of one name at different servers.
    ///   - shouldStop: asked before each request; answers under way are waited for and kept.
    public init(_ model: any ChatModel, server: String, shouldStop: @escaping @Sendable () -> Bool = { false }) {
        self.model = model
        name = "\(model.name) at \(server)"
        self.shouldStop = shouldStop
    }

    public func answer(_ request: ExtractionRequest) async throws(ExtractionFailure) -> ExtractionAnswer {
        guard !shouldStop() else { throw .stopped("it was told to stop") }
        let answer: ChatAnswer
        do throws(BackendError) {
            answer = try await model.answer(
                ChatRequest(
                    messages: request.messages, schema: request.schema, maximumTokens: request.maximumTokens))
        } catch .spendLimitReached(let spent, let limit) {
            throw .stopped(
                "$\(BackendError.dollars(spent)) of the limit of $\(BackendError.dollars(limit)) are spent, and with the answers under way "
                    + "the next one could cost more than the rest; raise the limit to go on")
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .unavailable(Self.text(of: error))
        }
        guard answer.finishReason == .stop else {
            throw .answerTooLong(
                "the answer ended with finish_reason `\(answer.finishReason.text)`; use smaller pieces or allow more tokens",
                usage: answer.usage ?? TokenUsage())
        }
        return ExtractionAnswer(text: answer.message.content, usage: answer.usage ?? TokenUsage())
    }

    /// The error with the options of `knowledge build` in place of a recipe's fields.
    private static func text(of error: BackendError) -> String {
        error.description.replacing("the recipe's `backend.api_key_env`", with: "`--api-key-env`")
            .replacing("`backend.url`", with: "`--url`")
    }
}
