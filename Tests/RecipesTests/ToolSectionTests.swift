import Agents
import Testing

@testable import Recipes

/// The sections `tools` and `agent`: what an agent can call and how its episodes are bounded.
struct ToolSectionTests {
    private static func text(_ tools: String, agent: String = "turns: 6") -> String {
        RecipeTests.minimal + """

            agent:
              \(agent.replacing("\n", with: "\n  "))
            tools:
              \(tools.replacing("\n", with: "\n  "))
            """
    }

    @Test func `the graph's own documents are searched unless told`() throws {
        let recipe = try RecipeTests.read(RecipeTests.minimal)
        #expect(recipe.tools.count == 1)
        guard case .search = recipe.tools[0] else {
            Issue.record("expected the search, found \(recipe.tools[0])")
            return
        }
        #expect(recipe.resolvedYAML.contains("tools:\n  -\n    kind: search"))
    }

    @Test func `every kind is read, and the resolved recipe reads back to itself`() throws {
        let recipe = try RecipeTests.read(
            Self.text(
                """
                - kind: search
                - kind: medical_search
                  index: library
                  lambda: 0.4
                - kind: read_document
                  index: library
                - kind: differential_diagnosis
                  priors: priors.tsv
                - kind: calculator
                - kind: pubmed
                  api_key_env: MY_KEY
                  results: 7
                  requests_per_second: 2.5
                  cache: cache
                - kind: mcp
                  name: local
                  command: [server, --stdio]
                  allow: [add]
                  prefix: local
                - kind: mcp
                  name: remote
                  url: http://127.0.0.1:1/mcp
                  api_key_env: TOKEN
                  errors: outage
                """, agent: "recording: {file: tools.jsonl, mode: replay}"))
        #expect(recipe.tools.count == 8)
        guard case .library(let library) = recipe.tools[1], case .source(let name, let source) = recipe.tools[5],
            case .server(let local) = recipe.tools[6], case .server(let remote) = recipe.tools[7]
        else {
            Issue.record("the tools are not those of the recipe: \(recipe.tools)")
            return
        }
        #expect((library.index, library.ranking.lambda) == ("/recipes/library", 0.4))
        #expect((name, source.apiKeyEnv, source.limit, source.ratePerSecond) == ("pubmed", "MY_KEY", 7, 2.5))
        #expect(source.cacheDirectory == "/recipes/cache")
        #expect(local.transport == .stdio(command: "server", arguments: ["--stdio"]))
        #expect((local.allowedTools, local.prefix, local.deniedTools) == (["add"], "local", []))
        #expect(remote.transport == .http(url: "http://127.0.0.1:1/mcp", bearerTokenVariable: "TOKEN"))
        #expect(remote.reportedErrorKind == .unavailable)
        #expect(recipe.agent.recording == .init(path: "/recipes/tools.jsonl", mode: .replay))
        let again = try Recipe(
            RecipeNode.parse(recipe.resolvedYAML, source: "/runs/tiny/recipe.yaml"),
            paths: RecipePaths(destination: "/runs/tiny"))
        #expect(again.resolvedYAML == recipe.resolvedYAML)
    }

    @Test(arguments: [
        ("- name: x", "tools[0].kind is missing; expected one of: search, medical_search"),
        ("- kind: pubmde", "did you mean `pubmed`?"),
        ("- kind: pubmed\n  result: 3", "unknown key `tools[0].result`; did you mean `tools[0].results`?"),
        ("- kind: mcp\n  name: x", "tools[0] needs either `command`"),
        ("- kind: mcp\n  name: x\n  url: http://a\n  command: [b]", "and not both"),
        ("- kind: mcp\n  command: [b]", "tools[0].name is missing"),
        ("- kind: medical_search", "tools[0].index is missing; expected a path"),
        ("- kind: medical_search\n  index: a\n  lambda: 2", "tools[0].lambda must be a number from 0.0 to 1.0"),
        ("- search", "tools[0] must be a mapping"),
    ])
    func `what cannot be meant is complained about`(tools: String, expected: String) {
        let problems = RecipeTests.problems(of: Self.text(tools))
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
        #expect(problems.allSatisfy { $0.hasPrefix("/recipes/tiny.yaml:") }, "\(problems)")
    }

    @Test func `of an entry of an unknown kind only the kind is complained about`() {
        #expect(RecipeTests.problems(of: Self.text("- kind: pubmde\n  results: 3")).count == 1)
    }

    @Test func `the built-in teacher needs the search`() {
        let problems = RecipeTests.problems(of: Self.text("- kind: calculator") + "\nsft:\n  steps: 1")
        #expect(problems.contains { $0.contains("tools has no entry of the kind search") }, "\(problems)")
    }

    @Test func `episodes are bounded as the recipe says`() throws {
        let agent = try RecipeTests.read(
            Self.text(
                "- kind: search",
                agent: """
                    tool_calls: 9
                    response_tokens: 500
                    repetitions: 0
                    time_limit_s: 2.5
                    calls_per_turn: 3
                    reminders: 1
                    outages: observe
                    tool_failure_rate: 0.1
                    tool_failures: [timeout, cut]
                    tool_selection: medical_first
                    """)
        ).agent
        #expect((agent.budgets.maximumToolCalls, agent.budgets.maximumResponseTokens) == (9, 500))
        #expect(agent.budgets.maximumRepetitions == nil)
        #expect(agent.budgets.maximumTime == .seconds(2.5))
        #expect(
            agent.rules
                == EpisodeRules(
                    callsPerTurn: 3, reminders: 1, failsOnOutage: false,
                    toolFailures: ToolFailureSimulation(rate: 0.1, kinds: [.timeout, .cut])))
        #expect(agent.selection == .medicalFirst)
    }

    @Test(arguments: [
        ("repetitions: 1", "agent.repetitions is 1, which would end an episode at its first tool call"),
        ("tool_failures: [explosion]", "agent.tool_failures: there is no failure `explosion`; failures are timeout"),
        ("recording: {mode: replay}", "agent.recording.file is missing"),
        ("outages: ignore", "agent.outages must be one of: fail, observe"),
    ])
    func `bounds that make no sense are complained about`(agent: String, expected: String) {
        let problems = RecipeTests.problems(of: Self.text("- kind: search", agent: agent))
        #expect(problems.contains { $0.contains(expected) }, "\(problems)")
    }
}
