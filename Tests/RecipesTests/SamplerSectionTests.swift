import Backends
import Testing

@testable import Recipes

/// The section `sampler`: where rollouts are drawn.
struct SamplerSectionTests {
    private static func text(_ sampler: String, rl: String = "", backend: String = "") -> String {
        """
        name: tiny
        model:
          base: base
          tokenizer: base
        knowledge:
          graph: graph
        backend:
          kind: \(backend.isEmpty ? "embedded" : backend)
        rl:
          steps: 2
          \(rl.isEmpty ? "group_size: 4" : rl)
        sampler:
          \(sampler.replacing("\n", with: "\n  "))
        """
    }

    @Test func theBackendSamplesUnlessTold() throws {
        let recipe = try RecipeTests.read(RecipeTests.minimal)
        #expect(recipe.sampler.kind == .backend)
        #expect(try recipe.sampler.endpoint(recipe) == nil)
        #expect(recipe.resolvedYAML.contains("sampler:\n  kind: backend"))
    }

    @Test(arguments: [("vllm", FleetEndpoint.LogprobMode.raw), ("sglang", .processed)])
    func aFleetIsReadWithItsDefaults(kind: String, mode: FleetEndpoint.LogprobMode) throws {
        let text = Self.text("kind: \(kind)\nurls: [\"http://a:8000/\", \"https://b\"]")
        let recipe = try RecipeTests.read(text)
        let endpoint = try #require(try recipe.sampler.endpoint(recipe))
        #expect(endpoint.urls == ["http://a:8000", "https://b"])
        #expect(endpoint.form == .full)
        #expect(endpoint.logprobMode == mode)
        #expect(endpoint.concurrency == 64)
        let lora = try RecipeTests.read(text, overrides: ["model.lora_rank=8", "sampler.logprobs=raw"])
        let second = try #require(try lora.sampler.endpoint(lora))
        #expect(second.form == .adapter)
        #expect(second.logprobMode == .raw)
        // The resolved recipe reads back to itself.
        let again = try RecipeTests.read(recipe.resolvedYAML)
        #expect(again.sampler.urls == recipe.sampler.urls)
    }

    @Test(arguments: [
        ("urls: [\"http://a\"]", "sampler.urls is for fleets"),
        ("kind: vllm", "sampler.urls is missing"),
        ("kind: vllm\nurls: [\"a:8000\"]", "must start with http"),
        ("kind: vllm\nurls: [\"http://a\", \"http://a\"]", "names a server twice"),
        ("kind: tgi\nurls: [\"http://a\"]", "one of: backend, vllm, sglang"),
        ("kind: vllm\nurl: http://a", "unknown key `sampler.url`; did you mean `sampler.urls`?"),
        ("kind: vllm\nurls: [\"http://a\"]\nlogprobs: cooked", "one of: raw, processed"),
    ])
    func mistakesAreNamed(sampler: String, problem: String) {
        let problems = RecipeTests.problems(of: Self.text(sampler))
        #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }

    @Test func whatAFleetCannotDoForTheRecipeIsNamed() throws {
        let fleet = "kind: sglang\nurls: [\"http://a\"]"
        let warm = RecipeTests.problems(of: Self.text(fleet, rl: "temperature: 0.8"))
        #expect(warm.count == 1 && warm[0].contains("/recipes/tiny.yaml:11: rl.temperature is 0.8"))
        let accepted = fleet + "\naccepts_off_policy_sampling: true"
        #expect(RecipeTests.problems(of: Self.text(accepted, rl: "temperature: 0.8")) == [])
        let hot = try RecipeTests.read(Self.text(accepted, rl: "temperature: 0.8"))
        #expect(BackendFit(recipe: hot, profile: .embedded).problems.isEmpty, "the fleet samples, not the backend")
        let remote = "tinker\n  url: http://backend"
        let lost = RecipeTests.problems(of: Self.text(fleet, backend: remote))
        #expect(lost.count == 1 && lost[0].contains("sampler.weights_directory is missing"))
        let found = fleet + "\nweights_directory: /mnt/{model}/{name}"
        #expect(RecipeTests.problems(of: Self.text(found, backend: remote)) == [])
    }

    @Test func aKeyThatIsNotSetIsNamed() throws {
        let recipe = try RecipeTests.read(
            Self.text("kind: vllm\nurls: [\"http://a\"]\napi_key_env: MEDRESEARCHER_NO_SUCH_KEY"))
        do {
            _ = try recipe.sampler.endpoint(recipe)
            Issue.record("the endpoint was made")
        } catch {
            #expect(error.description.contains("MEDRESEARCHER_NO_SUCH_KEY"))
        }
    }
}
