import Synthesis
import Testing

@testable import Recipes

struct RefinementSectionTests {
    private static let minimal = """
        name: tiny
        knowledge:
          graph: graph
        teacher:
          kind: model
          url: http://127.0.0.1:3/v1
          model: teacher
        synthesis:

        """

    private static let whole =
        minimal + """
              difficulty:
                maximum_pass_rate: 0.4
                attempts: 8
                solvers:
                  - url: http://127.0.0.1:1/v1
                    model: "org/small-1.5"
                    spend_limit_usd: 3
                    completion_price: 2
                  - {url: http://127.0.0.1:2/v1, model: "org/small-1.5"}
              rewriting:
                rewriter: {url: http://127.0.0.1:1/v1, model: writer, api_key_env: KEY}
                reader: {url: http://127.0.0.1:1/v1, model: reader}
                definitions: cards.jsonl
              contamination:
                benchmarks: [bench/a.jsonl, /data/b.csv]
                hits: drop
            """

    @Test func allFieldsAreRead() throws {
        let synthesis = try RecipeTests.read(Self.whole).synthesis
        let difficulty = try #require(synthesis.difficulty)
        #expect(difficulty.configuration.maximumPassRate == 0.4 && difficulty.configuration.minimumPassRate == 0)
        #expect(difficulty.panel.attempts == 8)
        #expect(difficulty.solvers.map(\.url) == ["http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"])
        #expect(difficulty.solvers.map(\.spendLimit) == [3, nil])
        #expect(difficulty.roles == ["solver_org_small-1.5", "solver_org_small-1.5_2"])
        let rewriting = try #require(synthesis.rewriting)
        #expect(rewriting.rewriter.apiKeyVariable == "KEY" && rewriting.reader.model == "reader")
        #expect(rewriting.configuration.describesNames && rewriting.definitions == "/recipes/cards.jsonl")
        let contamination = try #require(synthesis.contamination)
        #expect(contamination.benchmarks == ["/recipes/bench/a.jsonl", "/data/b.csv"])
        #expect(contamination.hits == .drop && contamination.configuration == .init())
    }

    @Test func whatIsLeftOutIsOff() throws {
        let recipe = try RecipeTests.read(Self.minimal)
        #expect(recipe.synthesis.difficulty == nil && recipe.synthesis.rewriting == nil)
        #expect(recipe.synthesis.contamination == nil)
        #expect(!recipe.resolvedYAML.contains("difficulty"))
        let defaults = try RecipeTests.read(Self.minimal + "  difficulty: {}").synthesis.difficulty
        #expect(defaults?.configuration == DifficultyCalibrator.Configuration())
        #expect(defaults?.solvers.isEmpty == true)
    }

    @Test func theResolvedRecipeReadsTheSame() throws {
        let recipe = try RecipeTests.read(Self.whole)
        let node = try RecipeNode.parse(recipe.resolvedYAML, source: "/runs/tiny/recipe.yaml")
        let again = try Recipe(node, paths: RecipePaths(destination: "/runs/tiny"))
        #expect(again.resolvedYAML == recipe.resolvedYAML)
        #expect(again.synthesis.difficulty?.inputs == recipe.synthesis.difficulty?.inputs)
        #expect(again.synthesis.difficulty?.solvers.map(\.spendLimit) == [3, nil])
        #expect(again.synthesis.contamination?.benchmarks == recipe.synthesis.contamination?.benchmarks)
    }

    @Test func aListOfSolversCanBeSetFromTheCommandLine() throws {
        let recipe = try RecipeTests.read(
            Self.whole, overrides: ["synthesis.difficulty.solvers=[{url: 'http://x/v1', model: m}]"])
        #expect(recipe.synthesis.difficulty?.solvers.map(\.model) == ["m"])
    }

    @Test(
        arguments: [
            (
                "  difficulty:\n    solvers:\n      - {url: http://x, model: m}\n      - {url: http://x, modle: m}",
                "/recipes/tiny.yaml:12: unknown key `synthesis.difficulty.solvers[1].modle`; did you mean "
                    + "`synthesis.difficulty.solvers[1].model`?"
            ),
            (
                "  difficulty:\n    solvers:\n      - {url: http://x, model: m}\n      - {url: http://x}",
                "/recipes/tiny.yaml:12: synthesis.difficulty.solvers[1].model is missing; expected a text"
            ),
            ("  difficulty:\n    solvers: [strong]", "solvers[0] must be a mapping, found `strong`"),
            ("  difficulty:\n    solvers: {url: a}", "solvers must be a list of mappings, found a mapping"),
            (
                "  difficulty: {solvers: [{url: a, model: m}, {url: a, model: m}]}",
                "solvers[1] is the model `m` at a once more"
            ),
            ("  difficulty: {minimum_pass_rate: 0.6}", "(0.6) must not exceed maximum_pass_rate (0.5)"),
            ("  difficulty: {maximum_pass_rate: 50}", "a number from 0.0 to 1.0, found `50`"),
            (
                "  difficulty: {solvers: [{url: a, model: m, spend_limit_usd: 1}]}",
                "synthesis.difficulty.solvers[0].spend_limit_usd needs synthesis.difficulty.solvers[0].prompt_price"
            ),
            ("  rewriting: {rewriter: {url: a, model: b}}", "synthesis.rewriting.reader.url is missing"),
            (
                "  rewriting: {rewriter: {url: a, model: b}, reader: {url: a, model: c}, describe_names: true}",
                "describe_names needs synthesis.rewriting.definitions"
            ),
            (
                "  contamination: {hits: drop}",
                "synthesis.contamination.benchmarks is missing; expected a list of paths"
            ),
            ("  contamination: {benchmarks: []}", "benchmarks must be a list of paths"),
            ("  contamination: {benchmarks: [a.jsonl], hits: delete}", "one of: report, drop, found `delete`"),
        ] as [(String, String)])
    func saysWhatIsWrong(fields: String, problem: String) {
        let problems = RecipeTests.problems(of: Self.minimal + fields)
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test func theRuleBasedTeacherNeedsNames() throws {
        let text = Self.whole.replacing(
            "kind: model\n  url: http://127.0.0.1:3/v1\n  model: teacher", with: "kind: rules")
        let problems = RecipeTests.problems(of: text)
        #expect(problems.count == 1 && problems[0].hasPrefix("/recipes/tiny.yaml:5: teacher.kind is rules"))
        let kept = try RecipeTests.read(text, overrides: ["synthesis.rewriting.describe_names=false"])
        #expect(kept.synthesis.rewriting?.configuration.describesNames == false)
    }

    @Test func recipesThatTrainHaveNoRefinement() {
        let text = RecipeTests.minimal + "\nsynthesis:\n  difficulty: {}"
        #expect(RecipeTests.problems(of: text).contains { $0.contains("unknown key `synthesis.difficulty`") })
    }
}
