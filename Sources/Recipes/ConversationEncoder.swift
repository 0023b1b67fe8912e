import Primitives
import Synthesis
import Tokenizers
import Training

/// Makes training examples of a data set's conversations: renders them, weighs their tokens, and applies the limit on their
/// length.
struct ConversationEncoder: Sendable {
    /// The greatest length of an example, and what sets it.
    struct Limit: Sendable, Equatable {
        var tokens: Int
        var reason: String
    }

    enum Outcome: Sendable, Equatable {
        case whole(SupervisedSequence)
        case cut(SupervisedSequence)
        case dropped
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let renderer: any ChatRenderer
    let trainOn: SupervisedSection.TrainOn
    let limit: Limit?
    let tooLong: SupervisedDatasetSection.TooLong

    func encode(_ conversation: TrainingConversation) throws -> Outcome {
        let (tokens, weights) = try renderer.trainingExample(
            messages: conversation.messages, tools: conversation.tools, mask: mask(conversation))
        guard weights.dropFirst().contains(where: { $0 != 0 }) else {
            throw Problem(
                description: "nothing of the conversation can be learned: what `train_on` selects has no text")
        }
        guard let limit, tokens.count > limit.tokens else {
            return .whole(SupervisedSequence(tokens: tokens, weights: weights))
        }
        switch tooLong {
        case .drop: return .dropped
        case .cut:
            let kept = weights.prefix(limit.tokens)
            guard kept.count >= 2, kept.dropFirst().contains(where: { $0 != 0 }) else { return .dropped }
            return .cut(SupervisedSequence(tokens: Array(tokens.prefix(limit.tokens)), weights: Array(kept)))
        case .error:
            throw Problem(
                description:
                    "the conversation has \(tokens.count) tokens, expected at most \(limit.tokens) (\(limit.reason)); "
                    + "shorten it, or set sft.dataset.too_long to drop or cut")
        }
    }

    /// The mask of the recipe, less what the file does not let be learned.
    private func mask(_ conversation: TrainingConversation) throws(Problem) -> LossMask {
        let messages = conversation.messages
        let learned = messages.indices.map { trainOn.mask.learns($0, of: messages) }
        let allowed = zip(learned, conversation.mayBeLearned).map { $0 && $1 }
        if allowed == learned { return trainOn.mask }
        guard trainOn != .allTokens else {
            throw Problem(
                description: "the file says which messages may be learned (a weight of 0, or a prompt), which "
                    + "sft.train_on: all_tokens cannot leave out; set it to all_messages")
        }
        return .flagged(allowed)
    }
}
