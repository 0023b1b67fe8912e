import Testing
import Training

@testable import Recipes

@Suite struct CurriculumSectionTests {
    /// Reads a section by itself, as it stands under `rl.curriculum`, with what is recorded of it.
    private static func read(_ text: String) throws -> (configuration: CurriculumConfiguration, yaml: String) {
        let reader = RecipeReader(paths: RecipePaths(destination: "/runs/x"))
        let node = try RecipeNode.parse(text, source: "recipe.yaml")
        let section = CurriculumSection(RecipeSection(node, path: ["rl", "curriculum"], reader: reader))
        try reader.finish()
        return (section.configuration, reader.resolvedYAML)
    }

    private static let everything = """
        pools:
          - {name: easy, share: 2, difficulty_below: 2, pass_rate_above: 0.7}
          - {name: medium, share: 5, difficulty_below: 4, pass_rate_above: 0.3}
          - {name: hard, share: 3}
        minimum_attempts: 16
        memory: 48
        window: {lower: 0.1, upper: 0.9, rest_epochs: 3}
        balance: specialty
        replay: {groups_per_step: 2, maximum_staleness: 6, informative_only: false, uses: 2}
        """

    @Test func everyKeyIsRead() throws {
        let expected = CurriculumConfiguration(
            pools: [
                DifficultyPool(name: "easy", share: 2, difficultyBelow: 2, passRateAbove: 0.7),
                DifficultyPool(name: "medium", share: 5, difficultyBelow: 4, passRateAbove: 0.3),
                DifficultyPool(name: "hard", share: 3),
            ], evidence: PassRateEvidence(minimumAttempts: 16, memory: 48),
            window: HardnessWindow(lower: 0.1, upper: 0.9, outside: .rest(epochs: 3)), balance: .specialty,
            replay: ReplayPolicy(groupsPerStep: 2, maximumStaleness: 6, informativeOnly: false, maximumUses: 2))
        let read = try Self.read(Self.everything)
        #expect(read.configuration == expected)
        // What is recorded reads back to the same.
        let recorded = try RecipeNode.parse(read.yaml, source: "again")
        let inner = try #require(recorded["rl"]?["curriculum"])
        let reader = RecipeReader(paths: RecipePaths(destination: "/runs/x"))
        let again = CurriculumSection(RecipeSection(inner, path: ["rl", "curriculum"], reader: reader))
        try reader.finish()
        #expect(again.configuration == expected)
        #expect(reader.resolvedYAML == read.yaml)
    }

    @Test func anEmptySectionIsTheUsualOrder() throws {
        let read = try Self.read("{}")
        #expect(read.configuration == CurriculumConfiguration())
        #expect(read.configuration.asksInEpochs)
    }

    @Test func aWindowAloneHasItsDefaults() throws {
        let read = try Self.read("window: {outside_share: 0.1}")
        #expect(read.configuration.window == HardnessWindow(lower: 0.05, upper: 0.95, outside: .share(0.1)))
        #expect(read.configuration.evidence == PassRateEvidence())
        #expect(read.yaml.contains("minimum_attempts: 8"))
    }

    @Test(arguments: [
        ("pool: []", "unknown key `rl.curriculum.pool`; did you mean `rl.curriculum.pools`?"),
        ("pools: [{name: all, share: 1}]", "rl.curriculum.pools has one pool"),
        ("pools: [{name: a, share: 1}, {name: b, share: 1}]", "difficulty_below or pass_rate_above"),
        ("pools: [{name: a, difficulty_below: 1}, {name: b, share: 1}]", "rl.curriculum.pools[0].share is missing"),
        (
            "pools: [{name: a, share: 1, difficulty: 1}, {name: b, share: 1}]",
            "unknown key `rl.curriculum.pools[0].difficulty`"
        ),
        (
            "pools: [{name: a, share: 0, difficulty_below: 1}, {name: b, share: 1}]",
            "rl.curriculum.pools[0].share is 0.0; it must be positive"
        ),
        (
            "pools: [{name: a, share: 1, difficulty_below: 1}, {name: b, share: 1, difficulty_below: 2}]",
            "the last pool (`b`) takes what the others leave"
        ),
        ("balance: equal", "rl.curriculum.balance must be one of: none, specialty"),
        ("window: {lower: 0.9, upper: 0.1}", "expected 0 ≤ lower ≤ upper ≤ 1"),
        ("window: {outside_share: 1}", "rl.curriculum.window.outside_share is 1.0"),
        ("window: {outside_share: 0.1, rest_epochs: 2}", "exclude each other"),
        ("window: {}\nmemory: 4", "rl.curriculum.memory is 4 attempts"),
        ("memory: 40", "rl.curriculum.memory has no use without rl.curriculum.window"),
        ("replay: {}", "rl.curriculum.replay.groups_per_step is missing"),
        ("replay: {groups_per_step: 1, uses: 0}", "rl.curriculum.replay.uses must be a whole number from 1"),
        ("replay: {groups_per_step: 1, use: 2}", "did you mean `rl.curriculum.replay.uses`?"),
    ])
    func mistakesAreNamed(text: String, problem: String) {
        let error = #expect(throws: RecipeError.self) { try Self.read(text) }
        #expect(error?.problems.count == 1, "\(String(describing: error))")
        #expect(error.map { "\($0)".contains(problem) } == true, "\(String(describing: error))")
    }
}
