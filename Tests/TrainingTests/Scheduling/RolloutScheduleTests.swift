import Agents
import Evaluation
import Primitives
import Rewards
import Testing

@testable import Training

/// The schedule against a plain statement of what it should play.
@Suite struct RolloutScheduleTests {
    private static let groupSize = 3

    private static func shape(_ groups: Int, maximum: Int? = nil) -> RolloutSchedule.Shape {
        RolloutSchedule.Shape(groupsPerStep: groups, groupSize: groupSize, maximumCandidates: maximum)
    }

    private static func episode(_ question: Int) -> ScoredEpisode {
        ScoredEpisode(
            questionID: "q\(question)",
            episode: Episode(
                tokens: [1], logprobs: [0], messages: [], turns: [], termination: .noToolCall, policyVersion: 0),
            reward: .excluded(because: "it is not looked at"))
    }

    private static func played(_ ticket: RolloutTicket, trainedStep: Int? = nil) -> PlayedEpisode {
        PlayedEpisode(
            step: ticket.step, place: ticket.place, sample: ticket.sample, trainedStep: trainedStep,
            scored: episode(ticket.question))
    }

    private static func plan(_ step: Int, _ groups: Int) -> StepPlan {
        StepPlan(step: step, questions: Array(0..<groups), questionCount: groups + 50, seed: 3)
    }

    /// Plays everything that may be played, ending episodes in a random order with up to `inFlight` of them open.
    private static func play(
        _ schedule: inout RolloutSchedule, random: inout CounterRandom, inFlight: Int
    ) -> [RolloutTicket] {
        var (open, started): ([RolloutTicket], [RolloutTicket]) = ([], [])
        while true {
            while open.count < inFlight, let ticket = schedule.next() {
                open.append(ticket)
                started.append(ticket)
            }
            guard !open.isEmpty else { return started }
            let ticket = open.remove(at: random.integer(below: open.count))
            schedule.finished(played(ticket))
        }
    }

    @Test func openGroupsComeFirstAndStepsInOrder() {
        var schedule = RolloutSchedule(shape: Self.shape(2)) { _ in true }
        schedule.admit(1, plan: Self.plan(1, 2))
        schedule.admit(2, plan: Self.plan(2, 2))
        var tickets: [[Int]] = []
        while let ticket = schedule.next() { tickets.append([ticket.step, ticket.place, ticket.sample]) }
        #expect(tickets == (1...2).flatMap { step in (0..<2).flatMap { place in (0..<3).map { [step, place, $0] } } })
    }

    /// The shortest sequence of candidates with enough informative groups, whatever the order in which they end.
    @Test(arguments: 0..<60) func dynamicSamplingPlaysTheShortestSufficientPrefix(seed: Int) {
        var random = CounterRandom(seed: 11, stage: .sampling, step: seed)
        let wanted = 1 + random.integer(below: 6)
        let share = 0.2 + 0.8 * random.uniform()
        let informative = (0..<60).map { _ in random.uniform() < share }
        var schedule = RolloutSchedule(shape: Self.shape(wanted, maximum: 40)) { informative[$0.index] }
        schedule.admit(1, plan: Self.plan(1, wanted))
        let inFlight = 1 + random.integer(below: 12)
        let started = Self.play(&schedule, random: &random, inFlight: inFlight)

        var (count, found) = (0, 0)
        while count < 40, count < wanted || found < wanted {
            if informative[count] { found += 1 }
            count += 1
            if found == wanted { break }
        }
        count = max(count, wanted)
        #expect(Set(started.map(\.place)) == Set(0..<count))
        #expect(started.count == count * Self.groupSize)
        #expect(schedule.isReady(1))
        #expect(schedule.take(1).map(\.index) == Array(0..<count))
        #expect(schedule.openSteps.isEmpty)
    }

    /// A log of finished episodes in any order, and the rest played: the same groups as without a crash.
    @Test(arguments: 0..<40) func finishedEpisodesOfALogAreNotPlayedAgain(seed: Int) {
        var random = CounterRandom(seed: 12, stage: .sampling, step: seed)
        let informative = (0..<60).map { _ in random.uniform() < 0.5 }
        func fresh() -> RolloutSchedule {
            var schedule = RolloutSchedule(shape: Self.shape(4, maximum: 30)) { informative[$0.index] }
            schedule.admit(1, plan: Self.plan(1, 4))
            return schedule
        }
        var (first, log): (RolloutSchedule, [PlayedEpisode]) = (fresh(), [])
        var open: [RolloutTicket] = []
        let survives = random.integer(below: 40)
        while log.count < survives {
            while open.count < 7, let ticket = first.next() { open.append(ticket) }
            guard !open.isEmpty else { break }
            let played = Self.played(open.remove(at: random.integer(below: open.count)))
            first.finished(played)
            log.append(played)
        }
        var whole = fresh()
        let all = Self.play(&whole, random: &random, inFlight: 5)
        var resumed = fresh()
        for played in log.sorted(by: { ($0.place, $0.sample) < ($1.place, $1.sample) }) {
            resumed.finished(played)
        }
        let started = Self.play(&resumed, random: &random, inFlight: 3)
        #expect(started.count + log.count == all.count)
        let logged = Set(log.map { [$0.place, $0.sample] })
        #expect(started.allSatisfy { !logged.contains([$0.place, $0.sample]) })
        #expect(resumed.take(1).map(\.index) == whole.take(1).map(\.index))
    }

    @Test func aCarriedGroupIsTrainedInTheLaterStepAndHoldsNobodyUp() {
        var schedule = RolloutSchedule(shape: Self.shape(2)) { _ in true }
        schedule.admit(1, plan: Self.plan(1, 2))
        schedule.admit(2, plan: Self.plan(2, 2))
        var tickets: [RolloutTicket] = []
        while let ticket = schedule.next() { tickets.append(ticket) }
        schedule.carried(step: 1, place: 0, to: 2)
        for ticket in tickets.dropFirst() { schedule.finished(Self.played(ticket)) }
        #expect(schedule.isReady(1))
        #expect(schedule.take(1).map(\.index) == [1])
        #expect(!schedule.isReady(2))
        #expect(!schedule.isSettled(through: 1))
        schedule.finished(Self.played(tickets[0], trainedStep: 2))
        #expect(schedule.isReady(2))
        #expect(schedule.take(2).map { [$0.step, $0.index] } == [[1, 0], [2, 0], [2, 1]])
    }

    @Test func aStepWhoseGroupsAreMissingIsNotReady() {
        var schedule = RolloutSchedule(shape: Self.shape(1)) { _ in true }
        #expect(!schedule.isReady(1))
        schedule.admit(1, plan: Self.plan(1, 1))
        #expect(!schedule.isReady(1))
        #expect(!schedule.isReady(2))
        var random = CounterRandom(seed: 1, stage: .sampling)
        _ = Self.play(&schedule, random: &random, inFlight: 2)
        #expect(schedule.isReady(1))
        #expect(!schedule.isReady(2))
    }

    @Test func candidatesEndWithTheQuestions() {
        var schedule = RolloutSchedule(shape: Self.shape(3, maximum: 20)) { _ in false }
        schedule.admit(1, plan: StepPlan(step: 1, questions: [0, 1, 2], questionCount: 7, seed: 3))
        var random = CounterRandom(seed: 2, stage: .sampling)
        _ = Self.play(&schedule, random: &random, inFlight: 4)
        #expect(schedule.isReady(1))
        #expect(schedule.take(1).count == 7)
    }
}
