/// Where each question is — in which deck, or at rest — and whose turn it is.
///
/// Invariants: every question is in exactly one deck or rests until a known step; a rest ends by itself; every deck that has
/// a member gets a positive share of the places. So no question is ever lost.
struct QuestionRotation: Sendable {
    private enum Place: Sendable, Equatable {
        case deck(Int)
        case resting(until: Int)
    }

    private let configuration: CurriculumConfiguration
    private let questions: [CurriculumQuestion]
    /// Steps that a rest lasts.
    private let restingSteps: Int
    /// The pools' names, with one for the questions outside the window where they have a share.
    private let poolNames: [String]
    private let specialties: [String?]
    private let specialtyOfQuestion: [Int]
    private var rates: [PassRate]
    private var places: [Place] = []
    /// By pool, then specialty.
    private var decks: [QuestionDeck]
    private var poolTurns: FairTurns
    private var specialtyTurns: [FairTurns]

    init(
        configuration: CurriculumConfiguration, questions: [CurriculumQuestion], questionsPerStep: Int, seed: UInt64
    ) {
        self.configuration = configuration
        self.questions = questions
        let pools = configuration.pools.isEmpty ? [DifficultyPool(name: "all", share: 1)] : configuration.pools
        var shares = pools.map(\.share)
        var names = pools.map(\.name)
        var restingSteps = 0
        switch configuration.window?.outside {
        case .rest(let epochs):
            let asked = epochs.multipliedReportingOverflow(by: questions.count)
            restingSteps = asked.overflow ? .max : (asked.partialValue - 1) / questionsPerStep + 1
        case .share(let outside):
            let total = shares.reduce(0, +)
            shares = shares.map { $0 / total * (1 - outside) } + [outside]
            names.append("outside")
        case nil: break
        }
        self.restingSteps = restingSteps
        poolNames = names
        let isBalanced = configuration.balance == .specialty
        let named = Set(questions.compactMap(\.specialty)).sorted()
        let hasUnnamed = questions.contains { $0.specialty == nil }
        let specialties: [String?] = isBalanced ? named + (hasUnnamed ? [nil] : []) : [nil]
        self.specialties = specialties
        specialtyOfQuestion = questions.map { question in
            isBalanced ? specialties.firstIndex(of: question.specialty) ?? 0 : 0
        }
        rates = [PassRate](repeating: PassRate(), count: questions.count)
        decks = (0..<names.count * specialties.count).map { QuestionDeck(seed: seed, number: $0) }
        poolTurns = FairTurns(shares: shares)
        specialtyTurns = names.map { _ in FairTurns(shares: [Double](repeating: 1, count: specialties.count)) }
        for question in questions.indices {
            let deck = deck(of: question, pool: pool(of: question))
            places.append(.deck(deck))
            decks[deck].insert(question)
        }
    }

    /// Questions at rest, in ascending order.
    var resting: [Int] {
        guard restingSteps > 0 else { return [] }
        return places.indices.filter { if case .resting = places[$0] { true } else { false } }
    }

    /// Takes in the outcomes that the plan of `step` is the first to know.
    mutating func learn(_ groups: [GroupOutcome], step: Int) {
        var touched: Set<Int> = []
        for group in groups where rates.indices.contains(group.question) && group.attempts > 0 {
            rates[group.question].record(
                attempts: group.attempts, correct: group.correct, memory: configuration.evidence.memory)
            touched.insert(group.question)
        }
        for question in touched.sorted() {
            if isOutside(question), restingSteps > 0 {
                let (end, isEndless) = step.addingReportingOverflow(restingSteps)
                move(question, to: .resting(until: isEndless ? .max : end))
            } else {
                move(question, to: .deck(deck(of: question, pool: pool(of: question))))
            }
        }
    }

    /// The questions of a step, and how many each pool gave.
    mutating func draw(_ count: Int, step: Int) -> (questions: [Int], pools: [StepPlan.PoolCount]) {
        if restingSteps > 0 {
            for (question, place) in places.enumerated() {
                if case .resting(let end) = place, end <= step { wake(question) }
            }
        }
        var drawn: [Int] = []
        var taken: Set<Int> = []
        var counts = [Int](repeating: 0, count: poolNames.count)
        while drawn.count < count {
            guard let (question, pool) = drawOne(except: taken) else {
                // Everything awake is in the step: wake what rests longest, else begin again.
                if let question = nextToWake(except: taken) { wake(question) } else { taken = [] }
                continue
            }
            drawn.append(question)
            taken.insert(question)
            counts[pool] += 1
        }
        guard poolNames.count > 1 else { return (drawn, []) }
        return (drawn, zip(poolNames, counts).map { StepPlan.PoolCount(name: $0, count: $1) })
    }

    private mutating func drawOne(except taken: Set<Int>) -> (question: Int, pool: Int)? {
        let count = specialties.count
        let canGive = decks.map { $0.canGive(except: taken) }
        guard let pool = poolTurns.next({ canGive[$0 * count..<($0 + 1) * count].contains(true) }),
            let specialty = specialtyTurns[pool].next({ canGive[pool * count + $0] })
        else { return nil }
        return (decks[pool * count + specialty].draw(except: taken), pool)
    }

    private func nextToWake(except taken: Set<Int>) -> Int? {
        var next: (question: Int, end: Int)?
        for (question, place) in places.enumerated() where !taken.contains(question) {
            guard case .resting(let end) = place, end < next?.end ?? .max || next == nil else { continue }
            next = (question, end)
        }
        return next?.question
    }

    private mutating func wake(_ question: Int) {
        move(question, to: .deck(deck(of: question, pool: difficultyPool(of: question))))
    }

    private mutating func move(_ question: Int, to place: Place) {
        guard places[question] != place else { return }
        var isDue = true
        if case .deck(let old) = places[question] { isDue = decks[old].remove(question) }
        if case .deck(let new) = place { decks[new].insert(question, isDue: isDue) }
        places[question] = place
    }

    private func deck(of question: Int, pool: Int) -> Int {
        pool * specialties.count + specialtyOfQuestion[question]
    }

    // MARK: What a pass rate decides

    private func rate(of question: Int) -> Double? {
        rates[question].rate(minimumAttempts: configuration.evidence.minimumAttempts)
    }

    private func isOutside(_ question: Int) -> Bool {
        guard let window = configuration.window, let rate = rate(of: question) else { return false }
        return rate < window.lower || rate > window.upper
    }

    private func pool(of question: Int) -> Int {
        if case .share = configuration.window?.outside, isOutside(question) { return poolNames.count - 1 }
        return difficultyPool(of: question)
    }

    private func difficultyPool(of question: Int) -> Int {
        let pools = configuration.pools
        guard pools.count > 1 else { return 0 }
        if let rate = rate(of: question), pools[0].passRateAbove != nil {
            return pools.firstIndex { rate > $0.passRateAbove ?? -1 } ?? pools.count - 1
        }
        guard let difficulty = questions[question].difficulty, pools[0].difficultyBelow != nil else {
            return pools.count / 2
        }
        return pools.firstIndex { difficulty < $0.difficultyBelow ?? .infinity } ?? pools.count - 1
    }
}
