import Knowledge
import Primitives
import Storage

/// From demonstrations to a data set's rows: filters, balance, split and provenance. A value; nothing is written here.
struct DatasetAssembly {
    private let plan: SynthesisPlan
    private(set) var examples: [DatasetExample]
    private(set) var statistics: SynthesisStatistics
    /// One row for each demonstration that is not in the data set, with all reasons.
    let rejections: [JSONValue]

    /// - Parameter demonstrations: one for each of the plan's items, in their order.
    init(_ demonstrations: [Demonstration], plan: SynthesisPlan) {
        self.plan = plan
        let items = plan.items
        let candidates = zip(items, demonstrations).map { item, demonstration in
            let question = plan.questions[item.question]
            return FilterCandidate(
                question: question, demonstration: demonstration, maskedNames: plan.maskedNames(of: question))
        }
        var report = FilterReport(candidates, settings: plan.filters, relations: plan.graph.relations)
        if let limit = plan.maximumPerQuestion { report.limit(perQuestion: limit, candidates) }
        let kept = candidates.indices.filter { report.reasons[$0].isEmpty }
        let choice = plan.balance.choose(
            kept.map { .init(specialty: candidates[$0].question.specialty, kind: Self.kind(candidates[$0].question)) },
            seed: plan.seed)
        let taken = choice.taken.map { kept[$0] }
        let surplus = Set(kept).subtracting(taken)
        let split = ChainSplit(
            taken.map { candidates[$0].question.certificate.sought }, validationShare: plan.validationShare,
            seed: plan.seed)
        let filters = SHA256.hex(plan.filters.json.serialized())
        examples = zip(taken, split.splits).map { index, split in
            Self.example(candidates[index], split: split, seed: plan.seed, filters: filters)
        }
        rejections = candidates.indices.compactMap { index in
            let isSurplus = surplus.contains(index)
            guard isSurplus || !report.reasons[index].isEmpty else { return nil }
            let reasons =
                isSurplus
                ? [FilterReason(filter: "balance", text: "the specialty has all that was asked for")]
                : report.reasons[index]
            return [
                "id": .string(candidates[index].demonstration.id),
                "question_id": .string(candidates[index].question.id),
                "reasons": .array(reasons.map { ["filter": .string($0.filter), "text": .string($0.text)] }),
            ]
        }
        statistics = SynthesisStatistics(
            candidates: candidates, taken: taken, report: report, shares: choice.shares, split: split, plan: plan)
    }

    /// What the rows are a function of, for a write that goes on.
    var key: String {
        var hash = SHA256()
        for example in examples { hash.update(example.json(tools: []).serialized()) }
        hash.update(JSONValue.array(plan.tools).serialized())
        return hash.hexadecimal()
    }

    /// What is asked for, and over how many hops.
    private static func kind(_ question: Question) -> String {
        "\(question.hops) \(question.asked)"
    }

    private static func example(
        _ candidate: FilterCandidate, split: DatasetExample.Split, seed: UInt64, filters: String
    ) -> DatasetExample {
        let demonstration = candidate.demonstration
        let certificate = candidate.question.certificate
        return DatasetExample(
            id: demonstration.id, questionID: demonstration.questionID, messages: demonstration.messages,
            weights: DatasetExample.weights(of: demonstration), split: split,
            specialty: candidate.question.specialty, hops: candidate.question.hops,
            toolCalls: demonstration.toolCallCount,
            provenance: .init(
                certificate: SHA256.hex(certificate.json.serialized()), graph: certificate.graphDigest,
                teacher: demonstration.teacher, isGuided: demonstration.isGuided, rollout: demonstration.rollout,
                seed: seed, filters: filters, rewrittenThoughts: 0))
    }

    /// Lets a model shorten the thoughts of every row.
    mutating func rewrite(
        with rewriter: ThoughtRewriter, concurrency: Int, isStopRequested: @escaping @Sendable () -> Bool,
        directory: String
    ) async throws(SynthesisError) {
        let entities = Dictionary(
            plan.questions.map { ($0.id, plan.names(of: $0)) }, uniquingKeysWith: { first, _ in first })
        for start in stride(from: 0, to: examples.count, by: max(1, concurrency)) {
            let batch = start..<min(start + max(1, concurrency), examples.count)
            typealias Rewrite = (Int, Result<ThoughtRewriter.Outcome, LanguageModelError>)
            let rewrites = await withTaskGroup(of: Rewrite.self) { group in
                for index in batch {
                    let example = examples[index]
                    let names = entities[example.questionID] ?? []
                    group.addTask { (index, await rewriter.rewrite(example.messages, entities: names)) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for index in batch {
                guard let result = rewrites[index] else { continue }
                switch result {
                case .success(let outcome):
                    examples[index].messages = outcome.messages
                    examples[index].provenance.rewrittenThoughts = outcome.rewritten
                    statistics.add(outcome)
                case .failure(.spendLimitReached(let reason)):
                    throw .spendLimitReached(reason: reason, finished: index, total: examples.count)
                case .failure(.failed(let reason)), .failure(.unavailable(let reason)): throw .model(reason: reason)
                case .failure(.cancelled):
                    throw .interrupted(directory: directory, finished: index, total: examples.count)
                }
            }
            if isStopRequested() {
                throw .interrupted(directory: directory, finished: batch.upperBound, total: examples.count)
            }
        }
    }
}

extension FilterReport {
    static let limitFilter = "enough_of_question"

    /// Refuses what passed beyond so many of each question.
    mutating func limit(perQuestion limit: Int, _ candidates: [FilterCandidate]) {
        var counts: [String: Int] = [:]
        for index in candidates.indices where reasons[index].isEmpty {
            let id = candidates[index].question.id
            counts[id, default: 0] += 1
            if counts[id, default: 0] > limit {
                reasons[index] = [
                    FilterReason(filter: Self.limitFilter, text: "the question has \(limit) trajectories already")
                ]
            }
        }
    }
}
