import Backends
import Primitives
import Synthesis

/// A server's chat model as the language model that `Synthesis` knows.
struct RecipeLanguageModel: LanguageModel {
    private let model: any ChatModel
    private let price: TokenPrice
    private let section: String
    private let meter: UsageMeter

    var name: String { model.name }

    /// - Parameters:
    ///   - section: of the recipe, for errors.
    ///   - meter: counts what all answers took.
    init(_ model: any ChatModel, price: TokenPrice, section: String, meter: UsageMeter = UsageMeter()) {
        self.model = model
        self.price = price
        self.section = section
        self.meter = meter
    }

    func reply(to prompt: LanguageModelPrompt) async throws(LanguageModelError) -> LanguageModelReply {
        let request = ChatRequest(
            messages: prompt.messages, tools: prompt.tools.map(\.json), schema: prompt.schema,
            maximumTokens: prompt.maximumTokens, temperature: prompt.temperature, topP: prompt.topP,
            stopTexts: prompt.stopTexts, seed: prompt.seed)
        do throws(BackendError) {
            let answer = try await model.answer(request)
            let used = answer.usage ?? TokenUsage()
            meter.add(used)
            return LanguageModelReply(
                message: answer.message,
                isWhole: answer.finishReason == .stop || answer.finishReason == .toolCalls,
                usage: ModelUsage(tokens: used, cost: price.cost(used)))
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ error: BackendError) -> LanguageModelError {
        switch error {
        case .cancelled: .cancelled
        case .spendLimitReached(let spent, let limit):
            .spendLimitReached(
                reason:
                    "$\(BackendError.dollars(spent)) of \(section).spend_limit_usd ($\(BackendError.dollars(limit))) "
                    + "are spent, and the next answer could cost more than the rest")
        case .unreachable, .timedOut, .unauthorized, .paymentRequired, .transport: unavailable(error)
        case .rejected(_, let status, _) where status == 404 || status == 408 || status == 429 || status >= 500:
            unavailable(error)
        default: .failed(reason: "\(error)")
        }
    }

    /// Advice about `backend` is about our section.
    private func unavailable(_ error: BackendError) -> LanguageModelError {
        .unavailable(reason: "\(section): " + error.description.replacing("`backend.", with: "`\(section)."))
    }
}
