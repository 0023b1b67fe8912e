import Backends
import Primitives
import Tokenizers

/// An episode while it grows. Tokens are only ever appended.
struct EpisodeRecord {
    private var tokens: [TokenID]
    private var sequenceStarts = [0]
    private var logprobs: [Float]
    private var messages: [Message]
    private var turns: [Episode.Turn] = []
    private var versionSpans: [VersionSpan] = []
    /// The sampler's.
    private let policyVersion: Int

    init(prompt: [TokenID], messages: [Message], policyVersion: Int) {
        tokens = prompt
        logprobs = [Float](repeating: 0, count: prompt.count)
        self.messages = messages
        self.policyVersion = policyVersion
    }

    /// Appends what the policy wrote. Its calls count as not run until they are answered; unreadable ones never are.
    mutating func append(
        _ sampled: SampledSequence, parsed: ParsedTurn, violation: String?, selection: ToolSelection?
    ) {
        let start = tokens.count
        tokens += sampled.tokens
        logprobs += sampled.logprobs
        let whole = VersionSpan(tokenCount: sampled.tokens.count, policyVersion: policyVersion)
        for span in sampled.versionSpans.isEmpty ? [whole] : sampled.versionSpans { versionSpans.extend(by: span) }
        messages.append(parsed.message)
        let readable = parsed.message.toolCalls.map { ToolCallRecord(tool: $0.name, wasRun: false) }
        let unreadable = parsed.toolCallErrors.map { _ in
            ToolCallRecord(tool: nil, failure: .invalidCall, wasRun: false)
        }
        turns.append(
            Episode.Turn(
                range: start..<tokens.count, wasTruncated: parsed.termination == .truncated,
                calls: readable + unreadable, violation: violation, selection: selection))
    }

    /// Records what became of the last turn's first calls.
    mutating func complete(_ answers: [ToolAnswer]) {
        for (place, answer) in answers.enumerated() {
            turns[turns.count - 1].calls[place].wasRun = answer.wasRun && answer.isKnown
            if !answer.isKnown { turns[turns.count - 1].calls[place].tool = nil }
            turns[turns.count - 1].calls[place].failure = answer.result.failure
            turns[turns.count - 1].calls[place].isSimulated = answer.isSimulated
        }
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

    func episode(endedBy termination: Episode.Termination, failure: EpisodeFailure? = nil) -> Episode {
        Episode(
            tokens: tokens, sequenceStarts: sequenceStarts, logprobs: logprobs, messages: messages, turns: turns,
            termination: termination, failure: failure,
            policyVersion: versionSpans.first?.policyVersion ?? policyVersion,
            versionSpans: versionSpans.count > 1 ? versionSpans : [])
    }
}
