import Foundation
import Knowledge

/// P(finding | disease) of one finding for every candidate and for something else.
///
/// A manifestation is a noisy-or of the disease, which shows it as often as its link says, and a leak that does not
/// depend on the disease (Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988, section 4.3): 1 − (1 − q)(1 − λ).
/// Its background frequency β is the mean of q over all candidates, with half an edge and one candidate added, so that
/// what few diseases show is rare and nothing is impossible; λ is a share of β.
///
/// A circumstance is among the disease's stated values with probability m, and otherwise drawn from the background:
/// m·w + (1 − m·w)·β, with w = 0 for a value that is not among them. A disease without any stated value has β.
struct FindingModel: Sendable {
    /// A candidate to which the finding is not indifferent.
    struct Entry: Sendable {
        var candidate: Int32
        /// P(present | candidate).
        var probability: Double
        /// `nil` for a circumstance that is not among the stated ones.
        var link: FindingLinks.Link?
        /// Whether the disease is linked to a category of the finding only.
        var isPartial: Bool
    }

    /// Ascending by candidate.
    private(set) var entries: [Entry]
    /// P(present | candidate) of the candidates without entry.
    let unlinked: Double
    /// P(present | something else).
    let other: Double

    init(
        _ entities: [EntityIndex], in links: FindingLinks, hierarchy: Hierarchy, candidates: [EntityIndex],
        candidateNumber: [EntityIndex: Int32], parameters: ReasoningParameters
    ) {
        var found = FoundLinks()
        var kinds: Set<EntityIndex> = []
        for entity in entities {
            if kinds.insert(entity).inserted { found.add(links[entity], isDirect: true) }
            for kind in hierarchy.descendants(of: entity) where kinds.insert(kind).inserted {
                found.add(links[kind], isDirect: false)
            }
        }
        if links.isManifestation {
            for entity in kinds {
                guard let number = candidateNumber[entity] else { continue }
                found.add(
                    FindingLinks.Link(
                        candidate: number, holder: entity, finding: entity, frequency: parameters.selfFrequency,
                        basis: .identity))
            }
        }
        let linkedCount = Double(found.present.count)
        var categories: Set<EntityIndex> = []
        for entity in entities {
            for category in hierarchy.ancestors(of: entity)
            where !kinds.contains(category) && categories.insert(category).inserted {
                let above = links[category]
                // Of the candidates of which the finding or the category in general is said, those of the finding.
                let share = (linkedCount + 0.5) / (linkedCount + Double(above.count) + 1)
                for link in above { found.addCategory(link, share: share) }
            }
        }
        let certain = ReasoningParameters.certaintyBound...(1 - ReasoningParameters.certaintyBound)
        func bounded(_ value: Double) -> Double { min(certain.upperBound, max(certain.lowerBound, value)) }

        let numbers = Set(found.present.keys).union(found.partial.keys).union(found.excluded.keys).sorted()
        if links.isManifestation {
            let total = found.present.keys.sorted().reduce(0) { $0 + (found.present[$1]?.frequency ?? 0) }
            let background =
                (total + 0.5 * parameters.edgeFrequency) / Double(links.describedCount + 1)
            let leak = parameters.leak * background
            unlinked = bounded(leak)
            other = bounded(1 - (1 - background) * (1 - leak))
            entries = numbers.map { number in
                if let link = found.present[number] {
                    let probability = 1 - (1 - (link.frequency ?? 0)) * (1 - leak)
                    return Entry(
                        candidate: number, probability: bounded(probability), link: link, isPartial: false)
                }
                if let link = found.excluded[number] {
                    return Entry(
                        candidate: number, probability: bounded(parameters.excludedShare * leak), link: link,
                        isPartial: false)
                }
                let link = found.partial[number]
                let probability = 1 - (1 - (link?.frequency ?? 0)) * (1 - leak)
                return Entry(candidate: number, probability: bounded(probability), link: link, isPartial: true)
            }
        } else {
            let background = bounded((linkedCount + 0.5) / Double(links.describedCount + 1))
            unlinked = background
            other = background
            let match = parameters.contextMatch
            entries = candidates.indices.compactMap { index in
                guard links.isDescribed[index] else { return nil }
                let number = Int32(index)
                let (link, isPartial) =
                    found.present[number].map { ($0, false) } ?? (found.partial[number], found.partial[number] != nil)
                // A link to a category carries the share in place of a frequency.
                let weight = match * (isPartial ? link?.frequency ?? 0 : link == nil ? 0 : 1)
                let probability = link == nil ? (1 - match) * background : weight + (1 - weight) * background
                return Entry(
                    candidate: number, probability: bounded(probability), link: link, isPartial: isPartial)
            }
        }
    }

    /// - Precondition: `entries` ascend by candidate, and probabilities lie between 0 and 1.
    init(entries: [Entry], unlinked: Double, other: Double) {
        self.entries = entries
        self.unlinked = unlinked
        self.other = other
    }

    /// P(present | candidate).
    func probability(of candidate: Int) -> Double { entry(of: candidate)?.probability ?? unlinked }

    func entry(of candidate: Int) -> Entry? {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(entries[middle].candidate) < candidate { low = middle + 1 } else { high = middle }
        }
        return low < entries.count && Int(entries[low].candidate) == candidate ? entries[low] : nil
    }

    /// The logarithm of the likelihood of a finding that is there, or is not.
    static func logLikelihood(_ probability: Double, isPresent: Bool) -> Double {
        isPresent ? log(probability) : log1p(-probability)
    }
}

/// The best link of each candidate to a finding.
private struct FoundLinks {
    var present: [Int32: FindingLinks.Link] = [:]
    var excluded: [Int32: FindingLinks.Link] = [:]
    /// Links to categories, with the finding's share of the category times the link's frequency.
    var partial: [Int32: FindingLinks.Link] = [:]

    /// - Parameter isDirect: whether the links are to the finding itself: that a kind of it does not occur says nothing.
    mutating func add(_ links: ArraySlice<FindingLinks.Link>, isDirect: Bool) {
        for link in links {
            if link.frequency != nil {
                add(link)
            } else if isDirect, excluded[link.candidate] == nil {
                excluded[link.candidate] = link
            }
        }
    }

    mutating func add(_ link: FindingLinks.Link) {
        if link.frequency ?? 0 > present[link.candidate]?.frequency ?? -1 { present[link.candidate] = link }
    }

    mutating func addCategory(_ link: FindingLinks.Link, share: Double) {
        guard let frequency = link.frequency else {
            if excluded[link.candidate] == nil { excluded[link.candidate] = link }
            return
        }
        var link = link
        link.frequency = frequency * share
        if link.frequency ?? 0 > partial[link.candidate]?.frequency ?? -1 { partial[link.candidate] = link }
    }
}
