import Foundation
import Primitives
import TinkerProtocol

/// What came of sampling.
struct SampleResult: Sendable, Equatable {
    /// The logprob that stands for "none" in a table of most probable tokens.
    private static let missingLogprob: Float = -99_999

    var completions: [SamplingEngine.Completion]
    /// Only the last so many prompt tokens are reported; `nil` for all.
    var scoredPromptTokens: Int?

    var byteCount: Int {
        completions.reduce(64) { sum, completion in
            sum + 16 + 8 * completion.tokens.count + 4 * (completion.promptLogprobs?.count ?? 0)
                + 8 * (completion.topLogprobs?.joined().count ?? 0)
                + 8 * (completion.topPromptLogprobs?.joined().count ?? 0)
        }
    }

    /// One entry per prompt token; the first has no logprob, nor have those that were not asked for.
    private var promptLogprobs: [Float?]? {
        completions.first?.promptLogprobs.map { logprobs in cut([nil] + logprobs.map(Optional.init)) { $0 = nil } }
    }

    /// As ``promptLogprobs``, with the most probable tokens at each place.
    private var promptTop: [[SamplingEngine.ScoredToken]]? {
        completions.first?.topPromptLogprobs.map { rows in cut([[]] + rows) { $0 = [] } }
    }

    private func cut<Entry>(_ entries: [Entry], _ blank: (inout Entry) -> Void) -> [Entry] {
        var entries = entries
        for index in 0..<max(0, entries.count - (scoredPromptTokens ?? entries.count)) { blank(&entries[index]) }
        return entries
    }

    // MARK: Writing

    var json: JSONValue {
        let sequences = completions.map { completion -> JSONValue in
            var sequence: JSONObject = [
                "stop_reason": completion.isStopped ? "stop" : "length", "tokens": .tokens(completion.tokens),
                "logprobs": .floats(completion.logprobs),
            ]
            if let top = completion.topLogprobs { sequence["topk_logprobs"] = Self.json(top) }
            return .object(sequence)
        }
        var answer: JSONObject = ["type": "sample", "sequences": .array(sequences)]
        answer["prompt_logprobs"] = promptLogprobs.map { .array($0.map { $0.map(JSONValue.float) ?? .null }) } ?? .null
        if let promptTop { answer["topk_prompt_logprobs"] = Self.json(promptTop) }
        return .object(answer)
    }

    private static func json(_ rows: [[SamplingEngine.ScoredToken]]) -> JSONValue {
        .array(
            rows.map { row in
                row.isEmpty ? .null : .array(row.map { [.integer(Int64($0.token)), .float($0.logprob)] })
            })
    }

    var protobuf: Data? {
        var response = TinkerPublic_SampleResponse()
        response.sequences = completions.map { completion in
            var sequence = TinkerPublic_SampledSequence()
            sequence.stopReason = completion.isStopped ? .stop : .length
            sequence.tokens = PackedArrays.data(completion.tokens)
            sequence.logprobs = PackedArrays.data(completion.logprobs)
            if let top = completion.topLogprobs { sequence.topkSampledLogprobs = Self.table(top) }
            return sequence
        }
        if let promptLogprobs { response.promptLogprobs = PackedArrays.data(promptLogprobs.map { $0 ?? .nan }) }
        if let promptTop { response.topkPromptLogprobs = Self.table(promptTop) }
        return try? response.serializedData()
    }

    /// Rows of equal length; the cells of a shorter row are empty.
    private static func table(_ rows: [[SamplingEngine.ScoredToken]]) -> TinkerPublic_TopkLogprobs {
        let width = rows.lazy.map(\.count).max() ?? 0
        var tokens: [TokenID] = []
        var logprobs: [Float] = []
        for row in rows {
            tokens += row.map(\.token) + [TokenID](repeating: 0, count: width - row.count)
            logprobs += row.map(\.logprob) + [Float](repeating: missingLogprob, count: width - row.count)
        }
        var table = TinkerPublic_TopkLogprobs()
        table.tokenIds = PackedArrays.data(tokens)
        table.logprobs = PackedArrays.data(logprobs)
        table.k = UInt32(clamping: width)
        table.length = UInt32(clamping: rows.count)
        return table
    }
}

extension SamplingEngine.Completion {
    /// Whether the sequence ended of itself, not at its greatest length.
    var isStopped: Bool { stoppedByToken || stoppedByCondition }
}
