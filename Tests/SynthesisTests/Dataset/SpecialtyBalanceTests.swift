import Primitives
import Testing

@testable import Synthesis

struct SpecialtyBalanceTests {
    private static func items(_ count: Int, seed: UInt64) -> [SpecialtyBalance.Item] {
        (0..<count).map { step in
            var random = CounterRandom(seed: seed, stage: .synthesis, step: step)
            let specialty = random.pick(["A", "A", "A", "B", nil])
            return .init(specialty: specialty, kind: "k\(random.integer(below: 4))")
        }
    }

    @Test(arguments: 0..<20) func takesWhatIsAskedForOrAllThereIs(seed: Int) {
        let items = Self.items(60, seed: UInt64(seed))
        let choice = SpecialtyBalance(target: 15, targets: ["C": 3, "B": 4]).choose(items, seed: 1)
        #expect(choice.taken == Set(choice.taken).sorted())
        #expect(choice.shares.map(\.specialty) == ["A", "B", "C", "unassigned"])
        for share in choice.shares {
            let name = share.specialty == "unassigned" ? nil : share.specialty
            #expect(share.available == items.count { $0.specialty == name })
            #expect(share.taken == choice.taken.count { items[$0].specialty == name })
            #expect(share.taken == min(share.target ?? .max, share.available))
            #expect(share.shortfall == max(0, (share.target ?? 0) - share.available))
        }
        #expect(choice.shares[2].shortfall == 3)
        #expect(choice.shares[3].target == nil)
    }

    @Test(arguments: 0..<20) func kindsTakeTurns(seed: Int) {
        let items = Self.items(80, seed: UInt64(seed))
        let choice = SpecialtyBalance(target: 10).choose(items, seed: 1)
        for specialty in ["A", "B"] {
            var left: [String: Int] = [:]
            var taken: [String: Int] = [:]
            for index in items.indices where items[index].specialty == specialty {
                if choice.taken.contains(index) {
                    taken[items[index].kind, default: 0] += 1
                } else {
                    left[items[index].kind, default: 0] += 1
                }
            }
            // A kind that has some left has at most one less than any other.
            let most = taken.values.max() ?? 0
            for (kind, count) in left where count > 0 { #expect(taken[kind, default: 0] >= most - 1) }
        }
    }

    @Test func aSeedDrawsWithinAKind() {
        let items = [SpecialtyBalance.Item](repeating: .init(specialty: "A", kind: "k"), count: 100)
        let balance = SpecialtyBalance(target: 10)
        #expect(balance.choose(items, seed: 1) == balance.choose(items, seed: 1))
        #expect(balance.choose(items, seed: 1) != balance.choose(items, seed: 2))
    }
}

struct ChainSplitTests {
    @Test func noAnswerIsOnBothSides() {
        let chains = (0..<600).map { step -> [Int32] in
            var random = CounterRandom(seed: 4, stage: .synthesis, step: step)
            return (0..<3).map { _ in Int32(random.integer(below: 150)) }
        }
        let split = ChainSplit(chains, validationShare: 0.3, seed: 9)
        let sides = DatasetExample.Split.allCases.map { side in
            Set(zip(chains, split.splits).filter { $0.1 == side }.map { $0.0[2] })
        }
        #expect(sides[0].isDisjoint(with: sides[1]))
        #expect(sides[0].count + sides[1].count == Set(chains.map { $0[2] }).count)
        #expect(sides[1].count > 20 && sides[1].count < 70)
        let trained = Set(zip(chains, split.splits).filter { $0.1 == .train }.flatMap { $0.0[0...1] })
        let shared = zip(chains, split.splits).count {
            $0.1 == .validation && $0.0[0...1].contains(where: trained.contains)
        }
        #expect(split.sharedEntityCount == shared)
    }
}
