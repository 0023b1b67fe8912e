import Backends
import Primitives
import Tokenizers

/// What a tool answered, framed as the message that the policy will read.
struct Observation {
    var message: Message
    var isError: Bool
}

/// An episode while it grows. Tokens are only ever appended.
struct EpisodeRecord {
    private var tokens: [TokenID]
    private var sequenceStarts = [0]
    private var logprobs: [Float]
    private var messages: [Message]
    private var turns: [Episode.Turn] = []
    private let policyVersion: Int

    init(prompt: [TokenID], messages: [Message], policyVersion: Int) {
        tokens = prompt
        logprobs = [Float](repeating: 0, count: prompt.count)
        self.messages = messages
        self.policyVersion = policyVersion
    }

    /// Appends what the policy wrote. Unreadable calls count as errors at once, readable ones when they have run.
    mutating func append(_ sampled: SampledSequence, parsed: ParsedTurn, violation: String?) {
        let start = tokens.count
        tokens += sampled.tokens
        logprobs += sampled.logprobs
        messages.append(parsed.message)
        turns.append(
            Episode.Turn(
                range: start..<tokens.count, wasTruncated: parsed.termination == .truncated,
                toolCallCount: parsed.message.toolCalls.count + parsed.toolCallErrors.count,
                toolErrorCount: parsed.toolCallErrors.count, violation: violation))
    }

    /// Counts the failed calls of the last turn.
    mutating func countErrors(in observations: [Observation]) {
        turns[turns.count - 1].toolErrorCount = observations.count(where: \.isError)
    }

    /// Appends what the environment wrote.
    mutating func append(_ continuation: [TokenID], messages newMessages: [Message]) {
        tokens += continuation
        logprobs += [Float](repeating: 0, count: continuation.count)
        messages += newMessages
    }

    /// Goes on with a full rendering of the conversation as a sequence of its own.
    mutating func restart(_ prompt: [TokenID], messages newMessages: [Message]) {
        sequenceStarts.append(tokens.count)
        append(prompt, messages: newMessages)
    }

    func episode(endedBy termination: Episode.Termination) -> Episode {
        Episode(
            tokens: tokens, sequenceStarts: sequenceStarts, logprobs: logprobs, messages: messages, turns: turns,
            termination: termination, policyVersion: policyVersion)
    }
}
