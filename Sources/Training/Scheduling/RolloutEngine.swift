import Agents
import Backends
import Evaluation
import Primitives

/// Plays the episodes of a reinforcement stage while its trainer trains.
///
/// The trainer admits steps, publishes policies and asks for the groups of a step; meanwhile the engine keeps as many
/// episodes in flight as it may. What is played next is decided by ``RolloutSchedule``; here is only what takes time.
///
/// Invariants: an episode is in the write-ahead log before it counts; every episode that was started ends before
/// ``run()`` returns; after a failure every caller gets its error, and nobody waits.
actor RolloutEngine<Environment: RolloutEnvironment> {
    struct Settings: Sendable {
        var totalSteps: Int
        var temperature: Double
        var seed: UInt64
        var failures: FailurePolicy
        var staleness: StalenessRule
        /// How many tokens of an episode one policy version writes before a later one takes over; `nil`: all.
        var tokensPerVersion: Int?
    }

    /// What happened in the engine since the last look.
    struct Activity: Sendable {
        var sampledTokens = 0
        /// Seconds spent on scoring, summed over concurrent episodes.
        var rewardSeconds = 0.0
        /// Seconds in which at least one episode was in flight.
        var busySeconds = 0.0
        /// The integral of the number of episodes in flight over time.
        var episodeSeconds = 0.0
        /// The limit on episodes in flight.
        var limit = 0
    }

    private let stage = StageName.reinforcement
    private let settings: Settings
    private let environment: Environment
    private let questions: [Environment.Question]
    private let run: RunDirectory
    private let stop: StopSignal

    private var schedule: RolloutSchedule
    private var limit: InFlightLimit
    /// By the step after which they were published.
    private var samplers: [Int: any PolicySampler] = [:]
    private var inFlight = 0
    private var activity = Activity()
    private var lastChange = ContinuousClock.now
    private var failure: (any Error)?
    private var isFinished = false

    private var player: CheckedContinuation<Void, Never>?
    private var watchers: [CheckedContinuation<Void, Never>] = []

    init(
        settings: Settings, shape: RolloutSchedule.Shape, limit: InFlightLimit, environment: Environment,
        questions: [Environment.Question], run: RunDirectory, stop: StopSignal,
        isInformative: @escaping @Sendable (RolloutGroup) -> Bool
    ) {
        self.settings = settings
        self.limit = limit
        self.environment = environment
        self.questions = questions
        self.run = run
        self.stop = stop
        schedule = RolloutSchedule(shape: shape, isInformative: isInformative)
    }

    // MARK: The trainer's side

    /// Makes a policy available to the episodes that are to be sampled from it.
    func publish(_ sampler: any PolicySampler, afterStep step: Int) {
        samplers[step] = sampler
        let oldest = settings.staleness.samplingStep(of: schedule.openSteps.first ?? step + 1)
        samplers = samplers.filter { $0.key >= min(oldest, step) }
        wakeAll()
    }

    /// Admits a step, with its episodes that are in the write-ahead log.
    func admit(_ step: Int, plan: StepPlan, stored: [PlayedEpisode]) {
        schedule.admit(step, plan: plan)
        // A candidate was started because of what came of those before it.
        for played in stored.sorted(by: { ($0.place, $0.sample) < ($1.place, $1.sample) }) {
            guard let question = schedule.question(step: played.step, place: played.place),
                questions[question].id == played.scored.questionID
            else { continue }
            schedule.finished(played)
        }
        wakeAll()
    }

    /// Waits for the groups that are trained in a step, or for those of its first places.
    /// - Parameter heedsStop: whether the stop signal ends the wait; otherwise the step is played to its end first.
    /// - Returns: `nil` where the stop signal came first.
    func groups(of step: Int, places: Range<Int>? = nil, heedsStop: Bool = true) async throws -> [RolloutGroup]? {
        if !heedsStop { settle(through: step) }
        let isThere = try await wait(heedsStop: heedsStop) {
            places.map { schedule.isReady(step, places: $0.upperBound) } ?? schedule.isReady(step)
        }
        return isThere ? schedule.take(step, places: places) : nil
    }

    /// Whether no episode is under way any more that needs a policy older than the one after `step`.
    func isSettled(beforePolicyAfter step: Int) -> Bool {
        schedule.isSettled(through: lastStepNeedingPolicy(olderThan: step))
    }

    /// Plays on until ``isSettled(beforePolicyAfter:)``, whatever the stop signal says, and starts nothing else.
    func settle(beforePolicyAfter step: Int) async throws {
        settle(through: lastStepNeedingPolicy(olderThan: step))
        _ = try await wait(heedsStop: false) { isSettled(beforePolicyAfter: step) }
    }

    /// The last step whose episodes are started though the stop signal has come.
    private var settlingThrough = 0

    private func settle(through step: Int) {
        settlingThrough = max(settlingThrough, step)
        wakeAll()
    }

    private func lastStepNeedingPolicy(olderThan step: Int) -> Int { step == 0 ? 0 : step + settings.staleness.maximum }

    /// The steps whose write-ahead logs a manifest of `step` needs, because their groups are still to be trained and were
    /// sampled by older policies.
    func pendingSteps(after step: Int) -> [Int] {
        schedule.openSteps.filter { $0 <= lastStepNeedingPolicy(olderThan: step) }
    }

    /// Forgets the groups that were trained before this launch.
    func discard(trainedThrough step: Int) {
        for trained in stride(from: schedule.openSteps.first ?? step + 1, through: step, by: 1) {
            _ = schedule.take(trained)
        }
    }

    func takeActivity() -> Activity {
        clock()
        defer { activity = Activity() }
        activity.limit = limit.current
        return activity
    }

    /// Ends ``run()``. Episodes in flight have to be cancelled by the caller.
    func finish() {
        isFinished = true
        wakeAll()
    }

    private func wait(heedsStop: Bool = true, until condition: () -> Bool) async throws -> Bool {
        while true {
            if let failure { throw failure }
            if condition() { return true }
            if heedsStop, stop.isRequested { return false }
            await withCheckedContinuation { watchers.append($0) }
        }
    }

    // MARK: The players' side

    /// Plays until ``finish()``, a failure or cancellation.
    func run() async {
        await withDiscardingTaskGroup { episodes in
            while let (ticket, sampler) = await nextTicket() {
                episodes.addTask { await self.play(ticket, sampler) }
            }
            episodes.cancelAll()
        }
    }

    private func nextTicket() async -> (RolloutTicket, any PolicySampler)? {
        while !isFinished, failure == nil {
            let last = stop.isRequested ? settlingThrough : .max
            if inFlight < limit.current, let ticket = schedule.next(through: last) {
                let step = settings.staleness.samplingStep(of: ticket.step)
                if let sampler = samplers[step] {
                    change(by: 1)
                    return (ticket, sampler)
                }
                fail(
                    TrainingError.unreadable(
                        path: run.layout.groups(stage: stage, step: ticket.step),
                        problem: "groups are missing in it, and the policy after step \(step), which would sample them "
                            + "again, is gone"))
                return nil
            }
            // The signal itself wakes nobody, and there may be no episode left whose end would.
            if stop.isRequested { wakeWatchers() }
            await withCheckedContinuation { player = $0 }
        }
        return nil
    }

    private func play(_ ticket: RolloutTicket, _ sampler: any PolicySampler) async {
        do {
            let question = questions[ticket.question]
            let (episode, leg) = try await episode(ticket, question, sampler)
            let start = ContinuousClock.now
            let reward = try await environment.reward(for: episode, question: question)
            // An episode whose tools were cancelled may look like one that came to its end.
            try Task.checkCancellation()
            try await finished(
                PlayedEpisode(
                    step: ticket.step, place: ticket.place, sample: ticket.sample, trainedStep: ticket.step + leg,
                    scored: ScoredEpisode(questionID: question.id, episode: episode, reward: reward)),
                rewardSeconds: StepTimer.seconds(ContinuousClock.now - start), pressure: sampler.pressure)
        } catch {
            fail(error)
        }
    }

    /// Plays one episode, again where it failed; each time it begins as before.
    /// - Returns: the episode, and how many later policies took over in it or in an attempt before it, which carried its
    ///   group just as far.
    private nonisolated func episode(
        _ ticket: RolloutTicket, _ question: Environment.Question, _ sampler: any PolicySampler
    ) async throws -> (Episode, leg: Int) {
        let key = EpisodeKey(
            seed: settings.seed, stage: stage.randomStage, step: ticket.step, group: ticket.place,
            sample: ticket.sample)
        var (attempt, leg) = (1, 0)
        while true {
            let relay = relay(from: sampler, ticket)
            let episode = try await environment.episode(
                for: question, sampler: relay ?? sampler, temperature: settings.temperature, key: key)
            leg = max(leg, relay?.leg ?? 0)
            guard episode.failure != nil, attempt < settings.failures.attempts else { return (episode, leg) }
            attempt += 1
        }
    }

    private nonisolated func relay(from sampler: any PolicySampler, _ ticket: RolloutTicket) -> RelaySampler? {
        guard let tokens = settings.tokensPerVersion, ticket.step < settings.totalSteps else { return nil }
        return RelaySampler(
            first: sampler, tokensPerVersion: tokens, lastLeg: settings.totalSteps - ticket.step
        ) { leg in try await self.successor(for: ticket, leg: leg) }
    }

    /// Waits for the policy of an episode's later leg. Meanwhile the episode is not in flight.
    private func successor(for ticket: RolloutTicket, leg: Int) async throws -> any PolicySampler {
        let step = ticket.step + leg
        schedule.carried(step: ticket.step, place: ticket.place, to: step)
        change(by: -1)
        wakeAll()
        defer { change(by: 1) }
        while true {
            try Task.checkCancellation()
            if let failure { throw failure }
            if isFinished { throw CancellationError() }
            if let sampler = samplers[settings.staleness.samplingStep(of: step)] { return sampler }
            await withCheckedContinuation { watchers.append($0) }
        }
    }

    private func finished(_ played: PlayedEpisode, rewardSeconds: Double, pressure: SamplerPressure) async throws {
        limit.completed(inFlight: inFlight, pressure: pressure)
        change(by: -1)
        activity.sampledTokens += played.scored.episode.responseTokenCount
        activity.rewardSeconds += rewardSeconds
        wakePlayer()
        try await run.append(played, stage: stage)
        if schedule.finished(played) || stop.isRequested { wakeAll() }
    }

    private func fail(_ error: any Error) {
        if failure == nil { failure = error }
        wakeAll()
    }

    private func wakePlayer() {
        player?.resume()
        player = nil
    }

    private func wakeAll() {
        wakePlayer()
        wakeWatchers()
    }

    private func wakeWatchers() {
        let waiting = watchers
        watchers = []
        for watcher in waiting { watcher.resume() }
    }

    private func change(by difference: Int) {
        clock()
        inFlight += difference
    }

    private func clock() {
        let now = ContinuousClock.now
        let seconds = StepTimer.seconds(now - lastChange)
        lastChange = now
        activity.episodeSeconds += seconds * Double(inFlight)
        if inFlight > 0 { activity.busySeconds += seconds }
    }
}
