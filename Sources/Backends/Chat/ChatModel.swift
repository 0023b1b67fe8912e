import Primitives

/// A model that answers conversations in text and tool calls: a judge, a teacher, a model under evaluation.
public protocol ChatModel: Sendable {
    /// The model's name at its server.
    var name: String { get }

    /// One answer.
    ///
    /// - Parameter receive: gets the parts of the answer as they arrive, where the model streams. An answer that had to be
    ///   asked for again begins anew, with ``ChatDelta/restart``.
    func answer(
        _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
    ) async throws(BackendError) -> ChatAnswer
}

extension ChatModel {
    public func answer(_ request: ChatRequest) async throws(BackendError) -> ChatAnswer {
        try await answer(request, receive: nil)
    }

    /// The whole text of one answer that the model ended by itself.
    /// - Throws: ``BackendError/failed(operation:category:detail:)`` for an answer that is cut off, filtered, or a tool call.
    public func complete(_ request: ChatRequest) async throws(BackendError) -> String {
        let answer = try await answer(request)
        guard answer.finishReason == .stop else {
            throw .failed(
                operation: "a chat completion", category: "model",
                detail: "the answer ended with finish_reason `\(answer.finishReason.text)`, so it is not whole")
        }
        guard answer.message.toolCalls.isEmpty, !answer.message.isContentNull else {
            throw .failed(
                operation: "a chat completion", category: "model",
                detail: "the answer holds no text, which was expected")
        }
        return answer.message.content
    }
}

/// A part of an answer on its way.
public enum ChatDelta: Sendable, Hashable {
    case text(String)
    case thinking(String)
    /// A part of the arguments of the tool call at `index`, whose name came with its first part.
    case toolCall(index: Int, name: String?, arguments: String)
    /// What came before is void: the answer is asked for again.
    case restart
}
