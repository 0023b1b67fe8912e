import Foundation
import Knowledge
import Primitives

/// Chooses the questions of the held-out split so that few others have to be given up.
///
/// Two chains are entangled when they share an answer or an intermediate entity; entangled questions may not stand on
/// both sides. Whole groups of entangled questions are therefore preferred: they cost no training question. Only where
/// the groups that fit are used up are single questions taken, each time the one that entangles the fewest others.
struct HeldOutSelection {
    /// What the selection needs to know of a question.
    struct Candidate {
        /// The intermediate entities and the answer.
        var entities: [EntityIndex]
        var answer: EntityIndex { entities[entities.count - 1] }
        var hops: Int
        var specialty: String?
        /// The relations asked for, in order.
        var form: [Step] = []
    }

    private let candidates: [Candidate]
    private var questionsOfEntity: [EntityIndex: [Int]] = [:]
    private var hopsQuota: Quota<Int>
    private var specialtyQuota: Quota<String?>
    private var formQuota: Quota<[Step]>
    private var answers: Set<EntityIndex> = []
    private(set) var chosen: Set<Int> = []

    /// Chooses at least `count` of the candidates, or all where there are not more.
    init(candidates: [Candidate], count: Int, random: inout CounterRandom) {
        self.candidates = candidates
        hopsQuota = Quota(of: candidates.map(\.hops), total: count, exponent: 1)
        specialtyQuota = Quota(of: candidates.map(\.specialty), total: count, exponent: 0.5)
        formQuota = Quota(of: candidates.map(\.form), total: count, exponent: 1)
        for (index, candidate) in candidates.enumerated() {
            for entity in candidate.entities { questionsOfEntity[entity, default: []].append(index) }
        }
        takeGroups(count: count, random: &random)
        takeSingles(count: count)
    }

    /// The candidates that share an entity with a chosen one and are not chosen themselves.
    var entangled: Set<Int> {
        var result: Set<Int> = []
        for index in chosen {
            for entity in candidates[index].entities { result.formUnion(questionsOfEntity[entity] ?? []) }
        }
        return result.subtracting(chosen)
    }

    // MARK: Whole groups

    private mutating func takeGroups(count: Int, random: inout CounterRandom) {
        var groups = entangledGroups()
        random.shuffle(&groups)
        // A group larger than this would make the held-out split revolve around a few entities.
        let largest = max(4, count / 6)
        groups.removeAll { $0.count > largest }
        while chosen.count < count {
            let fitting = groups.indices.filter { groups[$0].count <= count - chosen.count }
            guard let best = fitting.max(by: { benefit(groups[$0]) < benefit(groups[$1]) }) else { return }
            for index in groups.remove(at: best) { choose(index) }
        }
    }

    /// The mean over a group of how much its forms, hops and specialties are missing among the chosen questions, plus half
    /// the share of answers that are new. Forms count twice: the held-out questions are to ask what the others ask.
    private func benefit(_ group: [Int]) -> Double {
        let need = group.reduce(into: 0.0) { sum, index in
            let candidate = candidates[index]
            sum += 2 * formQuota.need(of: candidate.form)
            sum += hopsQuota.need(of: candidate.hops) + specialtyQuota.need(of: candidate.specialty)
        }
        let newAnswers = Set(group.map { candidates[$0].answer }).subtracting(answers)
        return (need + 0.5 * Double(newAnswers.count)) / Double(group.count)
    }

    /// The connected components of "shares an entity", each ascending, ordered by their first question.
    private func entangledGroups() -> [[Int]] {
        var groups: [[Int]] = []
        var isSeen = [Bool](repeating: false, count: candidates.count)
        for start in candidates.indices where !isSeen[start] {
            isSeen[start] = true
            var group = [start]
            var next = 0
            while next < group.count {
                for entity in candidates[group[next]].entities {
                    for neighbour in questionsOfEntity[entity] ?? [] where !isSeen[neighbour] {
                        isSeen[neighbour] = true
                        group.append(neighbour)
                    }
                }
                next += 1
            }
            groups.append(group.sorted())
        }
        return groups
    }

    // MARK: Single questions

    private mutating func takeSingles(count: Int) {
        var lost = entangled
        while chosen.count < min(count, candidates.count) {
            var best: (index: Int, loss: Int, benefit: Double)?
            for index in candidates.indices where !chosen.contains(index) {
                let loss = newlyEntangled(with: index, lost: lost).count
                let value = benefit([index])
                if let known = best, (known.loss, -known.benefit) <= (loss, -value) { continue }
                best = (index, loss, value)
            }
            guard let best else { return }
            lost.formUnion(newlyEntangled(with: best.index, lost: lost))
            lost.remove(best.index)
            choose(best.index)
        }
    }

    private func newlyEntangled(with index: Int, lost: Set<Int>) -> Set<Int> {
        var result: Set<Int> = []
        for entity in candidates[index].entities {
            for other in questionsOfEntity[entity] ?? []
            where other != index && !chosen.contains(other) && !lost.contains(other) { result.insert(other) }
        }
        return result
    }

    private mutating func choose(_ index: Int) {
        chosen.insert(index)
        answers.insert(candidates[index].answer)
        hopsQuota.take(candidates[index].hops)
        formQuota.take(candidates[index].form)
        specialtyQuota.take(candidates[index].specialty)
    }
}

/// How many of each kind are wanted, and how many there are.
///
/// Quotas are proportional to a power of how often a kind occurs; below 1, rare kinds get more than their share.
private struct Quota<Kind: Hashable> {
    private var wanted: [Kind: Double] = [:]
    private var taken: [Kind: Int] = [:]

    init(of kinds: [Kind], total: Int, exponent: Double) {
        for kind in kinds { wanted[kind, default: 0] += 1 }
        wanted = wanted.mapValues { pow($0, exponent) }
        // Summed in order of size: a dictionary's own order would leak into the last bits.
        let sum = wanted.values.sorted().reduce(0, +)
        wanted = wanted.mapValues { $0 / sum * Double(max(total, 1)) }
    }

    /// 1 when none is taken, 0 when the quota is met, negative beyond it.
    func need(of kind: Kind) -> Double {
        guard let wanted = wanted[kind] else { return 0 }
        return 1 - Double(taken[kind] ?? 0) / wanted
    }

    mutating func take(_ kind: Kind) { taken[kind, default: 0] += 1 }
}
