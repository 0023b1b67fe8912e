import Primitives
import Testing

@testable import Backends

/// The router and the prefix affinity as pure functions.
@Suite struct FleetRouterTests {
    private typealias Candidate = RendezvousRouter.Candidate

    private func candidates(_ count: Int, load: Int = 0, limit: Int = 1_000_000) -> [Candidate] {
        (0..<count).map {
            Candidate(
                index: $0, identity: RendezvousRouter.identity(of: "http://replica-\($0):8000"), load: load,
                limit: limit)
        }
    }

    private func keys(_ count: Int, _ group: Int = 0) -> [UInt64] {
        var random = CounterRandom(seed: 11, stage: .evaluation, group: group)
        return (0..<count).map { _ in random.next() }
    }

    @Test(arguments: [2, 3, 5, 8])
    func keysSpreadEvenly(replicas: Int) {
        let keys = keys(4000)
        var counts = Array(repeating: 0, count: replicas)
        // Loads of 0 leave the bound at 1, which every replica meets.
        for key in keys {
            counts[RendezvousRouter.choose(key: key, cost: 1, among: candidates(replicas)) ?? 0] += 1
        }
        // Six standard deviations of a binomial distribution.
        let mean = Double(keys.count) / Double(replicas)
        let slack = 6 * (mean * (1 - 1 / Double(replicas))).squareRoot()
        for count in counts { #expect(abs(Double(count) - mean) < slack) }
    }

    @Test(arguments: [2, 3, 5, 8])
    func aReplicaThatLeavesTakesOnlyItsOwnKeys(replicas: Int) {
        let all = candidates(replicas)
        for gone in 0..<replicas {
            let rest = all.filter { $0.index != gone }
            for key in keys(300, gone) {
                let before = RendezvousRouter.choose(key: key, cost: 1, among: all)
                let after = RendezvousRouter.choose(key: key, cost: 1, among: rest)
                if before != gone { #expect(after == before) } else { #expect(after != nil && after != gone) }
            }
        }
    }

    @Test func theChoiceDoesNotDependOnTheOrder() {
        let all = candidates(5)
        var random = CounterRandom(seed: 3, stage: .evaluation)
        for key in keys(200) {
            var shuffled = all
            random.shuffle(&shuffled)
            #expect(
                RendezvousRouter.choose(key: key, cost: 1, among: shuffled)
                    == RendezvousRouter.choose(key: key, cost: 1, among: all))
        }
    }

    /// Whatever comes and goes, no choice lifts a replica above 1.25 times the mean, rounded up.
    @Test(arguments: 0..<8)
    func loadsStayBounded(seed: Int) throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let replicas = 2 + random.integer(below: 6)
        var all = candidates(replicas)
        var flights: [(replica: Int, cost: Int)] = []
        for _ in 0..<600 {
            if random.uniform() < 0.6 || flights.isEmpty {
                // Half of all requests carry one key, as a hot prompt's do.
                let key = random.uniform() < 0.5 ? 7 : random.next()
                let index = try #require(RendezvousRouter.choose(key: key, cost: 1, among: all))
                all[index].load += 1
                let total = all.reduce(0) { $0 + $1.load }
                #expect(Double(all[index].load) <= (1.25 * Double(total) / Double(replicas)).rounded(.up))
                flights.append((index, 1))
            } else {
                let ended = flights.remove(at: random.integer(below: flights.count))
                all[ended.replica].load -= ended.cost
            }
        }
    }

    @Test func aFullReplicaIsPassedOverAndAFullFleetRefuses() {
        var all = candidates(3, load: 4, limit: 4)
        #expect(RendezvousRouter.choose(key: 1, cost: 1, among: all) == nil)
        all[1].load = 3
        for key in keys(50) { #expect(RendezvousRouter.choose(key: key, cost: 1, among: all) == 1) }
        #expect(RendezvousRouter.choose(key: 1, cost: 2, among: all) == nil)
        all[2].load = 0
        // An idle replica takes what no limit allows.
        #expect(RendezvousRouter.choose(key: 1, cost: 9, among: all) == 2)
        #expect(RendezvousRouter.choose(key: 1, cost: 1, among: []) == nil)
    }

    // MARK: Affinity

    private func tokens(_ count: Int, _ random: inout CounterRandom) -> [TokenID] {
        (0..<count).map { _ in TokenID(random.integer(below: 1000)) }
    }

    @Test(arguments: 0..<6)
    func groupsAndTurnsShareTheirKeyAndQuestionsDoNot(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation, group: 5)
        var affinity = PrefixAffinity()
        let system = tokens(40, &random)
        var known: Set<UInt64> = []
        for _ in 0..<50 {
            let question = system + tokens(4 + random.integer(below: 30), &random)
            let key = affinity.key(of: question)
            #expect(known.insert(key).inserted)
            for _ in 0..<4 {
                #expect(affinity.key(of: question) == key)
                var episode = question
                for _ in 0..<3 {
                    episode += tokens(1 + random.integer(below: 20), &random)
                    #expect(affinity.key(of: episode) == key)
                }
            }
        }
    }

    @Test func whatIsForgottenGetsItsOwnKeyAgain() {
        var affinity = PrefixAffinity(capacity: 10)
        let first = affinity.key(of: [1, 2, 3])
        for token in 10..<40 { _ = affinity.key(of: [TokenID(token)]) }
        let longer = affinity.key(of: [1, 2, 3, 4])
        #expect(longer != first)
        #expect(affinity.key(of: [1, 2, 3, 4, 5]) == longer)
        #expect(affinity.key(of: [1, 2, 3]) == first)
    }

    @Test func similarPromptsDoNotCollide() {
        var affinity = PrefixAffinity(capacity: 100_000)
        var keys: Set<UInt64> = []
        for first in 0..<64 {
            for second in 0..<64 { keys.insert(affinity.key(of: [0, TokenID(first), TokenID(second)])) }
        }
        #expect(keys.count == 64 * 64)
    }
}
