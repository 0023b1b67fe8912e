import Testing
import Training

@testable import Recipes

@Suite struct SupervisedSectionTests {
    private static func text(_ sft: String, rest: String = "") -> String {
        """
        name: tiny
        model:
          base: base
        knowledge:
          graph: graph
        \(rest)
        sft:
        \(sft)
        """
    }

    private func section(_ sft: String) throws -> SupervisedSection {
        try #require(try RecipeTests.read(Self.text(sft)).supervised)
    }

    /// Recipes of runs that were made before the newer keys resolve to what they did.
    @Test func keysThatAreLeftOutAreNotRecorded() throws {
        let yaml = try RecipeTests.read(Self.text("  epochs: 2\n  batch_size: 4")).resolvedYAML
        let start = try #require(yaml.firstRange(of: "sft:\n"))
        let lines = yaml[start.upperBound...].split(separator: "\n").prefix { $0.hasPrefix("  ") }.map {
            $0.dropFirst(2)
        }
        #expect(
            lines.prefix(5) == ["epochs: 2", "steps: 0", "batch_size: 4", "evaluate_every: 0", "optimizer:"])
        #expect(lines.dropFirst(5).allSatisfy { $0.hasPrefix("  ") })
    }

    @Test func everyKeyIsRead() throws {
        let recipe = try RecipeTests.read(
            Self.text(
                """
                  epochs: 1.5
                  batch_size: 32
                  bucket_batches: 50
                  batch_tokens: 4096
                  packing: concatenate
                  pack_tokens: 1024
                  evaluation_share: 0.05
                  evaluation_loss_every: 20
                  sample_every: 40
                  samples: 8
                  sample_tokens: 100
                  early_stop: {patience: 4, minimum_improvement: 0.01}
                  dataset:
                    files: [a.jsonl, b.jsonl.zst]
                    format: sharegpt
                    maximum_tokens: 2000
                    too_long: cut
                    demonstrations: true
                """))
        let section = try #require(recipe.supervised)
        #expect(section.epochs == 1.5 && section.bucketBatches == 50)
        #expect(section.microBatching == .tokens(4096) && section.packing == ExamplePacking(maximumTokens: 1024))
        #expect(section.heldOut.count(of: 101) == 6 && section.heldOut.every == 20)
        #expect(
            section.heldOut.sampleEvery == 40 && section.heldOut.samples == 8 && section.heldOut.sampleTokens == 100)
        #expect(section.earlyStop == EarlyStop(patience: 4, minimumImprovement: 0.01))
        let dataset = try #require(section.dataset)
        #expect(dataset.files == ["/recipes/a.jsonl", "/recipes/b.jsonl.zst"] && dataset.heldOut.isEmpty)
        #expect(dataset.format == .shareGPT && dataset.maximumTokens == 2000 && dataset.tooLong == .cut)
        #expect(section.needsDemonstrations)
        // The resolved recipe is a recipe that says the same.
        let again = try Recipe(
            try RecipeNode.parse(recipe.resolvedYAML, source: "/runs/tiny/recipe.yaml"),
            paths: RecipePaths(destination: "/runs/tiny"))
        #expect(again.resolvedYAML == recipe.resolvedYAML)
        #expect(again.supervised?.dataset?.files == dataset.files && again.supervised?.epochs == 1.5)
    }

    @Test func accumulationDividesABatch() throws {
        #expect(try section("  accumulation: 4").microBatching == .parts(4))
        #expect(try section("  accumulation: 1").microBatching == .whole)
    }

    @Test func examplesFromFilesNeedNoDemonstrations() throws {
        let recipe = try RecipeTests.read(
            Self.text(
                "  dataset: {files: [a.jsonl]}",
                rest: "synthesis: {supervised_questions: 0, held_out_questions: 0}\ntools: [{kind: calculator}]"))
        #expect(recipe.supervised?.needsDemonstrations == false)
    }

    struct Misfit: Sendable, CustomTestStringConvertible {
        var sft: String
        var says: String
        var testDescription: String { sft }
    }

    static let misfits = [
        Misfit(sft: "  accumulation: 2\n  batch_tokens: 100", says: ":9: sft.batch_tokens and sft.accumulation both"),
        Misfit(
            sft: "  batch_size: 4\n  accumulation: 5",
            says: ":9: sft.accumulation is 5, but a batch has sft.batch_size: 4"),
        Misfit(sft: "  packing: concatenate", says: ":8: sft.pack_tokens is missing"),
        Misfit(
            sft: "  pack_tokens: 100", says: ":8: sft.pack_tokens has no meaning without `sft.packing: concatenate`"),
        Misfit(sft: "  packing: segments", says: ":8: sft.packing must be one of: none, concatenate"),
        Misfit(sft: "  early_stop: {patience: 2}", says: ":8: sft.early_stop needs examples"),
        Misfit(sft: "  sample_every: 2", says: ":8: sft.sample_every needs held-out examples"),
        Misfit(
            sft: "  evaluation_examples: 2\n  samples: 3",
            says: ":9: sft.samples has no meaning without sft.sample_every"),
        Misfit(
            sft: "  evaluation_examples: 2\n  evaluation_share: 0.5",
            says: "sft.evaluation_examples and sft.evaluation_share both say"),
        Misfit(
            sft: "  evaluation_share: 0.5\n  dataset: {files: [a.jsonl], held_out: [b.jsonl]}",
            says: "sft.evaluation_share and sft.dataset.held_out both say"),
        Misfit(sft: "  dataset: {format: auto}", says: ":8: sft.dataset.files is missing"),
        Misfit(
            sft: "  dataset: {files: [a.jsonl], format: alpaca}",
            says: "sft.dataset.format must be one of: auto, messages"),
        Misfit(
            sft: "  dataset: {files: [a.jsonl], held_out: [./a.jsonl]}",
            says: "sft.dataset.held_out names /recipes/a.jsonl, which sft.dataset.files trains on"),
        Misfit(
            sft: "  dataset: {files: [a.jsonl, a.jsonl]}", says: "sft.dataset names /recipes/a.jsonl more than once"),
        Misfit(sft: "  dataset: {files: [a.jsonl], max_tokens: 3}", says: "did you mean `sft.dataset.maximum_tokens`?"),
        Misfit(sft: "  epochs: 0", says: ":8: sft.epochs must be a number from 0.001"),
    ]

    @Test(arguments: misfits) func whatMakesNoSenseIsSaidAtItsPlace(misfit: Misfit) {
        let problems = RecipeTests.problems(of: Self.text(misfit.sft))
        #expect(problems.count == 1 && problems[0].contains(misfit.says), "\(problems)")
    }
}
