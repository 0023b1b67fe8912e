import Primitives
import Testing

@testable import Training

@Suite struct QuestionDeckTests {
    private func deck(_ members: [Int]) -> QuestionDeck {
        var deck = QuestionDeck(seed: 1, number: 0)
        for member in members { deck.insert(member) }
        return deck
    }

    @Test func everyPassGivesEachMemberOnceInAnotherOrder() {
        var deck = deck([8, 2, 5, 1, 9, 4])
        let passes = (0..<3).map { _ in (0..<6).map { _ in deck.draw(except: []) } }
        for pass in passes { #expect(pass.sorted() == [1, 2, 4, 5, 8, 9]) }
        #expect(Set(passes).count == 3)
    }

    @Test func whatIsTakenWaitsForTheNextDraw() {
        var deck = deck([1, 2])
        let first = deck.draw(except: [])
        let second = deck.draw(except: [first])
        let third = deck.draw(except: [second])
        #expect([first, second].sorted() == [1, 2])
        #expect(third == first)
        #expect(!deck.canGive(except: [1, 2]))
    }

    @Test func aMemberThatMovesStaysDueIfItWasDue() {
        var (one, other) = (deck([1, 2, 3]), deck([7, 8]))
        let asked = one.draw(except: [])
        _ = other.draw(except: [])
        let due = [1, 2, 3].filter { $0 != asked }
        #expect(one.remove(asked) == false)
        #expect(one.remove(due[0]) == true)
        other.insert(asked, isDue: false)
        other.insert(due[0], isDue: true)
        let rest = [other.draw(except: []), other.draw(except: [])]
        #expect(rest.last == due[0], "the pass ends with the newcomer that was due")
        #expect((0..<4).map { _ in other.draw(except: []) }.sorted() == [asked, due[0], 7, 8].sorted())
        #expect(one.draw(except: []) == due[1])
    }

    @Test func aMemberThatLeavesIsNotGivenAnyMore() {
        var deck = deck([1, 2, 3])
        _ = deck.remove(2)
        #expect(Set((0..<8).map { _ in deck.draw(except: []) }) == [1, 3])
    }
}
