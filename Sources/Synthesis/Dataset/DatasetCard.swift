import Foundation

/// The card of a data set, in Markdown: what it is, how much of it there is, what was left out, and the paper's numbers beside
/// ours.
struct DatasetCard {
    let statistics: SynthesisStatistics
    var refinement: RefinementRecord?
    var contamination: ContaminationReport?
    var leftOutContaminated = false

    var text: String {
        [
            heading, comparison, files, contents, specialties, kinds, difficulty, wording, refinementModels,
            contaminationAudit, rejections, rewriting, method,
        ].filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private var heading: String {
        """
        # Medical research conversations

        \(grouped(statistics.conversations)) conversations in which a teacher answers \
        \(grouped(statistics.distinctQuestions)) certified questions with tools, for supervised fine-tuning. Every question \
        has a certificate that exactly one entity of the graph answers it; every answer was verified against it. \
        **Nothing here is clinical advice.**
        """
    }

    private var comparison: String {
        let specialties = statistics.specialties.count { $0.taken > 0 && $0.specialty != SpecialtyBalance.unassigned }
        return table(
            ["", "this data set", "MedResearcher-R1 (arXiv 2508.14880, abstract)"],
            [
                ["trajectories", grouped(statistics.conversations), "2,100+"],
                ["medical specialties", "\(specialties)", "12"],
                ["tool interactions on average", fixed(statistics.toolCalls.mean, 1), "4.2"],
                ["answers verified", "all, exactly", "by a language model"],
                ["unique answers proven", "all, on graph `\(statistics.graphDigest.prefix(12))`", "none described"],
            ])
    }

    private var files: String {
        """
        ## Files

        * `train.jsonl.zst`, `validation.jsonl.zst`: one conversation a line with `messages`, `tools`, `weights` (of the loss, \
        one per message), `specialty`, `hops`, `tool_calls` and `provenance`.
        * `*.openai.jsonl.zst`, `*.sharegpt.jsonl.zst`, where the recipe asks for them: the same for other trainers.
        * `questions.jsonl.zst`, `certificates.jsonl.zst`: the questions and their proofs.
        * `rejections.jsonl.zst`: every demonstration that was left out, with all reasons.
        * `statistics.json`: the numbers of this card.\(refinementFiles)
        """
    }

    private var refinementFiles: String {
        (refinement == nil
            ? ""
            : "\n* `refinement.json`, `refinement.jsonl.zst`: how hard the questions are, how they were changed, and why; "
                + "`refined/` has them all.")
            + (contamination == nil ? "" : "\n* `contamination.json`: overlaps with benchmarks.")
    }

    private var contents: String {
        func row(_ title: String, _ spread: SynthesisStatistics.Spread) -> [String] {
            [
                title, fixed(spread.mean, 2), "\(spread.minimum)", "\(spread.median)", "\(spread.percentile95)",
                "\(spread.maximum)",
            ]
        }
        let sizes = table(
            ["per conversation", "mean", "least", "median", "95 %", "most"],
            [
                row("tool calls", statistics.toolCalls), row("assistant turns", statistics.turns),
                row("tokens", statistics.tokens),
            ])
        let hops = table(
            ["hops", "conversations"], statistics.hops.map { [$0.kind, grouped($0.count)] })
        let training = statistics.conversations - statistics.validationConversations
        return """
            ## Contents

            \(grouped(training)) conversations for training, \(grouped(statistics.validationConversations)) for validation; \
            no answer is on both sides. \(grouped(statistics.validationSharingEntities)) validation chains share an \
            intermediate entity with a training chain. \(grouped(statistics.distinctAnswers)) different answers. \
            \(grouped(statistics.guided)) conversations are guided (the teacher knew the masked relations), \
            \(grouped(statistics.conversations - statistics.guided)) exploratory. \
            \(grouped(statistics.conjunctions)) ask for what meets several constraints, the others for the end of a chain. \(grouped(statistics.failedCalls)) tool \
            calls fail in them, \(grouped(statistics.simulatedFailures)) of these by simulation.

            \(sizes)

            \(hops)
            """
    }

    private var specialties: String {
        let rows = statistics.specialties.map { share in
            [
                share.specialty, share.target.map(grouped) ?? "all", grouped(share.available), grouped(share.taken),
                share.shortfall > 0 ? grouped(share.shortfall) : "",
            ]
        }
        let missing = statistics.specialties.reduce(0) { $0 + $1.shortfall }
        let note =
            missing == 0
            ? "Every specialty has what was asked for."
            : "\(grouped(missing)) conversations are missing to what was asked for: the graph has no more questions that pass."
        return "## Specialties\n\n\(note)\n\n"
            + table(["specialty", "asked for", "passed the filters", "taken", "missing"], rows)
    }

    private var kinds: String {
        "## What is asked for\n\nThe last relation of each constraint; `^` is its inverse.\n\n"
            + table(["relation", "conversations"], statistics.kinds.map { ["`\($0.kind)`", grouped($0.count)] })
    }

    private var rejections: String {
        let rejected = statistics.demonstrations - statistics.passed
        let reasons = table(
            ["filter", "refused first", "refused at all"],
            statistics.rejections.map { ["`\($0.filter)`", grouped($0.first), grouped($0.any)] })
        let stops = table(
            ["stop reason", "demonstrations"], statistics.stopReasons.map { ["`\($0.kind)`", grouped($0.count)] })
        return """
            ## What was left out

            \(grouped(statistics.demonstrations)) demonstrations of \(grouped(statistics.questions)) questions; \
            \(grouped(rejected)) were refused by filters, \
            \(grouped(statistics.passed - statistics.conversations)) more by the balance of specialties.

            \(statistics.rejections.isEmpty ? "No filter refused anything." : reasons)

            \(stops)
            """
    }

    private var rewriting: String {
        guard statistics.rewrittenThoughts + statistics.keptThoughts > 0 else { return "" }
        let share = Double(statistics.thoughtBytesAfter) / Double(max(1, statistics.thoughtBytesBefore))
        let faults = statistics.rewriteFaults.map { "\(grouped($0.count)) \($0.kind)" }.joined(separator: ", ")
        return """
            ## Rewritten thoughts

            A model shortened \(grouped(statistics.rewrittenThoughts)) thoughts and failed the checks on \
            \(grouped(statistics.keptThoughts)), which stay as they were. Thoughts have \(fixed(share * 100, 0)) % of their \
            former length. Attempts refused: \(faults.isEmpty ? "none" : faults).
            """
    }

    private var method: String {
        """
        ## How it was made

        Teacher: \(statistics.teacher). Seed \(statistics.seed). Share of guided demonstrations asked for: \
        \(fixed(statistics.guidedShare * 100, 0)) %. Model requests: \(grouped(statistics.usage.tokens.requests)), prompt tokens \
        \(grouped(statistics.usage.tokens.promptTokens)), completion tokens \(grouped(statistics.usage.tokens.completionTokens)), \
        \(fixed(statistics.usage.cost, 2)) USD. Filters: `\(statistics.filters.json.text)`.

        The same recipe, graph and seed give the same files, byte for byte, as long as the teacher answers the same.
        """
    }

    func table(_ header: [String], _ rows: [[String]]) -> String {
        let lines = [header, header.indices.map { $0 == 0 ? "---" : "---:" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    func fixed(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    func grouped(_ value: Int) -> String {
        var text = ""
        let digits = String(value.magnitude)
        for (offset, digit) in digits.enumerated() {
            if offset > 0, (digits.count - offset).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }
}
