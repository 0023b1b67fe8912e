import Backends
import Primitives

/// Lets people read how a policy under supervised training goes on from the beginnings of held-out examples.
///
/// Continuations are greedy, so that with a deterministic backend the file of a step is a function of the recipe.
public struct SamplePlan: Sendable {
    /// The beginning of an example and what the example goes on with.
    public struct Prompt: Sendable, Equatable {
        /// The example's place among the held-out ones.
        public var example: Int
        public var tokens: [TokenID]
        public var reference: [TokenID]

        /// Splits an example where its first stretch of weighted tokens begins; `nil` where nothing has weight.
        public init?(example: Int, _ sequence: SupervisedSequence) {
            guard let start = sequence.weights.indices.dropFirst().first(where: { sequence.weights[$0] != 0 }) else {
                return nil
            }
            let end = sequence.weights[start...].firstIndex { $0 == 0 } ?? sequence.tokens.count
            self.example = example
            tokens = Array(sequence.tokens[..<start])
            reference = Array(sequence.tokens[start..<end])
        }
    }

    public var prompts: [Prompt]
    /// After every so many steps, and before the first and after the last one.
    public var every: Int
    /// The most tokens of a continuation.
    public var maximumTokens: Int
    public var stopTokens: [TokenID]
    public var stopTexts: [String]
    /// Reads tokens for people.
    public var text: @Sendable ([TokenID]) -> String

    public init(
        prompts: [Prompt], every: Int, maximumTokens: Int, stopTokens: [TokenID], stopTexts: [String] = [],
        text: @escaping @Sendable ([TokenID]) -> String
    ) {
        precondition(every > 0 && maximumTokens > 0, "samples lie a positive number of steps apart and have tokens")
        self.prompts = prompts
        self.every = every
        self.maximumTokens = maximumTokens
        self.stopTokens = stopTokens
        self.stopTexts = stopTexts
        self.text = text
    }

    func isDue(step: Int) -> Bool { step.isMultiple(of: every) }

    /// One row for each prompt, in their order.
    func rows(_ sampler: any PolicySampler, stage: StageName, step: Int) async throws -> [JSONValue] {
        try await withThrowingTaskGroup(of: (Int, JSONValue).self) { group in
            for index in prompts.indices {
                group.addTask {
                    guard let row = try await row(of: prompts[index], sampler) else {
                        throw TrainingError.unusableTrainerResult(
                            stage: stage, step: step, problem: "no continuation of a held-out example's beginning")
                    }
                    return (index, row)
                }
            }
            var rows = [JSONValue](repeating: .null, count: prompts.count)
            for try await (index, row) in group { rows[index] = row }
            return rows
        }
    }

    private func row(of prompt: Prompt, _ sampler: any PolicySampler) async throws -> JSONValue? {
        let parameters = SamplingParameters(
            maxTokens: maximumTokens, temperature: 0, stopTokens: stopTokens, stopTexts: stopTexts,
            seed: Int64(prompt.example))
        let samples = try await sampler.sample(prompt: prompt.tokens, count: 1, parameters: parameters)
        guard let sample = samples.first else { return nil }
        return [
            "example": .integer(prompt.example), "prompt": .string(text(prompt.tokens)),
            "reference": .string(text(prompt.reference)), "continuation": .string(text(sample.tokens)),
            "tokens": .tokens(sample.tokens), "stop_reason": .string(sample.stopReason.rawValue),
            "policy_version": .integer(sampler.policyVersion),
        ]
    }
}
