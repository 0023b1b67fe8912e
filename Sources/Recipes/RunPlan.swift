import Training

/// What a recipe would do, without doing it: steps, episodes and questions. Making one checks every file and tool named.
public enum RunPlan {
    public static func text(of recipe: Recipe) async throws -> String {
        guard !recipe.stages.isEmpty else { throw recipe.trainsNothing }
        var lines: [String]
        if let section = recipe.pretraining {
            lines = ["base  \(section.steps) steps of \(section.batchSize) texts → \(section.output)"]
        } else {
            lines = try await Workbench.with(recipe) { Self.lines(of: recipe, $0) }
        }
        lines.append("run directory \(recipe.runDirectory)")
        return lines.joined(separator: "\n")
    }

    private static func lines(of recipe: Recipe, _ bench: Workbench) -> [String] {
        var lines = [
            bench.questions.summary,
            "fictional worlds: \(bench.practice.graphs.count), \(bench.practice.questions.count) questions",
            "tools: " + bench.tools.descriptions.map(\.name).joined(separator: ", "),
        ]
        if let section = recipe.supervised {
            lines += [Self.line(of: section, bench)] + section.notices
        }
        if let section = recipe.reinforcement {
            let episodes = section.steps * section.groupsPerStep * section.groupSize
            let groups = "\(section.groupsPerStep) groups of \(section.groupSize)"
            lines.append("rl    \(section.steps) steps of \(groups): \(episodes) episodes")
            lines += section.async.planLines.map { "      " + $0 }
        }
        lines.append("evaluation on \(bench.evaluationQuestions.count) held-out questions")
        return lines
    }

    private static func line(of section: SupervisedSection, _ bench: Workbench) -> String {
        let demonstrations = section.needsDemonstrations ? bench.supervisedQuestions.count : 0
        let examples = (bench.dataset?.training.count ?? 0) + demonstrations
        let training = max(1, examples - section.heldOut.count(of: examples))
        let steps = "sft   \(section.stepCount(examples: training)) steps of \(section.batchSize) "
        guard let dataset = bench.dataset else { return steps + "trajectories, if the teacher earns all" }
        return steps + "examples"
            + (demonstrations > 0 ? ", \(demonstrations) of them demonstrations, if the teacher earns all" : "")
            + "\n" + dataset.summary
    }
}
