import Primitives

/// What a synthesis made, in numbers.
public struct SynthesisStatistics: Sendable, Hashable {
    /// The spread of a quantity over the data set's conversations.
    public struct Spread: Sendable, Hashable {
        public var mean = 0.0
        public var minimum = 0
        public var median = 0
        /// The least value that 95 % do not exceed.
        public var percentile95 = 0
        public var maximum = 0

        init(_ values: [Int]) {
            let sorted = values.sorted()
            guard let least = sorted.first, let greatest = sorted.last else { return }
            mean = Double(sorted.reduce(0, +)) / Double(sorted.count)
            minimum = least
            median = sorted[(sorted.count - 1) / 2]
            percentile95 = sorted[(95 * sorted.count + 99) / 100 - 1]
            maximum = greatest
        }

        var json: JSONValue {
            [
                "mean": .number(mean), "minimum": .integer(minimum), "median": .integer(median),
                "percentile_95": .integer(percentile95), "maximum": .integer(maximum),
            ]
        }
    }

    /// A number of conversations of one kind.
    public struct Count: Sendable, Hashable {
        public var kind: String
        public var count: Int
    }

    public struct Rejection: Sendable, Hashable {
        public var filter: String
        /// Demonstrations that this filter was the first to refuse.
        public var first: Int
        /// Demonstrations that it refused at all.
        public var any: Int
    }

    public var graphDigest: String
    public var seed: UInt64
    public var teacher: String
    public var questions: Int
    public var demonstrations: Int
    /// Demonstrations that passed every filter.
    public var passed: Int
    public var conversations: Int
    public var validationConversations: Int
    public var validationSharingEntities: Int
    public var distinctQuestions: Int
    public var distinctAnswers: Int
    public var guided: Int
    public var toolCalls: Spread
    public var turns: Spread
    public var tokens: Spread
    public var failedCalls: Int
    public var simulatedFailures: Int
    public var hops: [Count]
    /// Questions of several constraints.
    public var conjunctions: Int
    /// What is asked for: the last relation of each constraint.
    public var kinds: [Count]
    public var stopReasons: [Count]
    public var specialties: [SpecialtyBalance.Share]
    public var rejections: [Rejection]
    public var filters: FilterSettings
    public var guidedShare: Double
    /// Of all demonstrations, and of rewriting.
    public var usage: ModelUsage
    public var rewrittenThoughts = 0
    public var keptThoughts = 0
    public var rewriteFaults: [Count] = []
    public var thoughtBytesBefore = 0
    public var thoughtBytesAfter = 0

    init(
        candidates: [FilterCandidate], taken: [Int], report: FilterReport, shares: [SpecialtyBalance.Share],
        split: ChainSplit, plan: SynthesisPlan
    ) {
        let rows = taken.map { candidates[$0] }
        graphDigest = plan.graph.digest
        seed = plan.seed
        teacher = Set(candidates.map(\.demonstration.teacher)).sorted().joined(separator: ", ")
        questions = plan.questions.count
        demonstrations = candidates.count
        passed = report.keptCount
        conversations = rows.count
        validationConversations = split.splits.count { $0 == .validation }
        validationSharingEntities = split.sharedEntityCount
        distinctQuestions = Set(rows.map(\.question.id)).count
        distinctAnswers = Set(rows.map(\.question.certificate.answer)).count
        guided = rows.count(where: \.demonstration.isGuided)
        toolCalls = Spread(rows.map(\.demonstration.toolCallCount))
        turns = Spread(rows.map(\.demonstration.turns.count))
        tokens = Spread(rows.map(\.demonstration.tokenCount))
        failedCalls = rows.reduce(0) { $0 + $1.demonstration.failedCalls.count }
        simulatedFailures = rows.reduce(0) { $0 + $1.demonstration.simulatedFailures.count }
        hops = Self.counts(rows.map { "\($0.question.hops)" }, byCount: false)
        conjunctions = rows.count { !$0.question.certificate.isChain }
        kinds = Self.counts(rows.map { $0.question.asked }, byCount: true)
        stopReasons = Self.counts(candidates.map(\.demonstration.stopReason.rawValue), byCount: true)
        specialties = shares
        rejections = report.counts.map { Rejection(filter: $0.filter, first: $0.first, any: $0.any) }
        filters = plan.filters
        guidedShare = plan.guidedShare
        usage = candidates.reduce(into: ModelUsage()) { $0 += $1.demonstration.usage }
    }

    mutating func add(_ outcome: ThoughtRewriter.Outcome) {
        rewrittenThoughts += outcome.rewritten
        keptThoughts += outcome.kept
        thoughtBytesBefore += outcome.bytesBefore
        thoughtBytesAfter += outcome.bytesAfter
        usage += outcome.usage
        for fault in ThoughtRewriter.Fault.allCases {
            guard let count = outcome.faults[fault] else { continue }
            if let index = rewriteFaults.firstIndex(where: { $0.kind == fault.rawValue }) {
                rewriteFaults[index].count += count
            } else {
                rewriteFaults.append(Count(kind: fault.rawValue, count: count))
            }
        }
        rewriteFaults.sort { $0.kind < $1.kind }
    }

    private static func counts(_ kinds: [String], byCount: Bool) -> [Count] {
        var counts: [String: Int] = [:]
        for kind in kinds { counts[kind, default: 0] += 1 }
        return counts.map { Count(kind: $0.key, count: $0.value) }.sorted { left, right in
            byCount && left.count != right.count ? left.count > right.count : left.kind < right.kind
        }
    }

    public var json: JSONValue {
        func object(_ counts: [Count]) -> JSONValue {
            .object(JSONObject(uniqueKeysWithValues: counts.map { ($0.kind, .integer($0.count)) }))
        }
        let shares = specialties.map { share -> JSONValue in
            [
                "specialty": .string(share.specialty), "target": share.target.map { .integer($0) } ?? .null,
                "available": .integer(share.available), "taken": .integer(share.taken),
                "shortfall": .integer(share.shortfall),
            ]
        }
        let refused = rejections.map { rejection -> JSONValue in
            [
                "filter": .string(rejection.filter), "first": .integer(rejection.first),
                "any": .integer(rejection.any),
            ]
        }
        return [
            "graph": .string(graphDigest), "seed": .integer(Int64(bitPattern: seed)), "teacher": .string(teacher),
            "questions": .integer(questions), "demonstrations": .integer(demonstrations),
            "passed": .integer(passed), "conversations": .integer(conversations),
            "validation_conversations": .integer(validationConversations),
            "validation_sharing_entities": .integer(validationSharingEntities),
            "distinct_questions": .integer(distinctQuestions), "distinct_answers": .integer(distinctAnswers),
            "guided": .integer(guided), "tool_calls": toolCalls.json, "turns": turns.json, "tokens": tokens.json,
            "failed_calls": .integer(failedCalls), "simulated_failures": .integer(simulatedFailures),
            "hops": object(hops), "conjunctions": .integer(conjunctions), "kinds": object(kinds),
            "stop_reasons": object(stopReasons),
            "specialties": .array(shares), "rejections": .array(refused), "filters": filters.json,
            "usage": usage.json, "rewritten_thoughts": .integer(rewrittenThoughts),
            "kept_thoughts": .integer(keptThoughts), "rewrite_faults": object(rewriteFaults),
        ]
    }
}
