import Backends
import Testing

@testable import Recipes

@Suite struct BackendFitTests {
    static func recipe(_ backend: String = "", _ rl: String = "", model: String = "") throws -> Recipe {
        try RecipeTests.read(
            """
            name: tiny
            model:
              base: base
              tokenizer: tokenizer
            \(model)
            backend:
              kind: tinker
              url: http://127.0.0.1:1
            \(backend)
            knowledge:
              graph: graph
            rl:
              steps: 2
            \(rl)
            """)
    }

    private static func profile(_ change: (inout BackendProfile) -> Void = { _ in }) -> BackendProfile {
        var profile = BackendProfile.tinker
        change(&profile)
        return profile
    }

    struct Misfit: Sendable, CustomTestStringConvertible {
        var name: String
        var rl = ""
        var model = ""
        var change: @Sendable (inout BackendProfile) -> Void
        /// The problem's beginning.
        var says: String
        var testDescription: String { name }
    }

    static let misfits = [
        Misfit(
            name: "temperature", rl: "  temperature: 0.5", change: { _ in },
            says: "/recipes/tiny.yaml:14: rl.temperature is 0.5"),
        Misfit(
            name: "clipping", rl: "  optimizer:\n    gradient_clip_norm: 0.25",
            change: { $0.honoursGradientClip = false },
            says: "/recipes/tiny.yaml:15: rl.optimizer.gradient_clip_norm is 0.25"),
        Misfit(
            name: "rank", model: "  lora_rank: 64", change: { $0.maximumAdapterRank = 8 },
            says: "/recipes/tiny.yaml:5: model.lora_rank is 64"),
        Misfit(
            name: "all parameters", model: "  lora_rank: 0", change: { $0.trainsAllParameters = false },
            says: "/recipes/tiny.yaml:5: model.lora_rank is 0"),
        Misfit(
            name: "adapters", model: "  lora_rank: 4", change: { $0.trainsAdapters = false },
            says: "/recipes/tiny.yaml:5: model.lora_rank is 4"),
        Misfit(
            name: "reduction", change: { $0.lossReduction = .unknown },
            says: "/recipes/tiny.yaml:7: backend.kind cannot"),
        Misfit(
            name: "losses", rl: "  loss:\n    kind: ppo", change: { $0.losses = ["cross_entropy"] },
            says: "/recipes/tiny.yaml:15: rl.loss.kind cannot"),
    ]

    @Test(arguments: misfits) func whatCannotBeIsRefusedAtItsPlace(misfit: Misfit) throws {
        let recipe = try Self.recipe("", misfit.rl, model: misfit.model)
        let problems = BackendFit(recipe: recipe, profile: Self.profile(misfit.change)).problems.map(\.description)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(misfit.says) == true, "\(problems)")
        #expect(BackendFit(recipe: try Self.recipe(), profile: Self.profile()).problems.isEmpty)
    }

    @Test func aLossThatIsReplacedIsNoticed() throws {
        let recipe = try Self.recipe("", "  loss: {kind: dro, beta: 0.5}")
        #expect(recipe.reinforcement?.objective.loss.loss.serverLoss == .dro(beta: 0.5))
        let fit = BackendFit(recipe: recipe, profile: .skyRL)
        #expect(fit.notices.contains { $0.contains("dro") })
        #expect(BackendFit(recipe: recipe, profile: .tinker).notices.isEmpty)
    }

    @Test func theClipNormOfAPresetThatIgnoresItIsZero() throws {
        func clip(_ kind: String) throws -> Double? {
            try RecipeTests.read(
                RecipeTests.minimal.replacing("  base: base", with: "  base: base\n  tokenizer: t")
                    + "\nbackend:\n  kind: \(kind)\n  url: http://127.0.0.1:1"
            ).reinforcement?.optimizer.gradientClipNorm
        }
        #expect(try clip("skyrl") == 0)
        #expect(try clip("tinker") == 1)
    }

    @Test func factsOfTheProfileAreRead() throws {
        let recipe = try Self.recipe(
            "  profile: {idempotent: false, maximum_adapter_rank: 16, losses: [cross_entropy]}\n  restarts: 5")
        #expect(recipe.backend.restarts == 5)
        #expect(recipe.backend.facts.map { $0.field } == [.losses, .idempotent, .adapterRank])
        #expect(recipe.resolvedYAML.contains("    idempotent: false"))
        let again = try Recipe(
            RecipeNode.parse(recipe.resolvedYAML, source: "/runs/tiny/recipe.yaml"),
            paths: RecipePaths(destination: "/runs/tiny"))
        #expect(again.backend.facts.map { $0.value } == recipe.backend.facts.map { $0.value })
        #expect(again.resolvedYAML == recipe.resolvedYAML)
    }

    @Test(arguments: [
        ("  profile: {loss_reduction: sum}", "one of token_sum"),
        ("  profile: {idempotent: maybe}", "true or false"),
        ("  profile: {idempotant: true}", "did you mean `backend.profile.idempotent`"),
        ("  restarts: -1", "backend.restarts must be a whole number"),
    ]) func wrongFactsAreRefused(backend: String, says: String) {
        do {
            _ = try Self.recipe(backend)
            Issue.record("it was accepted")
        } catch {
            #expect("\(error)".contains(says), "\(error)")
        }
    }
}
