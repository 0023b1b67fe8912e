import Primitives
import Testing

@testable import Rewards

/// Equality of every type is an equivalence: checked on all pairs of spellings of several answers, in both directions.
@Suite struct EquivalenceTests {
    private let verifier = AnswerVerifier()

    private func isCorrect(_ answer: String, gold: String, _ spellings: Spellings) throws -> Bool {
        let prepared = try PreparedGold(
            Gold(type: spellings.type, value: gold, policy: spellings.policy), answerIn: "whole")
        return verifier.grade(answer, against: prepared).verdict == .correct
    }

    @Test(arguments: Spellings.all)
    func `all spellings of one answer are equal to each other`(spellings: Spellings) throws {
        for number in [1, 2, 7, 19] {
            let texts = spellings.texts(number)
            for left in texts {
                for right in texts {
                    #expect(try isCorrect(left, gold: right, spellings), "\(left) for \(right)")
                }
            }
        }
    }

    @Test(arguments: Spellings.all)
    func `no spelling of one answer is equal to one of another`(spellings: Spellings) throws {
        let numbers = [1, 2, 7, 19]
        for left in numbers {
            for right in numbers where left != right {
                for (answer, gold) in zip(spellings.texts(left), spellings.texts(right).reversed()) {
                    #expect(try !isCorrect(answer, gold: gold, spellings), "\(answer) for \(gold)")
                }
            }
        }
    }

    @Test func `the two booleans are two classes`() throws {
        let classes = [["yes", "Yes.", "true", "TRUE"], ["no", "No", "false"]]
        let boolean = Spellings(type: .boolean) { _ in [] }
        for (i, left) in classes.enumerated() {
            for (j, right) in classes.enumerated() {
                for answer in left {
                    for gold in right { #expect(try isCorrect(answer, gold: gold, boolean) == (i == j)) }
                }
            }
        }
    }

    @Test func `every type has generated spellings`() {
        #expect(Set(Spellings.all.map(\.type)).union([.boolean]) == Set(AnswerType.allCases))
    }

    @Test(arguments: Spellings.all)
    func `the canonical text of spellings is one, so that votes can be counted`(spellings: Spellings) throws {
        let texts = try spellings.texts(5).map { text in
            try PreparedGold(Gold(type: spellings.type, value: text, policy: spellings.policy), answerIn: "whole")
                .canonical
        }
        #expect(Set(texts).count == 1, "\(texts)")
    }
}
