import Primitives

/// What became of one ``ScoreCase``.
public struct ScoreOutcome: Sendable, Hashable {
    public var id: JSONValue?
    public var report: VerdictReport
    /// The verdict's reward, or the value of a check; `nil` where the verdict must not train.
    public var reward: Double?
    /// What the case says that the outcome should be.
    public var expected: JSONValue?

    /// Whether the outcome is the expected one; `nil` where nothing, or `null`, is expected.
    ///
    /// A boolean is compared with "is correct" (for a check: reward 1), a number with the reward.
    public var agrees: Bool? {
        switch expected {
        case .bool(let flag): (report.verdict == .correct) == flag
        case .integer(let number): isReward(Double(number))
        case .number(let number): isReward(number)
        default: nil
        }
    }

    private func isReward(_ expected: Double) -> Bool { reward.map { abs($0 - expected) < 1e-9 } ?? false }

    /// `{"id", "verdict", "reward", "type", "gold_canonical", "prediction_canonical", "guarantee", "rules", "problem",
    /// "span", "operations"}`.
    public var json: JSONValue {
        var object: JSONObject = ["id": id ?? .null]
        for (key, value) in report.members.members {
            object[key] = key == "reward" ? reward.map { .number($0) } ?? .null : value
        }
        return .object(object)
    }

    /// The verdict and its reasons for a person.
    public var explanation: String {
        var lines = ["\(report.verdict.rawValue)\(reward.map { ", reward \($0)" } ?? ", not a training signal")"]
        func add(_ name: String, _ value: String?) {
            guard let value, !value.isEmpty else { return }
            lines.append("  \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(value)")
        }
        add("type", report.type?.rawValue)
        add("gold", report.canonicalGold)
        add("prediction", report.canonicalAnswer)
        add("span", report.span.map { "bytes \($0.lowerBound) to \($0.upperBound) of the prediction" })
        add("rules", report.rules.joined(separator: "; "))
        add("problem", report.problem)
        add("guarantee", report.guarantee.description)
        add("operations", String(report.operations))
        return lines.joined(separator: "\n")
    }
}
