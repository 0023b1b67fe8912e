import Primitives

/// Questions that are asked in turn: each pass is a shuffled deal of all members, and a new one is dealt when the last card
/// has been drawn, so that between members that stay nobody is asked a second time before everybody has been asked once.
struct QuestionDeck: Sendable {
    /// In ascending order.
    private(set) var members: [Int] = []
    /// Members that the pass has not asked yet, next one first.
    private var cards: [Int] = []
    private var deals = 0
    private let seed: UInt64
    private let number: Int

    /// - Parameter number: tells the deck from the others of its stage.
    init(seed: UInt64, number: Int) {
        self.seed = seed
        self.number = number
    }

    /// - Parameter isDue: whether the current pass asks the question; otherwise the next one will.
    mutating func insert(_ question: Int, isDue: Bool = true) {
        members.insert(question, at: place(of: question))
        // The first deal will have every member.
        if isDue, deals > 0 { cards.append(question) }
    }

    /// Returns whether the current pass would still have asked the question.
    mutating func remove(_ question: Int) -> Bool {
        members.remove(at: place(of: question))
        let count = cards.count
        cards.removeAll { $0 == question }
        return deals == 0 || cards.count < count
    }

    /// Whether there is a member that is not among the `taken`.
    func canGive(except taken: Set<Int>) -> Bool { members.contains { !taken.contains($0) } }

    /// The next question that is not among the `taken`; those wait for another step.
    /// - Precondition: ``canGive(except:)``
    mutating func draw(except taken: Set<Int>) -> Int {
        while true {
            if let next = cards.firstIndex(where: { !taken.contains($0) }) { return cards.remove(at: next) }
            precondition(canGive(except: taken), "only a deck that can give is drawn from")
            var order = members
            var random = CounterRandom(
                seed: seed, stage: .reinforcement, step: deals, group: number, turn: CurriculumTurn.deal.rawValue)
            random.shuffle(&order)
            cards += order
            deals += 1
        }
    }

    private func place(of question: Int) -> Int {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle] < question { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
