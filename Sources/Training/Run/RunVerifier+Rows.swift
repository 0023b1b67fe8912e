import Primitives
import Storage

/// Whether what was recorded of the steps fits the manifests.
extension RunVerifier {
    /// Rows of an append-only file with the position after each.
    private struct Rows {
        var values: [JSONValue] = []
        var ends: [Int] = []

        /// How many rows the first `length` bytes hold; `nil` where they end inside a row.
        func count(within length: Int) -> Int? {
            length == 0 ? 0 : ends.firstIndex(of: length).map { $0 + 1 }
        }
    }

    /// Checks the rows of both append-only files at each manifest.
    /// - Returns: the outcomes up to the newest manifest; `nil` where they are not there or cannot be relied on.
    mutating func checkRows() -> [StepOutcome]? {
        checkMetrics()
        return checkOutcomes()
    }

    private mutating func checkMetrics() {
        guard let rows = rows(of: RunLayout.metricsName) else { return }
        var steps: [(stage: StageName, step: Int)] = []
        for (number, value) in rows.values.enumerated() {
            do {
                let row = try StepMetrics(json: value)
                if let last = steps.last {
                    let follows =
                        row.stage == last.stage ? row.step == last.step + 1 : row.stage > last.stage && row.step <= 1
                    if !follows {
                        result.problems.append(
                            "line \(number + 1) of metrics.jsonl is about \(row.stage.rawValue) \(row.step), which does "
                                + "not follow \(last.stage.rawValue) \(last.step)")
                    }
                } else if row.step > 1 {
                    result.problems.append("metrics.jsonl begins with \(row.stage.rawValue) \(row.step)")
                }
                steps.append((row.stage, row.step))
            } catch {
                result.problems.append("line \(number + 1) of metrics.jsonl cannot be read: \(error)")
                return
            }
        }
        for (index, entry) in chain.enumerated() {
            guard let length = length(of: RunLayout.metricsName, in: entry.manifest) else { continue }
            guard let count = rows.count(within: length), count > 0 else {
                complain(index, "it ends inside a row of metrics.jsonl")
                continue
            }
            let last = steps[count - 1]
            if last != (entry.manifest.stage, entry.manifest.step) {
                complain(index, "metrics.jsonl stands at \(last.stage.rawValue) \(last.step) there")
            }
        }
    }

    private mutating func checkOutcomes() -> [StepOutcome]? {
        guard let rows = rows(of: RunLayout.outcomesName) else { return nil }
        var outcomes: [StepOutcome] = []
        for (number, value) in rows.values.enumerated() {
            do {
                outcomes.append(try StepOutcome(json: value))
            } catch {
                result.problems.append("line \(number + 1) of outcomes.jsonl cannot be read: \(error)")
                return nil
            }
        }
        if let problem = StepOutcome.problem(in: outcomes, questionCount: .max) {
            result.problems.append("outcomes.jsonl: \(problem)")
            return nil
        }
        for (index, entry) in chain.enumerated() {
            guard let length = length(of: RunLayout.outcomesName, in: entry.manifest) else { continue }
            let expected = entry.manifest.stage == .reinforcement ? entry.manifest.step : 0
            if rows.count(within: length) != expected {
                complain(index, "outcomes.jsonl does not end with step \(expected) there")
            }
        }
        return outcomes
    }

    /// The rows that the newest manifest vouches for; `nil` where it does not name the file, or the file is not what it
    /// should be, which was said elsewhere.
    private func rows(of name: String) -> Rows? {
        guard let newest = chain.last, result.manifests.last?.problems.isEmpty == true,
            let length = length(of: name, in: newest.manifest),
            let bytes = try? FileStore.read(layout.root + "/" + name), bytes.count >= length
        else { return nil }
        var rows = Rows()
        var start = 0
        while start < length {
            let end = bytes[start..<length].firstIndex(of: UInt8(ascii: "\n")) ?? length
            rows.values.append((try? JSONValue.parse(Array(bytes[start..<end]))) ?? .null)
            rows.ends.append(end + 1)
            start = end + 1
        }
        return rows
    }

    private func length(of name: String, in manifest: CheckpointManifest) -> Int? {
        manifest.files.first { $0.path == name }?.length
    }

    // MARK: Rollouts

    /// Checks that every step's rollouts are named by the manifest that covers it, and hold what its outcome says.
    mutating func checkRollouts(against outcomes: [StepOutcome]?) {
        var done = 0
        for (index, entry) in chain.enumerated() where entry.manifest.stage == .reinforcement {
            // Manifests of earlier versions of the tool name neither outcomes nor rollouts.
            guard length(of: RunLayout.outcomesName, in: entry.manifest) != nil else {
                done = entry.manifest.step
                continue
            }
            for step in stride(from: done + 1, through: entry.manifest.step, by: 1) {
                guard entry.manifest.files.contains(where: { $0.path == RunLayout.rolloutsName(step: step) }) else {
                    complain(index, "it names no rollouts of step \(step)")
                    continue
                }
                guard let outcomes, outcomes.indices.contains(step - 1), result.manifests[index].problems.isEmpty
                else { continue }
                if let problem = problem(withRolloutsOf: outcomes[step - 1]) { complain(index, problem) }
            }
            done = entry.manifest.step
        }
    }

    private func problem(withRolloutsOf outcome: StepOutcome) -> String? {
        let name = RunLayout.rolloutsName(step: outcome.step)
        let groups: [RolloutGroup]
        do { groups = try RolloutRow.groups(JSONLines.read(layout.root + "/" + name)) } catch {
            return "\(name) cannot be read: \(error)"
        }
        guard groups.count == outcome.groups.count else {
            return "\(name) holds \(groups.count) groups, but outcomes.jsonl speaks of \(outcome.groups.count)"
        }
        for (group, expected) in zip(groups, outcome.groups) {
            let played = group.episodes.filter { $0.episode.failure == nil }
            let found = (group.step, group.index, played.count, played.count(where: \.isCorrect))
            if found != (expected.sampledStep, expected.place, expected.attempts, expected.correct) {
                return "group \(group.index) of step \(group.step) in \(name) is not what outcomes.jsonl says of it"
            }
        }
        return nil
    }
}
