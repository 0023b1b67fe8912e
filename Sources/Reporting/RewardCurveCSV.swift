import Training

/// The table `rewards.csv`: one row per step of every stage, reproducible byte for byte from the recipe.
///
/// Fields are quoted as RFC 4180 says, lines end with a line feed. A value that a step does not have is empty. Numbers
/// have six significant digits; timings are not part of the table.
public enum RewardCurveCSV {
    /// The columns in order, each with the metrics that it shows: the first one that the row has.
    private static let columns: [(name: String, metrics: [String])] = [
        ("reward_mean", ["reward/mean"]), ("reward_std", ["reward/std"]), ("reward_min", ["reward/min"]),
        ("reward_max", ["reward/max"]), ("reward_task", ["reward/task/mean"]),
        ("reward_format", ["reward/format/mean"]), ("reward_efficiency", ["reward/efficiency/mean"]),
        ("accuracy", ["accuracy"]), ("heldout_accuracy", ["eval/accuracy"]),
        ("format_valid_fraction", ["format/valid_fraction"]), ("zero_variance_fraction", ["group/frac_zero_std"]),
        ("turns", ["turns/mean"]), ("tool_calls", ["tool_calls/mean"]), ("response_length", ["response_length/mean"]),
        ("kl_v1", ["kl/sampler_trainer_v1"]), ("kl_v2", ["kl/sampler_trainer_v2"]), ("entropy", ["entropy"]),
        ("loss", ["loss"]), ("grad_norm", ["grad_norm"]), ("learning_rate", ["learning_rate"]),
        ("staleness_mean", ["staleness/mean"]), ("staleness_max", ["staleness/max"]),
        // What the policy wrote in a reinforcement step, and what a supervised step was trained on.
        ("tokens", ["tokens/sampled", "tokens/total"]),
    ]

    public static let header = line(of: ["stage", "step"] + columns.map(\.name))

    /// The line of one step, with its line feed.
    public static func line(for row: StepMetrics) -> String {
        line(
            of: [row.stage.rawValue, String(row.step)]
                + columns.map { column in
                    column.metrics.lazy.compactMap { row[$0] }.first.map(NumberText.significant) ?? ""
                })
    }

    /// The whole table.
    public static func text(_ rows: [StepMetrics]) -> String { header + rows.map(line(for:)).joined() }

    /// One record of RFC 4180: fields with commas, quotes or line breaks stand in quotes, quotes are doubled.
    static func line(of fields: [String]) -> String {
        let quoted = fields.map { field in
            field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
                ? "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
                : field
        }
        return quoted.joined(separator: ",") + "\n"
    }
}
