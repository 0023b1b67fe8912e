import Primitives

/// The parts of the card about how the questions came to be as they are.
extension DatasetCard {
    var difficulty: String {
        guard let record = refinement?.json, let report = record["difficulty"], report != .null else { return "" }
        let settings = record["inputs"]?["difficulty"]
        let solvers = report["solvers"]?.arrayValue ?? []
        let k = report["pass_at"]?.integerValue ?? 1
        let most = percent(settings?["maximum_pass_rate"])
        let judged =
            solvers.isEmpty
            ? "No solver was asked: the pass rate is what a score predicts from candidate counts and retrieval ranks."
            : "The pass rate is that of the solver that does best, over \(settings?["attempts"]?.integerValue ?? 0) attempts."
        let uncertified = record["uncertified"]?.integerValue ?? 0
        let parts = [
            """
            ## Difficulty

            Questions solved more often than \(most) were made harder, up to \
            \(settings?["maximum_moves"]?.integerValue ?? 0) times; every harder version is certified anew. Those solved less \
            often than \(percent(settings?["minimum_pass_rate"])) were left out as too hard. \(judged)
            """,
            counts(["fate", "questions"], report["fates"]),
            uncertified == 0
                ? ""
                : "\(grouped(uncertified)) kept questions were left out because their harder version has no certificate.",
            counts(["made harder by", "times"], report["moves"]),
            table(
                ["pass rate of the final version", "questions", "kept"],
                (report["pass_rates"]?.arrayValue ?? []).map { bin in
                    [
                        "\(percent(bin["from"])) to \(percent(bin["to"]))",
                        grouped(bin["questions"]?.integerValue ?? 0),
                        grouped(bin["kept"]?.integerValue ?? 0),
                    ]
                }),
            solvers.isEmpty
                ? ""
                : table(
                    ["solver", "pass@1", "pass@\(k)"],
                    solvers.map { solver in
                        [
                            solver["name"]?.stringValue ?? "", percent(solver["pass_at_1"]),
                            percent(solver["pass_at_k"]),
                        ]
                    }),
            calibrationError(report),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func calibrationError(_ report: JSONValue) -> String {
        guard let before = report["calibration"], before != .null else { return "" }
        let after = report["fitted_calibration"]
        return """
            Expected calibration error of the score that needs no model: \
            \(percent(before["expected_calibration_error"])) as it is, \
            \(percent(after?["expected_calibration_error"])) on half of the questions after it was fitted to the other half \
            (Brier scores \(decimal(before["brier"])) and \(decimal(after?["brier"]))).
            """
    }

    var wording: String {
        guard let record = refinement?.json, let report = record["rewriting"], report != .null else { return "" }
        let settings = record["inputs"]?["rewriting"]
        let rewritten = report["rewritten"]?.integerValue ?? 0
        let questions = report["questions"]?.integerValue ?? 0
        let failures = counts(["attempt refused because", "attempts"], report["failures"])
        return """
            ## Wording

            \(settings?["rewriter"]?["model"]?.stringValue ?? "A model") said \(grouped(rewritten)) of \
            \(grouped(questions)) questions in its own words; the others keep their template. A new wording counts only if \
            it gives nothing away and \(settings?["reader"]?["model"]?.stringValue ?? "a second model"), which knows neither \
            query nor answer, states a query back that has the same single answer on the graph.

            \(failures.isEmpty ? "No attempt was refused." : failures)
            """
    }

    var refinementModels: String {
        let models = refinement?.json["models"]?.arrayValue ?? []
        guard !models.isEmpty else { return "" }
        let rows = models.map { model in
            let usage = model["usage"]
            return [model["name"]?.stringValue ?? "", model["role"]?.stringValue ?? ""]
                + ["requests", "prompt_tokens", "completion_tokens"].map { grouped(usage?[$0]?.integerValue ?? 0) }
                + [fixed(usage?["cost_usd"]?.doubleValue ?? 0, 2)]
        }
        return "## Models that refined the questions\n\n"
            + table(["model", "role", "requests", "prompt tokens", "completion tokens", "USD"], rows)
    }

    var contaminationAudit: String {
        guard let contamination else { return "" }
        let kinds = ContaminationAudit.Overlap.Kind.allCases
        let rows = contamination.rows.map { row in
            [row.benchmark, grouped(row.items)] + kinds.map { grouped(row.questions[$0] ?? 0) }
        }
        let configuration = contamination.configuration
        let fate = leftOutContaminated ? "They were left out." : "They are in the data set."
        return """
            ## Contamination

            \(grouped(contamination.contaminated.count)) of \(grouped(contamination.questionCount)) questions overlap with a \
            benchmark: the same text, a run of \(configuration.runLength) words, or \
            \(configuration.minimumEntities) entities of the chain together with the answer \
            (\(configuration.minimumEntitiesWithoutAnswer) without it). \
            \(contamination.contaminated.isEmpty ? "" : fate) `contamination.json` lists every overlap.

            \(table(["benchmark", "items"] + kinds.map(\.rawValue), rows))
            """
    }

    private func counts(_ header: [String], _ json: JSONValue?) -> String {
        let rows = (json?.objectValue?.members ?? []).map { member in
            [member.key.replacing("_", with: " "), grouped(member.value.integerValue ?? 0)]
        }
        return rows.isEmpty ? "" : table(header, rows)
    }

    private func percent(_ value: JSONValue?) -> String {
        value?.doubleValue.map { fixed($0 * 100, 1) + " %" } ?? "unknown"
    }

    private func decimal(_ value: JSONValue?) -> String { value?.doubleValue.map { fixed($0, 3) } ?? "unknown" }
}
