import Knowledge
import Primitives
import Storage

/// Makes a supervised data set: demonstrations of every question, filtered, balanced, split and written.
///
/// Invariants: a demonstration is in the journal before it counts; what is written is a function of the plan, the teacher's
/// answers and the seed, and neither of the order in which demonstrations finish nor of interruptions.
public struct SynthesisPipeline: Sendable {
    public let plan: SynthesisPlan
    public let runner: DemonstrationRunner
    public let rewriter: ThoughtRewriter?
    public let directory: String

    public init(plan: SynthesisPlan, runner: DemonstrationRunner, rewriter: ThoughtRewriter? = nil, directory: String) {
        self.plan = plan
        self.runner = runner
        self.rewriter = rewriter
        self.directory = directory
    }

    static let journalName = "journal.jsonl"

    /// Runs to the end, or to where it is asked to stop.
    /// - Parameters:
    ///   - isStopRequested: looked at several times a second.
    ///   - report: called after each demonstration, one call at a time.
    public func run(
        isStopRequested: @escaping @Sendable () -> Bool = { false },
        report: @escaping @Sendable (SynthesisProgress) -> Void = { _ in }
    ) async throws(SynthesisError) -> SynthesisStatistics {
        try DatasetFile.storing { () throws(StorageError) in try FileStore.createDirectory(directory) }
        let demonstrations = try await demonstrate(isStopRequested: isStopRequested, report: report)
        var assembly = DatasetAssembly(demonstrations, plan: plan)
        if let rewriter {
            try await assembly.rewrite(
                with: rewriter, concurrency: plan.concurrency, isStopRequested: isStopRequested, directory: directory)
        }
        try write(assembly)
        return assembly.statistics
    }

    // MARK: Demonstrating

    private enum Event: Sendable {
        case finished(Int, Demonstration)
        case interrupted(DemonstrationInterruption)
        case stopRequested
    }

    private func demonstrate(
        isStopRequested: @escaping @Sendable () -> Bool, report: @escaping @Sendable (SynthesisProgress) -> Void
    ) async throws(SynthesisError) -> [Demonstration] {
        let items = plan.items
        let journal = try SynthesisJournal(path: directory + "/" + Self.journalName, inputs: inputs)
        var results = [Demonstration?](repeating: nil, count: items.count)
        var progress = SynthesisProgress(total: items.count)
        let indices = Dictionary(
            items.enumerated().map { ("\(plan.questions[$1.question].id)-\($1.rollout)", $0) },
            uniquingKeysWith: { first, _ in first })
        for demonstration in journal.restored {
            guard let index = indices[demonstration.id], results[index] == nil else { continue }
            results[index] = demonstration
            progress.add(demonstration, isRestored: true)
        }
        report(progress)
        let missing = items.indices.filter { results[$0] == nil }
        do throws(SynthesisError) {
            try await make(missing, of: items, isStopRequested: isStopRequested) {
                index, demonstration throws(SynthesisError) in
                try await journal.append(demonstration)
                results[index] = demonstration
                progress.add(demonstration)
                report(progress)
            } interrupted: { interruption in
                switch interruption {
                case .cancelled: .interrupted(directory: directory, finished: progress.finished, total: items.count)
                case .unavailable(let reason): .model(reason: reason)
                case .spendLimitReached(let reason):
                    .spendLimitReached(reason: reason, finished: progress.finished, total: items.count)
                }
            }
        } catch {
            try? await journal.close()
            throw error
        }
        try await journal.close()
        return results.compactMap(\.self)
    }

    /// Makes the demonstrations of some items with bounded concurrency and hands each on as it is finished.
    private func make(
        _ missing: [Int], of items: [SynthesisPlan.Item], isStopRequested: @escaping @Sendable () -> Bool,
        finished: (Int, Demonstration) async throws(SynthesisError) -> Void,
        interrupted: (DemonstrationInterruption) -> SynthesisError
    ) async throws(SynthesisError) {
        guard !missing.isEmpty else { return }
        let outcome = await withTaskGroup(of: Event.self) { group -> Result<Void, SynthesisError> in
            var next = 0
            func startNext() {
                guard next < missing.count else { return }
                let index = missing[next]
                next += 1
                group.addTask { await demonstration(of: items[index], index: index) }
            }
            group.addTask { await Self.watch(isStopRequested) }
            for _ in 0..<max(1, plan.concurrency) { startNext() }
            var left = missing.count
            defer { group.cancelAll() }
            while left > 0, let event = await group.next() {
                switch event {
                case .finished(let index, let demonstration):
                    do throws(SynthesisError) { try await finished(index, demonstration) } catch {
                        return .failure(error)
                    }
                    left -= 1
                    startNext()
                case .interrupted(let interruption): return .failure(interrupted(interruption))
                case .stopRequested: return .failure(interrupted(.cancelled))
                }
            }
            return .success(())
        }
        try outcome.get()
    }

    private func demonstration(of item: SynthesisPlan.Item, index: Int) async -> Event {
        do throws(DemonstrationInterruption) {
            return .finished(
                index,
                try await runner.run(
                    plan.questions[item.question], key: plan.key(of: item), isGuided: item.isGuided))
        } catch {
            return .interrupted(error)
        }
    }

    /// Ends when a stop is requested, or when nobody waits for it any more.
    private static func watch(_ isStopRequested: @Sendable () -> Bool) async -> Event {
        while !isStopRequested() {
            do { try await Task.sleep(for: .milliseconds(50)) } catch { break }
        }
        return .stopRequested
    }

    private var inputs: JSONObject {
        var inputs = plan.inputs
        inputs["graph"] = .string(plan.graph.digest)
        inputs["teacher"] = .string(runner.teacher.name)
        inputs["seed"] = .integer(Int64(bitPattern: plan.seed))
        inputs["rollouts"] = .integer(plan.rollouts)
        inputs["guided_share"] = .number(plan.guidedShare)
        var hash = SHA256()
        for question in plan.questions { hash.update(question.json.serialized()) }
        inputs["questions"] = .string(hash.hexadecimal())
        return inputs
    }

    // MARK: Writing

    private func write(_ assembly: DatasetAssembly) throws(SynthesisError) {
        try QuestionSet(questions: plan.questions).write(directory: directory, graph: plan.graph)
        for split in DatasetExample.Split.allCases {
            let examples = assembly.examples.filter { $0.split == split }
            let path = "\(directory)/\(split.rawValue)"
            try write(examples, to: path + ".jsonl.zst", key: assembly.key)
            if plan.exportsOpenAI {
                try DatasetFile.write(
                    examples.map { DatasetExports.openAI($0, tools: plan.tools) }, path + ".openai.jsonl.zst")
            }
            if plan.exportsShareGPT {
                try DatasetFile.write(
                    examples.map { DatasetExports.shareGPT($0, tools: plan.tools) }, path + ".sharegpt.jsonl.zst")
            }
        }
        try DatasetFile.write(assembly.rejections, directory + "/rejections.jsonl.zst")
        let card = DatasetCard(
            statistics: assembly.statistics, refinement: plan.refinement, contamination: plan.contamination,
            leftOutContaminated: plan.leavesOutContaminated
        ).text
        let statistics = assembly.statistics.json.serialized() + [UInt8(ascii: "\n")]
        try DatasetFile.storing { () throws(StorageError) in
            try FileStore.writeAtomically(Array(card.utf8), to: directory + "/README.md")
            try FileStore.writeAtomically(statistics, to: directory + "/statistics.json")
        }
    }

    private func write(_ examples: [DatasetExample], to path: String, key: String) throws(SynthesisError) {
        let writer = try DatasetWriter(path: path, tools: plan.tools, key: key)
        for example in examples.dropFirst(writer.writtenRows) { try writer.append(example) }
        try writer.finish()
    }
}
