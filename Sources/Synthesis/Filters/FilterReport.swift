import Knowledge
import Primitives

/// Which demonstrations passed, and why the others did not.
public struct FilterReport: Sendable {
    public static let duplicateFilter = "near_duplicate"

    /// One entry per demonstration, in their order; empty for those that are kept.
    public var reasons: [[FilterReason]]

    /// Asks every filter about every demonstration, then looks for near-duplicates among those that passed.
    public init(_ candidates: [FilterCandidate], settings: FilterSettings, relations: [Relation]) {
        let filters = settings.filters(relations: relations)
        reasons = candidates.map { candidate in
            filters.compactMap { filter in
                filter.problem(of: candidate).map { FilterReason(filter: filter.name, text: $0) }
            }
        }
        guard settings.duplicateThreshold > 0 else { return }
        let passed = candidates.indices.filter { reasons[$0].isEmpty }
        let duplicates = NearDuplicates(length: settings.duplicateWords, threshold: settings.duplicateThreshold)
            .duplicates(in: passed.map { Self.text(of: candidates[$0]) })
        for (position, twin) in duplicates.enumerated() {
            guard let twin else { continue }
            let id = candidates[passed[twin]].demonstration.id
            reasons[passed[position]] = [
                FilterReason(filter: Self.duplicateFilter, text: "it says nearly the same as \(id)")
            ]
        }
    }

    /// The question and what the teacher wrote.
    private static func text(of candidate: FilterCandidate) -> String {
        let turns = candidate.demonstration.turns.flatMap { turn in
            [turn.thinking ?? "", turn.content] + turn.toolCalls.map(\.argumentsText)
        }
        return ([candidate.question.text] + turns).joined(separator: "\n")
    }

    public var keptCount: Int { reasons.count(where: \.isEmpty) }

    /// How many demonstrations each filter refused first, and how many it refused at all; by descending number, then name.
    public var counts: [(filter: String, first: Int, any: Int)] {
        var first: [String: Int] = [:]
        var any: [String: Int] = [:]
        for found in reasons {
            if let reason = found.first { first[reason.filter, default: 0] += 1 }
            for name in Set(found.map(\.filter)) { any[name, default: 0] += 1 }
        }
        return any.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, first[$0.key] ?? 0, $0.value) }
    }
}
