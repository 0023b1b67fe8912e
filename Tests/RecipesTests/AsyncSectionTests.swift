import Testing
import Training

@testable import Recipes

@Suite struct AsyncSectionTests {
    private static func text(_ rl: String) -> String {
        """
        name: tiny
        model:
          base: base
        knowledge:
          graph: graph
        agent:
          concurrency: 48
        rl:
          groups_per_step: 8
        \(rl)
        """
    }

    private func section(_ rl: String) throws -> AsyncSection {
        try #require(try RecipeTests.read(Self.text(rl)).reinforcement).async
    }

    private func complaints(_ rl: String) throws -> String {
        do {
            _ = try RecipeTests.read(Self.text(rl))
            return ""
        } catch let error as RecipeError {
            return error.description
        }
    }

    @Test func aRunIsSynchronousByDefaultAndSaysNothingOfIt() throws {
        let recipe = try RecipeTests.read(Self.text(""))
        let section = try #require(recipe.reinforcement).async
        #expect(section.overlap == OverlapConfiguration())
        #expect(section.maximumCandidates == nil)
        #expect(section.cutAfterTokens == nil)
        #expect(section.inFlight == InFlightLimit(initial: 48, maximum: 48))
        #expect(!recipe.resolvedYAML.contains("async") && !recipe.resolvedYAML.contains("dynamic_sampling"))
    }

    @Test func everyKeyIsReadAndRecorded() throws {
        let rl = """
              async:
                max_staleness: 2
                stragglers: carry
                straggler_tokens: 300
                in_flight: {initial: 16, minimum: 4, maximum: 96}
              dynamic_sampling:
                maximum_candidates: 20
            """
        let section = try section(rl)
        #expect(section.overlap == OverlapConfiguration(maximumStaleness: 2, tokensPerVersion: 300))
        #expect(section.maximumCandidates == 20)
        #expect(section.inFlight == InFlightLimit(initial: 16, minimum: 4, maximum: 96))
        let yaml = try RecipeTests.read(Self.text(rl)).resolvedYAML
        for line in ["max_staleness: 2", "straggler_tokens: 300", "maximum: 96", "maximum_candidates: 20"] {
            #expect(yaml.contains(line))
        }
    }

    @Test func stragglersAreCutAtABudget() throws {
        let section = try section("  async: {stragglers: cut, straggler_tokens: 200}")
        #expect(section.cutAfterTokens == 200)
        #expect(section.overlap.tokensPerVersion == nil)
    }

    @Test(arguments: [
        ("  async: {max_staleness: -1}", "rl.async.max_staleness must be a whole number from 0"),
        ("  async: {staleness: 1}", "unknown key `rl.async.staleness`; did you mean `rl.async.max_staleness`?"),
        (
            "  async: {straggler_tokens: 10}",
            "rl.async.straggler_tokens has no meaning where rl.async.stragglers is wait"
        ),
        ("  async: {stragglers: cut}", "rl.async.straggler_tokens is missing"),
        ("  async: {minibatches: 9}", "rl.async.minibatches must be a whole number from 1 to 8"),
        (
            "  dynamic_sampling: {maximum_candidates: 7}",
            "rl.dynamic_sampling.maximum_candidates must be a whole number from 8"
        ),
        (
            "  async: {minibatches: 2}\n  dynamic_sampling: {maximum_candidates: 9}",
            "but rl.dynamic_sampling finds out late which groups there are"
        ),
        ("  async: {minibatches: 2}\n  substeps: 2", "but rl.substeps wants 2 optimizer steps of the whole step"),
        (
            "  async: {minibatches: 2}\n  curriculum: {replay: {groups_per_step: 1}}",
            "but rl.curriculum.replay adds groups to the whole step"
        ),
        (
            "  async: {minibatches: 2}\n  advantage: {kind: batch_normalized}",
            "but the advantages (rl.advantage, rl.kl) need all of them"
        ),
        (
            "  async: {minibatches: 2, stragglers: carry, straggler_tokens: 9}",
            "but rl.async.stragglers carries groups to later steps"
        ),
        (
            "  async:\n    in_flight: {initial: 9, maximum: 8}",
            "rl.async.in_flight.initial must be a whole number from 1 to 8"
        ),
    ]) func whatMakesNoSenseIsNamed(rl: String, complaint: String) throws {
        #expect(try complaints(rl).contains(complaint))
    }
}
