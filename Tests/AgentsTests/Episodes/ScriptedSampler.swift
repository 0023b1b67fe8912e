import Backends
import Primitives
import Synchronization

/// A policy that writes the turns of a script, cut at the bound it is given, and remembers what it was asked.
final class ScriptedSampler: PolicySampler {
    struct Request: Equatable {
        var prompt: [TokenID]
        var parameters: SamplingParameters
    }

    let policyVersion = 7
    private let turns: [[TokenID]]
    private let state = Mutex<[Request]>([])

    init(_ turns: [[TokenID]]) { self.turns = turns }

    convenience init(_ texts: [String]) throws {
        let fixture = try Fixture.shared.get()
        self.init(texts.map { fixture.tokenizer.encode($0, splitSpecialTokens: false) })
    }

    var requests: [Request] { state.withLock { $0 } }

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        let turn = state.withLock { requests in
            requests.append(Request(prompt: prompt, parameters: parameters))
            return requests.count - 1
        }
        let tokens = Array(turns[turn].prefix(parameters.maxTokens))
        // Arbitrary floats without a short decimal form, so that storage must be exact.
        let logprobs = tokens.indices.map { -Float($0 + 1) / 7 - Float(turn) }
        let isWhole = tokens.count == turns[turn].count
        return [SampledSequence(tokens: tokens, logprobs: logprobs, stopReason: isWhole ? .stop : .length)]
    }
}

/// A policy that picks each turn by the seed of the request alone.
struct SeededSampler: PolicySampler {
    let policyVersion = 1
    let choices: [[TokenID]]

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        await Task.yield()
        let tokens = choices[Int(parameters.seed % Int64(choices.count))]
        return [SampledSequence(tokens: tokens, logprobs: tokens.map { _ in -1 }, stopReason: .stop)]
    }
}

/// A sampler that answers every request with the same sequences, whatever was asked.
struct FixedSampler: PolicySampler {
    let policyVersion = 3
    let sequences: [SampledSequence]

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        sequences
    }
}
