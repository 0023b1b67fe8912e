import Primitives

/// A chat model under limits: requests in flight, requests and tokens a minute, and money.
public struct LimitedChatModel: ChatModel {
    private let model: any ChatModel
    private let permits: AsyncSemaphore?
    private let limiter: RateLimiter?
    private let spending: SpendLimit?

    public var name: String { model.name }

    /// - Parameters:
    ///   - concurrency: the most requests in flight; `nil` is without limit.
    ///   - limiter: shared by all who ask the same server.
    ///   - spending: shared by all models that are paid from one purse.
    public init(
        _ model: any ChatModel, concurrency: Int? = nil, limiter: RateLimiter? = nil, spending: SpendLimit? = nil
    ) {
        self.model = model
        permits = concurrency.map { AsyncSemaphore(permits: max(1, $0)) }
        self.limiter = limiter
        self.spending = spending
    }

    public func answer(
        _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
    ) async throws(BackendError) -> ChatAnswer {
        if let permits {
            guard await permits.acquire() else { throw .cancelled(operation: "a chat completion") }
        }
        defer { permits?.release() }
        let most = TokenUsage(promptTokens: request.promptTokensBound, completionTokens: request.maximumTokens)
        let reserved = try spending?.reserve(most) ?? 0
        var used: TokenUsage?
        defer { spending?.settle(reserved, used) }
        let estimate = most.promptTokens + most.completionTokens
        do { try await limiter?.admit(tokens: estimate) } catch {
            throw .cancelled(operation: "a chat completion")
        }
        do throws(BackendError) {
            let answer = try await model.answer(request, receive: receive)
            // A server that does not count is paid as if it had used everything.
            used = answer.usage ?? most
            limiter?.settle(
                estimated: estimate, used: answer.usage.map { $0.promptTokens + $0.completionTokens } ?? estimate)
            return answer
        } catch {
            // What may have been answered may also have to be paid.
            used = error.mayHaveRun ? most : nil
            throw error
        }
    }
}

extension ChatRequest {
    /// No tokenizer makes more tokens of a text than it has bytes; the frame of a message takes a few more.
    var promptTokensBound: Int {
        ChatWire.body(self, model: "", streams: false)["messages"]?.serialized().count ?? 0
            + tools.reduce(0) { $0 + $1.serialized().count }
    }
}
