import ArgumentParser
import Foundation
import Recipes
import Reporting
import Synthesis

struct Synthesize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a recipe's questions, certificates, teacher trajectories and SFT examples.",
        discussion: """
            With a section `teacher`, the recipe makes a data set: demonstrations of every question, filtered, balanced over \
            specialties, split, with a card (README.md) and exports. With `synthesis.difficulty` and \
            `synthesis.rewriting`, models first make the questions harder and say them anew. Stop it at any time with Ctrl-C and give the same \
            command again: it goes on where it was. Other recipes write what their training would use.
            """)

    @OptionGroup var options: RecipeOptions

    @Option(help: "The directory to write to; with a teacher, by default the recipe's run directory.")
    var output: String?

    func run() async throws {
        let recipe = try options.load()
        guard let teacher = recipe.teacher else {
            guard let output else {
                throw ValidationError("--output is missing: the recipe has no section `teacher`, so it names no place")
            }
            print(try await DatasetSynthesis(recipe).write(to: output))
            return
        }
        let interrupts = Interrupts()
        let run = DatasetRun(recipe, teacher: teacher, output: output, stop: interrupts.stop)
        let reporters = Reporters()
        let result: DatasetRun.Result
        do {
            result = try await run.run { reporters.update($0) }
            reporters.finish()
        } catch {
            reporters.finish()
            throw error
        }
        print(Self.summary(result))
    }

    fileprivate static func measures(_ progress: SynthesisProgress) -> [String] {
        let calls = Double(progress.toolCalls) / Double(max(1, progress.finished))
        var measures = [
            "\(progress.answered) answered", String(format: "%.1f calls each", calls),
        ]
        if progress.cost > 0 { measures.insert(String(format: "$%.2f", progress.cost), at: 1) }
        if progress.restored > 0 { measures.append("\(progress.restored) from before") }
        return measures
    }

    fileprivate static func measures(_ progress: RefinementProgress) -> [String] {
        var measures: [String]
        switch progress.stage {
        case .calibrating:
            measures = ["\(progress.accepted) accepted", "\(progress.tooEasy) too easy"]
            if progress.tooHard > 0 { measures.append("\(progress.tooHard) too hard") }
        case .rewriting: measures = ["\(progress.accepted) said anew"]
        }
        if progress.cost > 0 { measures.insert(String(format: "$%.2f", progress.cost), at: 1) }
        return measures
    }

    private static func summary(_ result: DatasetRun.Result) -> String {
        let statistics = result.statistics
        let specialties = statistics.specialties.filter {
            $0.taken > 0 && $0.specialty != SpecialtyBalance.unassigned
        }
        var lines = [
            "\(statistics.conversations) conversations about \(statistics.distinctQuestions) questions "
                + "(\(statistics.conversations - statistics.validationConversations) to train, "
                + "\(statistics.validationConversations) to validate)",
            String(format: "%.1f tool calls on average, ", statistics.toolCalls.mean)
                + "\(specialties.count) specialties: "
                + specialties.map { "\($0.specialty) \($0.taken)" }.joined(separator: ", "),
        ]
        let missing = statistics.specialties.filter { $0.shortfall > 0 }
        if !missing.isEmpty {
            lines.append("missing: " + missing.map { "\($0.specialty) \($0.shortfall)" }.joined(separator: ", "))
        }
        let refused = statistics.rejections.filter { $0.first > 0 }
        if !refused.isEmpty {
            lines.append("refused by: " + refused.map { "\($0.filter) \($0.first)" }.joined(separator: ", "))
        }
        if let refinement = result.refinement { lines.append(refinement.summary) }
        if let contamination = result.contamination { lines.append(contamination.summary) }
        lines.append("written to \(result.directory); its README.md is the card")
        return lines.joined(separator: "\n")
    }
}

/// One line of progress after the other: a stage's begins when that of the stage before is ended.
private final class Reporters: Sendable {
    private let calibrating = ItemReporter.standardError(title: "calibrate")
    private let rewriting = ItemReporter.standardError(title: "rewrite")
    private let demonstrating = ItemReporter.standardError(title: "synthesize")

    func update(_ progress: DatasetRun.Progress) {
        switch progress {
        case .refining(let progress):
            if progress.stage == .rewriting { calibrating.finish() }
            (progress.stage == .rewriting ? rewriting : calibrating).update(
                finished: progress.finished, of: progress.total, measures: Synthesize.measures(progress))
        case .demonstrating(let progress):
            calibrating.finish()
            rewriting.finish()
            demonstrating.update(
                finished: progress.finished, of: progress.total, measures: Synthesize.measures(progress))
        }
    }

    func finish() { for reporter in [calibrating, rewriting, demonstrating] { reporter.finish() } }
}
