import Foundation

/// Decides what each worker computes next: admission, shared prefixes, memory, cancellation.
///
/// Requests are admitted in the order of arrival. Every running sequence gets a token in every pass of its worker;
/// prompts are computed in pieces beside them. A sequence whose prefix another one is computing waits for it. When the
/// memory is full, caches that nobody uses go first, the least recently used one before others; then the youngest
/// sequence gives way and is continued later: what it drew stays, and what it lost is computed again to the same bits.
///
/// Invariants
/// * All state is guarded by `condition`; it is signalled whenever something changed that a worker may wait for.
/// * Every submitted sequence is concluded exactly once.
/// * `active` is sorted by ticket. A sequence may preempt only younger ones of its worker or itself, and itself only
///   while others run; so the oldest one always goes on.
final class SequenceScheduler: @unchecked Sendable {
    /// A part of a sequence that goes through the layers.
    struct Piece {
        var sequence: ActiveSequence
        var start: Int
        var count: Int
        /// Whether the state of the last position is wanted for those who come with the same prompt.
        var keepsFinalState = false
    }

    /// What a worker does before it asks again.
    struct Pass {
        var pieces: [Piece] = []
        /// Sequences that draw from a state computed before.
        var starts: [ActiveSequence] = []
    }

    /// Sequences that a worker runs at a time.
    private static let maximumActive = 256
    /// Prompt tokens of a pass beside running sequences, which wait for them; and of a pass without any.
    private static let promptTokensBesideOthers = 64
    private static let promptTokensAlone = 512
    /// Pages that have to be free, beyond those of its tokens, before a sequence joins others.
    private static let headroom = 4

    private let condition = NSCondition()
    private let store: PageStore
    private let tree = PrefixTree()
    private let limit: Int
    private var waiting: [ActiveSequence] = []
    private var active: [[ActiveSequence]]
    private var isIdle: [Bool]
    private var lastTicket = 0
    private var isStopped = false
    private var counts = SamplingEngine.Statistics()

    /// - Parameter limit: the greatest number of tokens in a sequence.
    init(store: PageStore, limit: Int, workers: Int) {
        self.store = store
        self.limit = limit
        active = Array(repeating: [], count: workers)
        isIdle = Array(repeating: false, count: workers)
    }

    var statistics: SamplingEngine.Statistics {
        condition.withLock {
            var statistics = counts
            statistics.evictedPages = tree.evictedCount
            statistics.usedPages = store.used
            statistics.mostUsedPages = store.mostUsed
            statistics.pages = store.capacity
            statistics.running = active.reduce(0) { $0 + $1.count }
            statistics.waiting = waiting.count
            return statistics
        }
    }

    // MARK: Requests

    func nextTicket() -> Int {
        condition.withLock {
            lastTicket += 1
            return lastTicket
        }
    }

    func submit(_ request: SamplingEngine.Request, ticket: Int, answer: @escaping ActiveSequence.Answer) {
        let sequence = ActiveSequence(ticket: ticket, request: request, limit: limit, answer: answer)
        let isRefused = condition.withLock {
            guard !isStopped else { return true }
            enqueue(sequence)
            condition.broadcast()
            return false
        }
        if isRefused { sequence.conclude(EngineError.stopped) }
    }

    func cancel(_ ticket: Int) {
        condition.withLock {
            guard let sequence = (waiting + active.joined()).first(where: { $0.ticket == ticket }) else { return }
            sequence.isCancelled = true
            condition.broadcast()
        }
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    // MARK: Workers

    /// Settles a worker's last pass and waits for the next. Nil when the worker has to end.
    func next(_ worker: Int) -> Pass? {
        condition.lock()
        while true {
            var concluded: [(sequence: ActiveSequence, error: (any Error)?)] = []
            settle(worker, &concluded)
            var pass = Pass()
            if isStopped {
                concluded += (active[worker] + waiting).map { ($0, EngineError.stopped) }
                active[worker] = []
                waiting = []
            } else {
                admit(worker, &concluded)
                handOver(worker)
                pass = makePass(worker, &concluded)
            }
            let isStopped = isStopped
            let isEmpty = pass.pieces.isEmpty && pass.starts.isEmpty
            if concluded.isEmpty && isEmpty && !isStopped {
                isIdle[worker] = true
                condition.wait()
                isIdle[worker] = false
                continue
            }
            condition.unlock()
            for (sequence, error) in concluded { sequence.conclude(error) }
            if isStopped { return nil }
            if !isEmpty { return pass }
            condition.lock()
        }
    }

    /// Publishes what the worker's sequences computed and removes those that ended.
    private func settle(_ worker: Int, _ concluded: inout [(sequence: ActiveSequence, error: (any Error)?)]) {
        var hasChanged = false
        for sequence in active[worker] where !sequence.isStalled { hasChanged = publish(sequence) || hasChanged }
        active[worker].removeAll { sequence in
            guard sequence.isCancelled || sequence.isFinished else { return false }
            release(sequence)
            concluded.append((sequence, sequence.isFinished ? nil : CancellationError()))
            return true
        }
        waiting.removeAll { sequence in
            guard sequence.isCancelled else { return false }
            concluded.append((sequence, CancellationError()))
            return true
        }
        if hasChanged || !concluded.isEmpty { condition.broadcast() }
    }

    /// Makes computed pages known. Returns whether there were any.
    private func publish(_ sequence: ActiveSequence) -> Bool {
        var hasChanged = false
        while sequence.publishedCount < sequence.plan.own.count {
            let node = sequence.plan.own[sequence.publishedCount]
            let page = sequence.plan.ownStart + sequence.publishedCount
            guard page * CachePage.positions + node.tokens.count <= sequence.cache.count else { break }
            tree.complete(node, page: sequence.cache.pages[page])
            sequence.publishedCount += 1
            hasChanged = true
        }
        if let state = sequence.computedState, let end = sequence.plan.end {
            tree.setFinalState(state, of: end)
            sequence.computedState = nil
            hasChanged = true
        }
        return hasChanged
    }

    /// Takes a sequence's hands off the tree, leaving there what it computed.
    private func release(_ sequence: ActiveSequence) {
        tree.abandon(sequence.plan.own)
        let stored =
            sequence.pendingCopy == nil
            ? sequence.cache.count : sequence.plan.shared.count * CachePage.positions
        tree.add(sequence.tokens[..<stored], pages: sequence.cache.pages)
        tree.unpin(sequence.plan.pinned)
        sequence.reset()
    }

    private func enqueue(_ sequence: ActiveSequence) {
        let place = waiting.lastIndex { $0.ticket < sequence.ticket }.map { $0 + 1 } ?? 0
        waiting.insert(sequence, at: place)
    }

    // MARK: Admission

    private var runningCount: Int { active.reduce(0) { $0 + $1.count } }

    /// Admits waiting sequences, up to the worker's share of all, while there is memory for them.
    private func admit(_ worker: Int, _ concluded: inout [(sequence: ActiveSequence, error: (any Error)?)]) {
        resolve(worker)
        let share = (runningCount + waiting.count + active.count - 1) / active.count
        var hasAdmitted = false
        while let first = waiting.first, active[worker].count < min(share, Self.maximumActive) {
            if let missing = admitOne(first) {
                guard runningCount == 0 else { break }
                waiting.removeFirst()
                concluded.append((first, tooLong(first, pages: missing)))
                continue
            }
            waiting.removeFirst()
            active[worker].append(first)
            hasAdmitted = true
        }
        guard hasAdmitted else { return }
        active[worker].sort { $0.ticket < $1.ticket }
        resolve(worker)
    }

    private func tooLong(_ sequence: ActiveSequence, pages: Int) -> EngineError {
        .request(
            "a sequence of \(sequence.tokens.count) tokens needs \(pages) pages of \(CachePage.positions) positions; the"
                + " cache has \(store.capacity): send less or give the engine more cache memory")
    }

    /// Plans a sequence and gives it memory. Returns the number of pages it would need, where they are not there.
    private func admitOne(_ sequence: ActiveSequence) -> Int? {
        let plan = makePlan(sequence)
        tree.pin(plan.borrowed)
        let all = (sequence.tokens.count + CachePage.positions - 1) / CachePage.positions
        let needed = all - plan.shared.count
        let isAlone = runningCount == 0
        let available = store.capacity - store.used + tree.evictableCount
        var pages: [CachePage] = []
        if isAlone || available >= needed + Self.headroom {
            while pages.count < needed, let page = allocate() { pages.append(page) }
        }
        guard pages.count == needed else {
            tree.unpin(plan.borrowed)
            return all
        }
        sequence.plan = plan
        if plan.end == nil {
            let path = plan.shared + plan.passed
            sequence.plan.ownStart = path.count
            sequence.plan.own = tree.addPending(sequence.tokens[(path.count * CachePage.positions)...], below: path)
            sequence.plan.end = sequence.plan.own.last
        }
        sequence.plan.pages = pages
        sequence.isStalled = true
        sequence.isPreempted = false
        return nil
    }

    /// What the tree can spare a sequence. Where no final state is known, the last token is left to compute.
    private func makePlan(_ sequence: ActiveSequence) -> ActiveSequence.Plan {
        var plan = ActiveSequence.Plan()
        let tokens = sequence.tokens
        plan.count = tokens.count
        var match = tree.match(tokens)
        plan.end = match.end
        if sequence.isScoringPrompt {
            // Every position has to be computed; what the tree lacks is offered to others.
            plan.passed = match.path
            return plan
        }
        let isKnown = match.end.map { $0.finalState != nil || $0.state == .pending && $0.endsPrompt } ?? false
        plan.startsAtEnd = isKnown
        let matched = match.path.count * CachePage.positions + (match.partial?.count ?? 0)
        if matched == tokens.count, !isKnown {
            if let partial = match.partial {
                match.partial = partial.count > 1 ? (partial.node, partial.count - 1) : nil
            } else if let last = match.path.popLast() {
                match.partial = (last, CachePage.positions - 1)
            }
        }
        plan.shared = match.path
        plan.copied = match.partial
        return plan
    }

    /// Lets sequences go on whose shared pages are there, and plans those anew whose pages will not come.
    private func resolve(_ worker: Int) {
        var lost: [ActiveSequence] = []
        for sequence in active[worker] where sequence.isStalled {
            let nodes = sequence.plan.awaited
            let hasLost =
                nodes.contains { $0.state == .detached }
                || sequence.plan.startsAtEnd && sequence.plan.end?.state == .ready
                    && sequence.plan.end?.finalState == nil
            if hasLost {
                lost.append(sequence)
            } else if nodes.allSatisfy({ $0.state == .ready }) {
                counts.reusedPromptTokens += min(sequence.begin(), sequence.request.prompt.count)
            }
        }
        guard !lost.isEmpty else { return }
        active[worker].removeAll { sequence in lost.contains { $0 === sequence } }
        for sequence in lost {
            release(sequence)
            enqueue(sequence)
        }
        condition.broadcast()
    }

    /// Gives half of the worker's sequences to a worker that has nothing to do.
    private func handOver(_ worker: Int) {
        guard waiting.isEmpty, let other = active.indices.first(where: { isIdle[$0] && active[$0].isEmpty }) else {
            return
        }
        let movable = active[worker].filter { !$0.isStalled }
        guard movable.count >= 2 else { return }
        let moved = movable.suffix(movable.count / 2)
        active[worker].removeAll { sequence in moved.contains { $0 === sequence } }
        active[other] = Array(moved)
        condition.broadcast()
    }

    // MARK: Passes

    private func makePass(
        _ worker: Int, _ concluded: inout [(sequence: ActiveSequence, error: (any Error)?)]
    ) -> Pass {
        var pass = Pass()
        for sequence in active[worker] where !sequence.isStalled && sequence.pendingCount <= 1 {
            guard !sequence.isPreempted else { continue }
            if sequence.pendingCount == 0 {
                pass.starts.append(sequence)
            } else if grow(sequence, worker: worker, &concluded) {
                add(sequence, count: 1, to: &pass)
            }
        }
        let running = pass.pieces.count + pass.starts.count
        var budget =
            running == 0 ? Self.promptTokensAlone : max(Self.promptTokensBesideOthers, running)
        for sequence in active[worker] where !sequence.isStalled && sequence.pendingCount > 1 && budget > 0 {
            let count = min(sequence.pendingCount, budget)
            add(sequence, count: count, to: &pass)
            budget -= count
        }
        return pass
    }

    private func add(_ sequence: ActiveSequence, count: Int, to pass: inout Pass) {
        let start = sequence.cache.count
        counts.computedPromptTokens += max(0, min(start + count, sequence.request.prompt.count) - start)
        let reachesEnd = start + count == sequence.plan.count
        pass.pieces.append(
            .init(
                sequence: sequence, start: start, count: count,
                keepsFinalState: reachesEnd && sequence.plan.end.map { $0.finalState == nil } ?? false))
    }

    /// Makes room for one more position. Returns false if the sequence has to wait or has failed.
    private func grow(
        _ sequence: ActiveSequence, worker: Int, _ concluded: inout [(sequence: ActiveSequence, error: (any Error)?)]
    ) -> Bool {
        guard sequence.cache.count >= sequence.cache.room else { return true }
        while true {
            if let page = allocate() {
                sequence.cache.append(page)
                return true
            }
            if let youngest = active[worker].last, youngest !== sequence {
                preempt(youngest, worker: worker)
            } else if runningCount > 1 {
                preempt(sequence, worker: worker)
                return false
            } else {
                active[worker].removeAll { $0 === sequence }
                release(sequence)
                let pages = sequence.tokens.count / CachePage.positions + 1
                concluded.append((sequence, tooLong(sequence, pages: pages)))
                return false
            }
        }
    }

    private func preempt(_ sequence: ActiveSequence, worker: Int) {
        active[worker].removeAll { $0 === sequence }
        release(sequence)
        sequence.isPreempted = true
        counts.preemptions += 1
        enqueue(sequence)
        condition.broadcast()
    }

    /// A page, if need be instead of the least recently used one that nobody holds.
    private func allocate() -> CachePage? {
        while true {
            if let page = store.allocate() { return page }
            guard tree.evict() else { return nil }
        }
    }
}
