import Evaluation

/// What is played when: a state machine that knows neither tasks nor clocks.
///
/// Invariants:
/// - tickets come in the order of step, place and sample, so that open groups are finished before new ones begin;
/// - what is played, and in which step it is trained, is a function of the episodes' contents and never of their order;
/// - every group is handed out once, in the step that ``RolloutGroup/trainedStep`` names, in the order of step and place.
///
/// **Dynamic sampling.** A step wants `groupsPerStep` informative groups. A further candidate is started exactly while the
/// informative groups and the undecided ones together are fewer. The candidate with number *j* is therefore started only if
/// the *j* before it hold fewer informative groups than wanted: what is played is the shortest sequence of candidates that
/// has enough of them, so that no episode is sampled in vain and the set does not depend on timing.
struct RolloutSchedule: Sendable {
    struct Shape: Sendable {
        var groupsPerStep: Int
        var groupSize: Int
        /// How many candidates a step may have in all; `nil` without dynamic sampling.
        var maximumCandidates: Int?
    }

    private struct Candidate {
        let question: Int
        var episodes: [ScoredEpisode?]
        var missing: Int
        /// The step that it will be trained in, as far as is known.
        var trainedStep: Int
        /// Whether it counts as informative before its end, because it was carried to a later policy.
        var countsAlready = false
        var group: RolloutGroup?
        var wasHandedOut = false

        func isThere(_ sample: Int) -> Bool { group != nil || episodes[sample] != nil }
    }

    private struct OpenStep {
        let plan: StepPlan
        var candidates: [Candidate] = []
        /// The first episode that has not been started.
        var next = (place: 0, sample: 0)
        var informative = 0
        var undecided = 0
        var extras = 0
    }

    private let shape: Shape
    private let isInformative: @Sendable (RolloutGroup) -> Bool
    private var steps: [Int: OpenStep] = [:]
    /// How many groups are undecided, by the step that they would be trained in.
    private var undecided: [Int: Int] = [:]
    private var lastAdmitted = 0

    init(shape: Shape, isInformative: @escaping @Sendable (RolloutGroup) -> Bool) {
        self.shape = shape
        self.isInformative = isInformative
    }

    /// The steps that have not been handed out whole, in order.
    var openSteps: [Int] { steps.keys.sorted() }

    // MARK: What is to be played

    mutating func admit(_ step: Int, plan: StepPlan) {
        precondition(steps[step] == nil, "a step is admitted once")
        lastAdmitted = max(lastAdmitted, step)
        steps[step] = OpenStep(plan: plan)
        for question in plan.questions { open(question, in: step) }
        openExtras(in: step)
    }

    /// The next episode to start; `nil` where all that is admitted was started.
    /// - Parameter last: the last step that is looked at.
    mutating func next(through last: Int = .max) -> RolloutTicket? {
        for step in openSteps where step <= last {
            guard var open = steps[step] else { continue }
            while open.next.place < open.candidates.count,
                open.candidates[open.next.place].isThere(open.next.sample)
            {
                open.next.sample += 1
                if open.next.sample >= shape.groupSize { open.next = (open.next.place + 1, 0) }
            }
            guard open.next.place < open.candidates.count else {
                steps[step] = open
                continue
            }
            let ticket = RolloutTicket(
                step: step, place: open.next.place, sample: open.next.sample,
                question: open.candidates[open.next.place].question)
            open.next.sample += 1
            if open.next.sample == shape.groupSize { open.next = (open.next.place + 1, 0) }
            steps[step] = open
            return ticket
        }
        return nil
    }

    // MARK: What happened

    /// Takes a finished episode, which lies in the write-ahead log by now or comes from it.
    /// An episode that has no place here is let go.
    /// - Returns: whether it was the last of its group.
    @discardableResult
    mutating func finished(_ played: PlayedEpisode) -> Bool {
        guard let candidates = steps[played.step]?.candidates, candidates.indices.contains(played.place),
            0..<shape.groupSize ~= played.sample, !candidates[played.place].isThere(played.sample)
        else { return false }
        carried(step: played.step, place: played.place, to: played.trainedStep)
        steps[played.step]?.candidates[played.place].episodes[played.sample] = played.scored
        steps[played.step]?.candidates[played.place].missing -= 1
        guard let candidate = steps[played.step]?.candidates[played.place], candidate.missing == 0 else {
            return false
        }
        decide(
            RolloutGroup(
                step: played.step, index: played.place, trainedStep: candidate.trainedStep,
                questionID: played.scored.questionID, episodes: candidate.episodes.compactMap(\.self)), candidate)
        return true
    }

    /// An episode goes on under a later policy, so that its group is trained in `later` at the earliest.
    mutating func carried(step: Int, place: Int, to later: Int) {
        guard var candidate = steps[step]?.candidates[place], candidate.trainedStep < later else { return }
        undecided[candidate.trainedStep, default: 0] -= 1
        undecided[later, default: 0] += 1
        candidate.trainedStep = later
        if !candidate.countsAlready {
            candidate.countsAlready = true
            steps[step]?.informative += 1
            steps[step]?.undecided -= 1
        }
        steps[step]?.candidates[place] = candidate
    }

    private mutating func decide(_ group: RolloutGroup, _ candidate: Candidate) {
        var candidate = candidate
        undecided[candidate.trainedStep, default: 0] -= 1
        candidate.group = group
        candidate.episodes = []
        steps[group.step]?.candidates[group.index] = candidate
        if !candidate.countsAlready {
            steps[group.step]?.undecided -= 1
            if isInformative(group) { steps[group.step]?.informative += 1 }
        }
        openExtras(in: group.step)
    }

    private mutating func open(_ question: Int, in step: Int) {
        steps[step]?.candidates.append(
            Candidate(
                question: question, episodes: [ScoredEpisode?](repeating: nil, count: shape.groupSize),
                missing: shape.groupSize, trainedStep: step))
        steps[step]?.undecided += 1
        undecided[step, default: 0] += 1
    }

    private mutating func openExtras(in step: Int) {
        guard let maximum = shape.maximumCandidates else { return }
        while let open = steps[step], open.candidates.count < maximum,
            open.informative + open.undecided < shape.groupsPerStep, let question = open.plan.extra(open.extras)
        {
            steps[step]?.extras += 1
            self.open(question, in: step)
        }
    }

    // MARK: What is complete

    /// Whether every group that is trained in a step is there.
    func isReady(_ step: Int) -> Bool {
        lastAdmitted >= step && undecided.allSatisfy { $0.key > step || $0.value == 0 }
    }

    /// Whether the groups with the first places of a step are there.
    func isReady(_ step: Int, places: Int) -> Bool {
        steps[step]?.candidates.prefix(places).allSatisfy { $0.group != nil } ?? false
    }

    /// Whether every episode of the steps up to `step` was played to its end.
    func isSettled(through step: Int) -> Bool {
        steps.allSatisfy { $0.key > step || $0.value.candidates.allSatisfy { $0.group != nil } }
    }

    /// The question of a candidate.
    func question(step: Int, place: Int) -> Int? {
        guard let candidates = steps[step]?.candidates, candidates.indices.contains(place) else { return nil }
        return candidates[place].question
    }

    /// The groups that are trained in a step and were not handed out, in order; of the step's own only those with places in
    /// a range, where one is given.
    mutating func take(_ step: Int, places: Range<Int>? = nil) -> [RolloutGroup] {
        var groups: [RolloutGroup] = []
        for sampled in openSteps where sampled <= step {
            guard var open = steps[sampled] else { continue }
            for place in open.candidates.indices where !open.candidates[place].wasHandedOut {
                if let places, sampled != step || !places.contains(place) { continue }
                guard let group = open.candidates[place].group, group.trainedStep == step else { continue }
                groups.append(group)
                open.candidates[place].wasHandedOut = true
                open.candidates[place].group = group.withoutEpisodes
            }
            steps[sampled] = open.candidates.allSatisfy(\.wasHandedOut) ? nil : open
        }
        undecided = undecided.filter { $0.value != 0 }
        return groups
    }
}
