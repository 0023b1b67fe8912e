import Backends
import Foundation
import Primitives
import Storage

/// The file in which a synthesis keeps a model's answers, so that no launch asks for one twice.
struct KeptAnswers {
    let path: String

    /// - Parameter role: what the model does, in words that a file's name can have.
    init(directory: String, role: String) { path = "\(directory)/\(role)_answers.jsonl" }

    /// What the answers of earlier launches took.
    var usage: TokenUsage {
        // A file that cannot be read is reported by whoever opens it.
        guard let bytes = try? FileStore.read(path) else { return .none }
        return bytes.split(separator: UInt8(ascii: "\n")).reduce(into: .none) { sum, line in
            guard let usage = (try? JSONValue.parse(Array(line)))?["answer"]?["usage"] else { return }
            sum += TokenUsage(
                promptTokens: usage["prompt_tokens"]?.integerValue ?? 0,
                completionTokens: usage["completion_tokens"]?.integerValue ?? 0)
        }
    }
}

extension ChatServerSection {
    /// The model with its limits, for a synthesis: its answers are kept in the output directory, what earlier launches
    /// spent counts, and an answer that is under way at a stop is waited for.
    func languageModel(directory: String, role: String, meter: UsageMeter = UsageMeter()) throws -> RecipeLanguageModel
    {
        let kept = KeptAnswers(directory: directory, role: role)
        let limited = try chatModel(
            spending: spending(spent: price.cost(kept.usage)), finishesRequests: true)
        let cached = try CachedChatModel(limited, server: url, path: kept.path, keepsEveryAnswer: true)
        return RecipeLanguageModel(cached, price: price, section: name, meter: meter)
    }
}
