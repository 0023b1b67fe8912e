import Primitives

/// Grades one case after the other: what `medresearcher score` does with each line.
public struct Scorer: Sendable {
    public var limits: WorkLimits

    public init(limits: WorkLimits = WorkLimits()) { self.limits = limits }

    /// - Throws: ``RewardError`` for a type or policy that does not exist. A gold without a canonical value is not thrown
    ///   but the verdict `goldError`.
    public func score(_ item: ScoreCase) throws(RewardError) -> ScoreOutcome {
        let golds = Self.texts(item.gold)
        guard let name = item.typeName else {
            let type = TypeInference.type(of: golds.first ?? "")
            return try grade(item, golds: golds, type: type, policy: item.policy, rule: "type inferred from the gold")
        }
        if let preset = GradingPresets.named(name, gold: golds.first ?? "") {
            switch preset.method {
            case .answer(let type, var policy):
                for (key, value) in item.policy.members { policy[key] = value }
                return try grade(item, golds: golds, type: type, policy: policy, rule: nil)
            case .check(let check):
                return run(check, on: item, rule: FormatRule(rawValue: preset.name))
            }
        }
        guard let type = AnswerType(rawValue: name) ?? AnswerType(alias: name) else {
            throw .unknownType(
                name: name,
                nearest: NearestName.of(name, in: AnswerType.allCases.map(\.rawValue) + GradingPresets.all.map(\.name)))
        }
        return try grade(item, golds: golds, type: type, policy: item.policy, rule: nil)
    }

    private func grade(
        _ item: ScoreCase, golds: [String], type: AnswerType, policy: JSONObject, rule: String?
    ) throws(RewardError) -> ScoreOutcome {
        var report: VerdictReport
        let isWhole = [.list, .multiset, .set, .record, .json].contains(type)
        if isWhole, item.gold.stringValue == nil, !item.gold.isNull {
            report = try grade(item, value: item.gold.text, aliases: [], type: type, policy: policy)
        } else if let first = golds.first {
            report = try grade(item, value: first, aliases: Array(golds.dropFirst()), type: type, policy: policy)
        } else {
            report = VerdictReport(
                verdict: .goldError, type: type,
                problem: "the gold is \(item.gold.text): expected a text, a number or an array of them",
                operations: 0)
        }
        if let rule { report.rules.insert(rule, at: 0) }
        return ScoreOutcome(id: item.id, report: report, reward: report.reward, expected: item.expected)
    }

    private func grade(
        _ item: ScoreCase, value: String, aliases: [String], type: AnswerType, policy: JSONObject
    ) throws(RewardError) -> VerdictReport {
        let gold = Gold(type: type, value: value, aliases: aliases, policy: policy)
        do throws(RewardError) {
            let prepared = try PreparedGold(gold, limits: limits, answerIn: "automatic")
            let text = item.prediction.stringValue ?? (item.prediction.isNull ? "" : item.prediction.text)
            return AnswerVerifier(limits: limits).grade(text, against: prepared, question: item.question)
        } catch .unusableGold(let type, let text, let problem) {
            let error = RewardError.unusableGold(type: type, text: text, problem: problem)
            return VerdictReport(verdict: .goldError, type: type, problem: error.description, operations: 0)
        }
    }

    private func run(
        _ check: @Sendable (GradingPreset.Subject) throws(AnswerProblem) -> Double, on item: ScoreCase,
        rule: FormatRule?
    ) -> ScoreOutcome {
        do throws(AnswerProblem) {
            let value = try check(
                GradingPreset.Subject(gold: item.gold, prediction: item.prediction, policy: item.policy))
            let problem =
                try value < 1 ? rule.flatMap { rule throws(AnswerProblem) in try violation(of: rule, in: item) } : nil
            let report = VerdictReport(
                verdict: value >= 1 ? .correct : .incorrect, canonicalGold: item.gold.isNull ? "" : item.gold.text,
                problem: problem, operations: 0)
            return ScoreOutcome(id: item.id, report: report, reward: value, expected: item.expected)
        } catch {
            let report = VerdictReport(
                verdict: AnswerVerifier.verdict(for: error), problem: error.description, operations: 0)
            return ScoreOutcome(id: item.id, report: report, reward: report.reward, expected: item.expected)
        }
    }

    /// The part of a format rule that a text breaks, with the byte.
    private func violation(of rule: FormatRule, in item: ScoreCase) throws(AnswerProblem) -> String? {
        var work = Work(limits: limits)
        let text = Array((item.prediction.stringValue ?? "").utf8)
        return try rule.verdict(text, language: item.policy["language"]?.stringValue, work: &work).violation?
            .description
    }

    /// The texts that are equally right.
    private static func texts(_ gold: JSONValue) -> [String] {
        switch gold {
        case .string(let text): [text]
        case .null: []
        case .array(let elements): elements.flatMap(texts)
        case .bool, .integer, .bigInteger, .number, .object: [gold.text]
        }
    }
}
