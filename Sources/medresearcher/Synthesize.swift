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
            specialties, split, with a card (README.md) and exports. Stop it at any time with Ctrl-C and give the same \
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
        let reporter = ItemReporter.standardError(title: "synthesize")
        let result: DatasetRun.Result
        do {
            result = try await run.run { progress in
                reporter.update(
                    finished: progress.finished, of: progress.total, measures: Self.measures(progress))
            }
            reporter.finish()
        } catch {
            reporter.finish()
            throw error
        }
        print(Self.summary(result))
    }

    private static func measures(_ progress: SynthesisProgress) -> [String] {
        let calls = Double(progress.toolCalls) / Double(max(1, progress.finished))
        var measures = [
            "\(progress.answered) answered", String(format: "%.1f calls each", calls),
        ]
        if progress.cost > 0 { measures.insert(String(format: "$%.2f", progress.cost), at: 1) }
        if progress.restored > 0 { measures.append("\(progress.restored) from before") }
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
        lines.append("written to \(result.directory); its README.md is the card")
        return lines.joined(separator: "\n")
    }
}
