import Backends
import Foundation
import Transport

/// A language model behind an OpenAI-compatible server, with its limits: what `judge`, `teacher` and the models of
/// `synthesis` have in common.
public struct ChatServerSection: Sendable {
    public var url: String
    /// The model's name at the server.
    public var model: String
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String?
    /// Whether answers are streamed, so that silence and not length ends a request.
    public var streams: Bool
    public var price: TokenPrice
    /// Dollars; `nil` is without limit.
    public var spendLimit: Double?
    /// The section's, for errors.
    let name: String
    /// Shared by everything that asks the model.
    private let limiter: RateLimiter

    /// - Parameter name: the section's, for errors.
    init(_ section: RecipeSection, name: String) {
        self.name = name
        url = section.text("url", default: nil)
        model = section.text("model", default: nil)
        apiKeyVariable = section.optionalText("api_key_env")
        streams = section.boolean("stream", default: false)
        limiter = RateLimiter(
            RateLimit(
                requestsPerMinute: section.optionalNumber("requests_per_minute", in: 0.01...1e6),
                tokensPerMinute: section.optionalNumber("tokens_per_minute", in: 1...1e12)))
        price = TokenPrice(
            prompt: section.number("prompt_price", default: 0, in: 0...1e6),
            completion: section.number("completion_price", default: 0, in: 0...1e6))
        spendLimit = section.optionalNumber("spend_limit_usd", in: 0...1e9)
        if spendLimit != nil, price.prompt == 0, price.completion == 0 {
            section.reader.complain(
                section.place,
                "\(name).spend_limit_usd needs \(name).prompt_price and \(name).completion_price, in dollars per million "
                    + "tokens")
        }
    }

    /// What may be spent.
    /// - Parameter spent: dollars that earlier launches have spent of it.
    func spending(spent: Double = 0) -> SpendLimit? {
        spendLimit.map { SpendLimit(limit: $0, price: price, spent: spent) }
    }

    /// The model within its limits.
    /// - Parameter finishesRequests: whether what was sent is waited for even where the work is cancelled.
    func chatModel(spending: SpendLimit?, finishesRequests: Bool = false) throws -> LimitedChatModel {
        let key = try apiKeyVariable.map { variable throws(RecipeError) in
            guard let key = ProcessInfo.processInfo.environment[variable] else {
                throw RecipeError(problems: [
                    .init(
                        place: .init(source: name, line: 0),
                        text: "\(name).api_key_env names \(variable), but that environment variable is not set")
                ])
            }
            return key
        }
        let server = OpenAIChatModel(
            name: model, baseURL: url, apiKey: key, apiKeyVariable: apiKeyVariable, streams: streams,
            client: HTTPClient(), finishesRequests: finishesRequests)
        return LimitedChatModel(server, limiter: limiter, spending: spending)
    }
}
