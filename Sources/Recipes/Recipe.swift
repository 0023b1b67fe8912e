import Primitives
import Storage

/// A run as its author described it: everything that a run is a function of.
///
/// Reading is strict: unknown keys, wrong types and impossible combinations are all reported at once, with lines.
public struct Recipe: Sendable {
    public var name: String
    public var seed: UInt64
    public var model: ModelSection
    public var backend: BackendSection
    public var knowledge: KnowledgeSection?
    public var synthesis: SynthesisSection
    public var agent: AgentSection
    public var pretraining: PretrainingSection?
    public var supervised: SupervisedSection?
    public var reinforcement: ReinforcementSection?
    public var evaluation: EvaluationSection
    public var checkpoints: CheckpointSection
    /// The recipe with defaults and overrides applied, as YAML.
    public var resolvedYAML: String
    /// The directory that relative paths of the recipe start from.
    public var directory: String

    /// Reads a recipe file, what it extends, and `--set` overrides of the form `rl.group_size=16`.
    public static func load(path: String, overrides: [String] = []) throws -> Recipe {
        var node = try RecipeFiles.read(path)
        for override in overrides { node = try RecipeFiles.apply(override, to: node) }
        return try Recipe(node, directory: RecipeFiles.directory(of: path))
    }

    /// Reads the resolved recipe that a run directory keeps.
    public static func load(resolved text: String, source: String, directory: String) throws -> Recipe {
        try Recipe(RecipeNode.parse(text, source: source), directory: directory)
    }

    init(_ node: RecipeNode, directory: String) throws(RecipeError) {
        self.directory = directory
        let reader = RecipeReader()
        let root = RecipeSection(node, path: [], reader: reader)
        name = root.text("name", default: nil)
        if name.contains("/") || name.hasPrefix(".") {
            reader.complain(root.place, "name must be usable as a directory name, found `\(name)`")
        }
        seed = UInt64(root.integer("seed", default: 1, in: 0...(1 << 53)))
        _ = root.optionalText("extend")
        model = ModelSection(root.section("model"))
        backend = BackendSection(root.section("backend"))
        knowledge = root.has("knowledge") ? KnowledgeSection(root.section("knowledge")) : nil
        synthesis = SynthesisSection(root.section("synthesis"))
        agent = AgentSection(root.section("agent"))
        pretraining = root.has("pretraining") ? PretrainingSection(root.section("pretraining")) : nil
        supervised = root.has("sft") ? SupervisedSection(root.section("sft")) : nil
        reinforcement = root.has("rl") ? ReinforcementSection(root.section("rl")) : nil
        evaluation = EvaluationSection(root.section("evaluation"))
        checkpoints = CheckpointSection(root.section("checkpoints"))
        for key in ["knowledge", "pretraining", "sft", "rl"] where !root.has(key) { root.knows(key) }
        root.finish()
        Self.checkCombinations(
            root, reader: reader, knowledge: knowledge, pretraining: pretraining, supervised: supervised,
            reinforcement: reinforcement)
        resolvedYAML = reader.resolvedYAML
        try reader.finish()
    }

    private static func checkCombinations(
        _ root: RecipeSection, reader: RecipeReader, knowledge: KnowledgeSection?, pretraining: PretrainingSection?,
        supervised: SupervisedSection?, reinforcement: ReinforcementSection?
    ) {
        if supervised == nil && reinforcement == nil && pretraining == nil {
            reader.complain(root.place, "the recipe trains nothing; expected a section `sft`, `rl` or `pretraining`")
        }
        if knowledge == nil {
            reader.complain(root.place, "`knowledge.graph` is missing; expected the directory of a knowledge graph")
        }
        if pretraining != nil && (supervised != nil || reinforcement != nil) {
            reader.complain(root.place, "`pretraining` makes a base model and cannot be combined with `sft` or `rl`")
        }
    }

    /// A path of the recipe, made absolute.
    public func resolve(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }
}

public struct ModelSection: Sendable {
    /// A model directory relative to the recipe (embedded backend), or a model name of the server.
    public var base: String
    /// Where `tokenizer.json` is; the base directory unless given.
    public var tokenizer: String?
    /// 0 trains all parameters.
    public var loraRank: Int

    init(_ section: RecipeSection) {
        base = section.text("base", default: nil)
        tokenizer = section.optionalText("tokenizer")
        loraRank = section.integer("lora_rank", default: 0, in: 0...1024)
        _ = section.choice("renderer", default: Renderer.qwen3)
        section.finish()
    }

    enum Renderer: String, CaseIterable { case qwen3 }
}

public struct BackendSection: Sendable {
    public enum Kind: String, CaseIterable, Sendable { case embedded, tinker, skyrl }
    public var kind: Kind
    public var url: String?
    /// The environment variable that holds the key; the key itself is never written anywhere.
    public var apiKeyVariable: String
    /// Threads of the embedded backend; 0 takes the machine's cores.
    public var threads: Int

    init(_ section: RecipeSection) {
        kind = section.choice("kind", default: Kind.embedded) ?? .embedded
        url = section.optionalText("url")
        apiKeyVariable = section.text("api_key_env", default: "TINKER_API_KEY")
        threads = section.integer("threads", default: 0, in: 0...256)
        section.finish()
        if kind == .embedded && url != nil {
            section.reader.complain(section.place, "backend.url is for servers; the embedded backend chooses its own")
        }
        if kind != .embedded && url == nil {
            section.reader.complain(section.place, "backend.url is missing; expected the server's address")
        }
    }
}

public struct KnowledgeSection: Sendable {
    /// The graph's directory.
    public var graph: String

    init(_ section: RecipeSection) {
        graph = section.text("graph", default: nil)
        section.finish()
    }
}

public struct SynthesisSection: Sendable {
    public var minimumHops: Int
    public var maximumHops: Int
    public var maximumCandidatesPerStep: Int
    public var excludedRelations: [String]
    public var heldOutQuestions: Int
    public var supervisedQuestions: Int

    init(_ section: RecipeSection) {
        minimumHops = section.integer("minimum_hops", default: 2, in: 1...8)
        maximumHops = section.integer("maximum_hops", default: 4, in: 1...8)
        maximumCandidatesPerStep = section.integer("maximum_candidates_per_step", default: 1, in: 1...1000)
        excludedRelations = section.texts(
            "exclude_relations", default: ["inheritance", "onset", "transmitted_by"])
        heldOutQuestions = section.integer("held_out_questions", default: 128, in: 1...1_000_000)
        supervisedQuestions = section.integer("supervised_questions", default: 200, in: 0...1_000_000)
        section.finish()
        if minimumHops > maximumHops {
            section.reader.complain(
                section.place,
                "synthesis.minimum_hops (\(minimumHops)) must not exceed synthesis.maximum_hops (\(maximumHops))")
        }
    }
}

public struct AgentSection: Sendable {
    public var maximumTurns: Int
    public var maximumTokensPerTurn: Int
    public var maximumEpisodeTokens: Int
    public var maximumObservationTokens: Int
    /// Whether the tools' schemas are put in the system message; a model that learned them in SFT needs none.
    public var describesTools: Bool
    public var passages: Int
    /// Episodes that run at the same time.
    public var concurrency: Int

    init(_ section: RecipeSection) {
        maximumTurns = section.integer("turns", default: 6, in: 1...1000)
        maximumTokensPerTurn = section.integer("tokens_per_turn", default: 64, in: 1...1_000_000)
        maximumEpisodeTokens = section.integer("episode_tokens", default: 768, in: 16...10_000_000)
        maximumObservationTokens = section.integer("observation_tokens", default: 160, in: 1...1_000_000)
        describesTools = section.boolean("describe_tools", default: false)
        passages = section.integer("passages", default: 1, in: 1...100)
        concurrency = section.integer("concurrency", default: 128, in: 1...100_000)
        section.finish()
    }
}

public struct EvaluationSection: Sendable {
    /// Held-out questions asked; 0 asks all.
    public var questions: Int
    public var temperature: Double

    init(_ section: RecipeSection) {
        questions = section.integer("questions", default: 0, in: 0...1_000_000)
        temperature = section.number("temperature", default: 0, in: 0...10)
        section.finish()
    }
}

public struct CheckpointSection: Sendable {
    /// Steps between manifests.
    public var every: Int
    /// Trainer states kept; manifests are always kept.
    public var keepLast: Int

    init(_ section: RecipeSection) {
        every = section.integer("every", default: 10, in: 1...1_000_000)
        keepLast = section.integer("keep_last", default: 2, in: 1...1_000_000)
        section.finish()
    }
}
