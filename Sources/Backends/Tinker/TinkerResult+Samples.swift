import Foundation
import Primitives
import TinkerProtocol

extension TinkerResult {
    /// The continuations of a sampling request.
    func sequences(count: Int, maximumTokens: Int) throws(BackendError) -> [SampledSequence] {
        switch answer {
        case .json(let value): try sequences(value, count: count, maximumTokens: maximumTokens)
        case .protobuf(let bytes):
            try sequences(message(bytes), count: count, maximumTokens: maximumTokens, bytes.count)
        }
    }

    /// The logprobs of a prompt of `length` tokens: none of the first.
    ///
    /// SkyRL leaves out the first entry in place of marking it as missing.
    func promptLogprobs(length: Int) throws(BackendError) -> [Float?] {
        let entries: [Float?]
        let expected = "`prompt_logprobs` with \(length) entries, the first without a number and the others finite"
        switch answer {
        case .json(let value):
            guard let items = value["prompt_logprobs"]?.arrayValue else { throw garbage(expected, value) }
            entries = items.map { $0.doubleValue.map(Float.init) }
        case .protobuf(let bytes):
            let message = try message(bytes)
            guard message.hasPromptLogprobs, let floats = PackedArrays.floats(message.promptLogprobs) else {
                throw garbage(expected, inBytes: bytes.count)
            }
            entries = floats.map { $0.isNaN ? nil : $0 }
        }
        let full = entries.count == length - 1 ? [nil] + entries : entries
        guard full.count == length, full.dropFirst().allSatisfy({ $0?.isFinite == true }) else {
            let missing = full.indices.dropFirst().first { full[$0]?.isFinite != true }
            let found = "\(entries.count) entries" + (missing.map { ", none at position \($0)" } ?? "")
            throw .garbage(url: wire.endpoint.url(call.path), expected: expected, received: found)
        }
        // Whatever a server says of the first token, nothing stands before it that could predict it.
        return length == 0 ? [] : [nil] + full.dropFirst()
    }

    /// The `k` likeliest tokens at each position of a prompt of `length` tokens; empty at the first.
    func topPromptLogprobs(length: Int, k: Int) throws(BackendError) -> [[TokenLogprob]] {
        let positions: [[TokenLogprob]]
        let expected = "`topk_prompt_logprobs` with \(length) entries of at most \(k) tokens and finite logprobs"
        switch answer {
        case .json(let value):
            guard let items = value["topk_prompt_logprobs"]?.arrayValue else {
                throw .unsupported(detail: "the \(k) likeliest tokens of a prompt (`topk_prompt_logprobs`)")
            }
            var read: [[TokenLogprob]] = []
            for item in items {
                guard item.isNull || item.arrayValue != nil else { throw garbage(expected, item) }
                read.append(
                    try (item.arrayValue ?? []).map { (pair) throws(BackendError) in
                        guard let pair = pair.arrayValue, pair.count == 2, let token = pair[0].integerValue,
                            let identifier = TokenID(exactly: token), let logprob = pair[1].doubleValue
                        else { throw garbage(expected, item) }
                        return TokenLogprob(token: identifier, logprob: Float(logprob))
                    })
            }
            positions = read
        case .protobuf(let bytes):
            let message = try message(bytes)
            guard message.hasTopkPromptLogprobs else {
                throw .unsupported(detail: "the \(k) likeliest tokens of a prompt (`topk_prompt_logprobs`)")
            }
            positions = try table(message.topkPromptLogprobs, expected, bytes.count)
        }
        let full = positions.count == length - 1 ? [[]] + positions : positions
        guard full.count == length, full.dropFirst().allSatisfy({ !$0.isEmpty && $0.count <= k }),
            full.joined().allSatisfy({ $0.logprob.isFinite && $0.token >= 0 })
        else {
            throw .garbage(
                url: wire.endpoint.url(call.path), expected: expected, received: "\(positions.count) entries")
        }
        return full
    }

    private func message(_ bytes: [UInt8]) throws(BackendError) -> TinkerPublic_SampleResponse {
        guard let message = try? TinkerPublic_SampleResponse(serializedBytes: bytes) else {
            throw garbage("a `SampleResponse`", inBytes: bytes.count)
        }
        return message
    }

    private func sequences(
        _ value: JSONValue, count: Int, maximumTokens: Int
    ) throws(BackendError) -> [SampledSequence] {
        guard let items = value["sequences"]?.arrayValue, items.count == count else {
            throw garbage("`sequences` with \(count) objects", value)
        }
        var sequences: [SampledSequence] = []
        for (index, item) in items.enumerated() {
            let place = "`sequences[\(index)]"
            guard let tokens = item["tokens"]?.tokensValue, tokens.count <= maximumTokens,
                tokens.allSatisfy({ $0 >= 0 })
            else { throw garbage("\(place).tokens` with at most \(maximumTokens) token ids", item) }
            let logprobs = try floats(
                item["logprobs"], count: tokens.count, "\(place).logprobs` with \(tokens.count) finite numbers")
            guard let reason = item["stop_reason"]?.stringValue.flatMap(SampledSequence.StopReason.init) else {
                throw garbage("\(place).stop_reason` of \"stop\" or \"length\"", item)
            }
            sequences.append(SampledSequence(tokens: tokens, logprobs: logprobs, stopReason: reason))
        }
        return sequences
    }

    private func sequences(
        _ message: TinkerPublic_SampleResponse, count: Int, maximumTokens: Int, _ size: Int
    ) throws(BackendError) -> [SampledSequence] {
        guard message.sequences.count == count else {
            throw garbage("`sequences` with \(count) messages, not \(message.sequences.count)", inBytes: size)
        }
        var sequences: [SampledSequence] = []
        for (index, item) in message.sequences.enumerated() {
            let place = "`sequences[\(index)]"
            guard let tokens = PackedArrays.tokens(item.tokens), tokens.count <= maximumTokens,
                tokens.allSatisfy({ $0 >= 0 })
            else { throw garbage("\(place).tokens` with at most \(maximumTokens) token ids", inBytes: size) }
            guard item.hasLogprobs || tokens.isEmpty, let logprobs = PackedArrays.floats(item.logprobs),
                logprobs.count == tokens.count, logprobs.allSatisfy(\.isFinite)
            else { throw garbage("\(place).logprobs` with \(tokens.count) finite numbers", inBytes: size) }
            let reason: SampledSequence.StopReason
            switch item.stopReason {
            case .stop: reason = .stop
            case .length: reason = .length
            case .UNRECOGNIZED: throw garbage("\(place).stop_reason` of STOP or LENGTH", inBytes: size)
            }
            sequences.append(SampledSequence(tokens: tokens, logprobs: logprobs, stopReason: reason))
        }
        return sequences
    }

    /// Rows of `k` cells, of which those that hold nothing have the logprob −99999.
    private func table(
        _ message: TinkerPublic_TopkLogprobs, _ expected: String, _ size: Int
    ) throws(BackendError) -> [[TokenLogprob]] {
        let (width, length) = (Int(message.k), Int(message.length))
        guard let tokens = PackedArrays.tokens(message.tokenIds), let logprobs = PackedArrays.floats(message.logprobs),
            tokens.count == logprobs.count, tokens.count == width * length
        else { throw garbage(expected, inBytes: size) }
        return (0..<length).map { row in
            (row * width..<(row + 1) * width).compactMap { cell in
                logprobs[cell] == -99999 ? nil : TokenLogprob(token: tokens[cell], logprob: logprobs[cell])
            }
        }
    }
}
