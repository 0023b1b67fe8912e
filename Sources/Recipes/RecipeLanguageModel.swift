import Backends
import Primitives
import Synthesis

/// A server's chat model as the language model that `Synthesis` knows.
struct RecipeLanguageModel: LanguageModel {
    private let model: any ChatModel
    private let price: TokenPrice

    var name: String { model.name }

    init(_ model: any ChatModel, price: TokenPrice) {
        self.model = model
        self.price = price
    }

    func reply(to prompt: LanguageModelPrompt) async throws(LanguageModelError) -> LanguageModelReply {
        let request = ChatRequest(
            messages: prompt.messages, tools: prompt.tools.map(\.json), schema: prompt.schema,
            maximumTokens: prompt.maximumTokens, temperature: prompt.temperature, topP: prompt.topP,
            stopTexts: prompt.stopTexts, seed: prompt.seed)
        do throws(BackendError) {
            let answer = try await model.answer(request)
            let used = answer.usage ?? TokenUsage()
            return LanguageModelReply(
                message: answer.message,
                isWhole: answer.finishReason == .stop || answer.finishReason == .toolCalls,
                usage: ModelUsage(tokens: used, cost: price.cost(used)))
        } catch {
            switch error {
            case .cancelled: throw .cancelled
            case .spendLimitReached: throw .spendLimitReached(reason: "\(error)")
            default: throw .failed(reason: "\(error)")
            }
        }
    }
}
