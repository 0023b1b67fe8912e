import Rewards

/// What an episode is rewarded for: `rl.reward`.
public struct RewardSection: Sendable {
    public var composition: RewardComposition

    init(_ section: RecipeSection) {
        let weights = RewardWeights(
            task: section.number("task", default: 1, in: 0...1000),
            expert: section.number("expert", default: 0, in: 0...1000),
            format: section.number("format", default: 0.2, in: 0...1000),
            efficiency: section.number("efficiency", default: 0.1, in: 0...1000))
        let gated = section.texts("only_when_correct", default: ["expert", "efficiency"])
        let names = gated.compactMap { text -> RewardPart.Name? in
            let name = RewardPart.Name(rawValue: text)
            if name == nil {
                let known = RewardPart.Name.allCases.map(\.rawValue).joined(separator: ", ")
                section.reader.complain(
                    section.place, "rl.reward.only_when_correct: there is no part `\(text)`; parts are \(known)")
            }
            return name
        }
        composition = RewardComposition(
            weights: weights, shaping: Self.shaping(section), onlyWhenCorrect: Set(names))
        section.finish()
        if weights.task + weights.expert + weights.format + weights.efficiency == 0, composition.shaping.isEmpty {
            section.reader.complain(section.place, "rl.reward has only zero weights; no episode could be rewarded")
        } else if let problem = composition.problem {
            section.reader.complain(section.place, "rl.reward: \(problem)")
        }
    }

    /// The parts with a weight other than 0.
    private static func shaping(_ section: RecipeSection) -> [RewardComposition.WeightedShaping] {
        func read(
            _ name: RewardPart.Name, _ make: (RecipeSection) -> RewardComposition.Shaping
        ) -> RewardComposition.WeightedShaping {
            let part = section.section(name.rawValue)
            let weighted = RewardComposition.WeightedShaping(
                make(part), weight: part.number("weight", default: 0, in: 0...1000))
            part.finish()
            return weighted
        }
        let all = [
            read(.overlong) {
                .overlong(
                    maximumTokens: $0.integer("maximum_tokens", default: 16384, in: 1...100_000_000),
                    bufferTokens: $0.integer("buffer_tokens", default: 4096, in: 1...100_000_000))
            },
            read(.repetition) { .repetition(length: $0.integer("ngram", default: 20, in: 2...1000)) },
            read(.cosineLength) {
                .cosineLength(maximumTokens: $0.integer("maximum_tokens", default: 16384, in: 1...100_000_000))
            },
            read(.citation) { _ in .citation },
        ]
        return all.filter { $0.weight > 0 }
    }
}
