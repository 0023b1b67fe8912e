import Foundation
import Rewards
import Testing
import Tokenizers

@testable import Recipes

struct RecipeTests {
    static let minimal = """
        name: tiny
        model:
          base: base
        knowledge:
          graph: graph
        rl:
          steps: 2
        """

    /// Reads recipe text as if it were written in `/recipes/tiny.yaml`.
    static func read(_ text: String, overrides: [String] = []) throws -> Recipe {
        var node = try RecipeNode.parse(text, source: "/recipes/tiny.yaml")
        for override in overrides { node = try RecipeFiles.apply(override, to: node) }
        return try Recipe(node, paths: RecipePaths(destination: "/runs/tiny"))
    }

    static func problems(of text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch let error as RecipeError {
            return error.problems.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func defaultsAreThoseOfThePaper() throws {
        let recipe = try Self.read(Self.minimal)
        let section = try #require(recipe.reinforcement)
        #expect(section.reward.composition == RewardComposition())
        #expect(recipe.stages == [.reinforcement])
    }

    @Test func aRewardIsComposedOfParts() throws {
        let text =
            Self.minimal + """

                  reward:
                    expert: 0.3
                    only_when_correct: [expert, efficiency, citation]
                    citation: {weight: 0.1}
                    overlong: {weight: 0.2, maximum_tokens: 100, buffer_tokens: 20}
                judge:
                  url: http://127.0.0.1:1/v1
                  model: judge
                  criteria: ["4: names its source", "-2: states a dose"]
                """
        let recipe = try Self.read(text)
        let composition = try #require(recipe.reinforcement).reward.composition
        #expect(composition.weights.expert == 0.3)
        #expect(composition.onlyWhenCorrect == [.expert, .efficiency, .citation])
        #expect(composition.shaping.map(\.shaping) == [.overlong(maximumTokens: 100, bufferTokens: 20), .citation])
        #expect(recipe.judge?.criteria.map(\.points) == [4, -2])
    }

    @Test func pathsStartFromTheirFile() throws {
        let recipe = try Self.read(Self.minimal)
        #expect(recipe.model.base == "/recipes/base")
        #expect(recipe.resolvedYAML.contains("base: ../../recipes/base"))
    }

    @Test func theResolvedRecipeIsARecipe() throws {
        let recipe = try Self.read(Self.minimal)
        let node = try RecipeNode.parse(recipe.resolvedYAML, source: "/runs/tiny/recipe.yaml")
        let again = try Recipe(node, paths: RecipePaths(destination: "/runs/tiny"))
        #expect(again.resolvedYAML == recipe.resolvedYAML)
        #expect(again.model.base == recipe.model.base)
    }

    @Test(arguments: [
        ("rl.group_size=16", 16), ("rl={group_size: 4}", 4), ("rl.group_size: 3", 8),
    ])
    func overridesReplaceFields(override: String, expected: Int) throws {
        guard override.contains("=") else {
            #expect(throws: RecipeError.self) { try Self.read(Self.minimal, overrides: [override]) }
            return
        }
        #expect(try Self.read(Self.minimal, overrides: [override]).reinforcement?.groupSize == expected)
    }

    @Test func allProblemsAreListedWithTheirLines() {
        let text =
            Self.minimal + "\n  group_sise: 4\n  temperature: hot\nsft:\n  batch_size: 0\nseeds: 3"
        #expect(
            Self.problems(of: text) == [
                "/recipes/tiny.yaml:8: unknown key `rl.group_sise`; did you mean `rl.group_size`?",
                "/recipes/tiny.yaml:9: rl.temperature must be a number from 0.0 to 10.0, found `hot`",
                "/recipes/tiny.yaml:11: sft.batch_size must be a whole number from 1 to 100000, found `0`",
                "/recipes/tiny.yaml:12: unknown key `seeds`; did you mean `seed`?",
            ])
    }

    static func withModel(_ fields: String) -> String {
        minimal.replacing("  base: base", with: "  base: base\n" + fields)
    }

    @Test func theChatFormatIsChosen() throws {
        let text = Self.withModel(
            """
              renderer: qwen3-thinking-2507
              rendering: {thinking: true, keep_thinking: true, dialect: hf, date: 2026-01-15}
            """)
        let rendering = try Self.read(text).model.rendering
        #expect(rendering.renderer == "qwen3-thinking-2507")
        #expect(rendering.options.enablesThinking == true && rendering.options.keepsThinking)
        #expect(rendering.options.date == "2026-01-15")
        let plain = try Self.read(Self.minimal).model.rendering
        #expect(plain.renderer == "qwen3" && plain.options == RendererOptions())
    }

    @Test func whatAnExampleTeachesIsChosen() throws {
        let text = Self.minimal + "\nsft:\n  train_on: last_assistant_turn"
        #expect(try Self.read(text).supervised?.trainOn.mask == .lastAssistantTurn)
        #expect(try Self.read(Self.minimal + "\nsft:\n  steps: 1").supervised?.trainOn.mask == .allAssistantMessages)
    }

    @Test(
        arguments: [
            (withModel("  renderer: qwen3-instruct"), "did you mean `qwen3_instruct`"),
            (withModel("  rendering: {keep_thoughts: true}"), "did you mean `model.rendering.keep_thinking`"),
            (withModel("  rendering: {dialect: latin}"), "one of: hf, cookbook"),
            (minimal + "\nsft:\n  train_on: everything", "last_assistant_turn"),
        ] as [(String, String)])
    func impossibleChatFormatsAreRefused(text: String, says: String) {
        #expect(Self.problems(of: text).contains { $0.contains(says) }, "\(Self.problems(of: text))")
    }

    @Test(arguments: [
        ("name: a\nknowledge:\n  graph: g", "trains nothing"),
        ("name: a\nmodel:\n  base: b\nrl:\n  steps: 1", "knowledge.graph is missing"),
        (minimal + "\npretraining:\n  output: x", "cannot be combined"),
        (minimal + "\nbackend:\n  kind: tinker", "backend.url is missing"),
        (minimal + "\nbackend:\n  url: http://x", "backend.url is for servers"),
        (
            minimal + "\nbackend:\n  kind: tinker\n  url: 127.0.0.1:8000",
            "backend.url must start with http:// or https://, found `127.0.0.1:8000`"
        ),
        (minimal + "\nsynthesis:\n  minimum_hops: 4\n  maximum_hops: 3", "must not exceed"),
        (minimal.replacing("name: tiny", with: "name: a/b"), "directory name"),
        ("name: [", "not valid YAML"),
        (minimal + "\n  reward:\n    expert: 0.5", "needs a judge"),
        (minimal + "\n  reward:\n    only_when_correct: [speed]", "there is no part `speed`"),
        (minimal + "\n  reward:\n    task: 0.1", "a wrong answer can earn up to 0.2"),
        (minimal + "\n  reward:\n    task: 0\n    format: 0\n    efficiency: 0", "only zero weights"),
        (minimal + "\njudge:\n  url: http://x\n  model: m\n  criteria: [nice]", "expected points, a colon and a text"),
        (
            minimal + "\n  reward:\n    expert: 0.5\njudge:\n  url: http://x\n  model: m\n  decides_undecided: true",
            "needs a judge"
        ),
    ])
    func impossibleRecipesAreRefused(text: String, says: String) {
        #expect(Self.problems(of: text).contains { $0.contains(says) }, "\(Self.problems(of: text))")
    }

    @Test func extendedRecipesLieBeneath() throws {
        let directory = NSTemporaryDirectory() + "medresearcher-recipes-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory + "/sub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Self.minimal.write(toFile: directory + "/base.yaml", atomically: true, encoding: .utf8)
        try "extend: ../base.yaml\nrl:\n  group_size: 5".write(
            toFile: directory + "/sub/child.yaml", atomically: true, encoding: .utf8)
        let recipe = try Recipe.load(path: directory + "/sub/child.yaml", runs: directory)
        #expect(recipe.reinforcement?.groupSize == 5)
        #expect(recipe.reinforcement?.steps == 2)
        #expect(recipe.model.base == directory + "/base", "a path starts from the file it is written in")
    }

    @Test func aRecipeThatExtendsItselfIsRefused() throws {
        let path = NSTemporaryDirectory() + "medresearcher-loop-\(UUID().uuidString).yaml"
        try "extend: \(path)".write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: RecipeError.self) { try Recipe.load(path: path, runs: "/tmp") }
    }

    @Test(arguments: ["quickstart", "base"])
    func shippedRecipesRead(name: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let recipe = try Recipe.load(path: root + "/Recipes/\(name).yaml", runs: "/tmp")
        #expect(recipe.name == name)
    }
}
