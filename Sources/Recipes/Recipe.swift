import Foundation
import Synthesis
import Training

/// A run as its author described it: everything that a run is a function of.
///
/// Reading is strict: unknown keys, wrong types and impossible combinations are all reported at once, with lines.
public struct Recipe: Sendable {
    public var name: String
    public var seed: UInt64
    public var model: ModelSection
    public var backend: BackendSection
    public var sampler: SamplerSection
    public var knowledge: KnowledgeSection
    public var synthesis: SynthesisSection
    /// What the agent can call.
    public var tools: [ToolSection]
    public var agent: AgentSection
    public var pretraining: PretrainingSection?
    public var supervised: SupervisedSection?
    public var reinforcement: ReinforcementSection?
    public var judge: JudgeSection?
    /// Who demonstrates; only recipes for `synthesize` have it.
    public var teacher: TeacherSection?
    public var evaluation: EvaluationSection
    public var checkpoints: CheckpointSection
    /// The recipe with defaults and overrides applied, as YAML; its paths start from the run directory.
    public var resolvedYAML: String
    /// Where the run is kept.
    public var runDirectory: String
    /// Where each field was written, by its dotted path; that of the section for a default.
    let places: [String: RecipeNode.Place]

    /// Reads a recipe file, what it extends, and `--set` overrides of the form `rl.group_size=16`.
    /// - Parameters:
    ///   - dropped: top-level sections to leave out, for running some stages only.
    ///   - runs: the directory that holds run directories.
    public static func load(
        path: String, overrides: [String] = [], dropping dropped: [String] = [], runs: String
    ) throws -> Recipe {
        var node = try RecipeFiles.read(path).without(dropped)
        for override in overrides { node = try RecipeFiles.apply(override, to: node) }
        let name = if case .scalar(let text, _)? = node["name"] { text } else { "unnamed" }
        let current = FileManager.default.currentDirectoryPath
        let directory = RecipePaths.standardized(runs + "/" + name, in: current)
        return try Recipe(node, paths: RecipePaths(destination: directory))
    }

    /// Reads the resolved recipe that a run directory keeps.
    public static func load(run directory: String) throws -> Recipe {
        let current = FileManager.default.currentDirectoryPath
        let absolute = RecipePaths.standardized(directory, in: current)
        let text = try RunDirectory.storedRecipe(at: absolute)
        return try Recipe(
            RecipeNode.parse(text, source: directory + "/recipe.yaml"),
            paths: RecipePaths(destination: absolute))
    }

    init(_ node: RecipeNode, paths: RecipePaths) throws(RecipeError) {
        runDirectory = paths.destination
        let reader = RecipeReader(paths: paths)
        let root = RecipeSection(node, path: [], reader: reader)
        name = root.text("name", default: nil)
        if name.contains("/") || name.hasPrefix(".") {
            reader.complain(root.place, "name must be usable as a directory name, found `\(name)`")
        }
        seed = UInt64(root.integer("seed", default: 1, in: 0...(1 << 53)))
        root.knows("extend")
        backend = BackendSection(root.section("backend"))
        sampler = SamplerSection(root.section("sampler"))
        pretraining = root.has("pretraining") ? PretrainingSection(root.section("pretraining")) : nil
        let onlySynthesises = root.has("teacher") && !root.has("sft") && !root.has("rl")
        model = ModelSection(
            root.section("model"), isLocal: backend.kind == .embedded,
            isNeeded: pretraining == nil && !onlySynthesises)
        knowledge = KnowledgeSection(root.section("knowledge"))
        teacher = root.has("teacher") ? TeacherSection(root.section("teacher")) : nil
        synthesis = SynthesisSection(root.section("synthesis"), writesDataset: teacher != nil)
        tools = ToolSection.all(root)
        agent = AgentSection(root.section("agent"))
        let clip = backend.defaultClipNorm
        supervised = root.has("sft") ? SupervisedSection(root.section("sft"), clip: clip) : nil
        reinforcement =
            root.has("rl")
            ? ReinforcementSection(root.section("rl"), clip: clip, concurrency: agent.concurrency) : nil
        judge = root.has("judge") ? JudgeSection(root.section("judge")) : nil
        evaluation = EvaluationSection(root.section("evaluation"))
        checkpoints = CheckpointSection(root.section("checkpoints"))
        for key in ["pretraining", "sft", "rl", "judge", "teacher", "tools"] { root.knows(key) }
        root.finish()
        resolvedYAML = reader.resolvedYAML
        places = reader.places
        checkCombinations(root)
        try reader.finish()
    }

    private func checkCombinations(_ root: RecipeSection) {
        sampler.check(self, root)
        let weighsExpert = (reinforcement?.reward.composition.weights.expert ?? 0) > 0
        if weighsExpert && judge?.criteria.isEmpty != false {
            root.reader.complain(root.place, "rl.reward.expert needs a judge; add the section `judge` with `criteria`")
        }
        if supervised == nil && reinforcement == nil && pretraining == nil && teacher == nil {
            root.reader.complain(
                root.place,
                "the recipe trains nothing; expected a section `sft`, `rl` or `pretraining`, or `teacher` to synthesise only"
            )
        }
        checkDescriptions(root)
        checkTeachersTools(root)
        let isMeasuredOnQuestions = reinforcement != nil || (supervised != nil && supervised?.dataset == nil)
        if isMeasuredOnQuestions, synthesis.heldOutQuestions == 0 {
            root.reader.complain(
                root.place, "synthesis.held_out_questions is 0; a recipe that trains needs at least 1 to evaluate on")
        }
        if pretraining != nil && (supervised != nil || reinforcement != nil) {
            root.reader.complain(
                root.place, "`pretraining` makes a base model and cannot be combined with `sft` or `rl`")
        }
        if supervised?.needsDemonstrations == true && synthesis.supervisedQuestions == 0 {
            root.reader.complain(
                root.place,
                "`sft` needs synthesis.supervised_questions to be at least 1, or its examples from files (sft.dataset)")
        }
    }
}

extension Recipe {
    /// The teachers that come with the tool know one tool.
    private func checkTeachersTools(_ root: RecipeSection) {
        let needsSearch = supervised?.needsDemonstrations == true || teacher?.kind == .rules
        guard needsSearch, !tools.contains(where: { if case .search = $0 { true } else { false } }) else { return }
        root.reader.complain(
            root.place(of: "tools"),
            "tools has no entry of the kind search, which the built-in teacher demonstrates with; add `- kind: search`, or "
                + "leave the demonstrations out (only `rl`, or sft.dataset) or to a model (teacher.kind: model)")
    }

    /// The rule-based teacher starts from the names in a question, which are not there where they are described.
    private func checkDescriptions(_ root: RecipeSection) {
        guard teacher?.kind == .rules, synthesis.rewriting?.configuration.describesNames == true else { return }
        root.reader.complain(
            places["teacher.kind"] ?? root.place,
            "teacher.kind is rules, but the rule-based teacher starts from the names in a question, which "
                + "synthesis.rewriting.definitions has described instead; set synthesis.rewriting.describe_names to false, or "
                + "let a model teach (teacher.kind: model)")
    }
}

/// The stages of a run.
extension Recipe {
    /// What a recipe without stages is told by those who would run them.
    var trainsNothing: RecipeError {
        RecipeError(problems: [
            .init(
                place: .init(source: name, line: 0),
                text: "the recipe trains nothing: it has no section `sft`, `rl` or `pretraining`; use `synthesize`")
        ])
    }

    public var stages: [StageName] {
        (pretraining == nil ? [] : [.pretraining]) + (supervised == nil ? [] : [.supervised])
            + (reinforcement == nil ? [] : [.reinforcement])
    }
}

public struct ModelSection: Sendable {
    /// A model directory (embedded backend), or a model name of the server.
    public var base: String
    /// Where `tokenizer.json` is; the base directory unless given.
    public var tokenizer: String?
    /// 0 trains all parameters.
    public var loraRank: Int
    public var rendering: RenderingSection

    init(_ section: RecipeSection, isLocal: Bool, isNeeded: Bool) {
        if !isNeeded {
            base = ""
        } else {
            base = isLocal ? section.file("base") : section.text("base", default: nil)
        }
        tokenizer = section.optionalFile("tokenizer")
        if tokenizer == nil && !isLocal && isNeeded {
            section.reader.complain(
                section.place, "model.tokenizer is missing; expected the directory of the server model's tokenizer.json"
            )
        }
        loraRank = section.integer("lora_rank", default: 0, in: 0...1024)
        rendering = RenderingSection(section)
        section.finish()
    }
}

public struct KnowledgeSection: Sendable {
    /// The graph's directory.
    public var graph: String

    init(_ section: RecipeSection) {
        graph = section.file("graph")
        section.finish()
    }
}

public struct SynthesisSection: Sendable {
    /// How queries become questions.
    public var wording = QuestionSynthesizer.Wording.phrases
    public var minimumHops: Int
    public var maximumHops: Int
    public var maximumCandidatesPerStep: Int
    /// The share of questions with several constraints.
    public var conjunctionShare = 0.0
    public var excludedRelations: [String]
    public var heldOutQuestions: Int
    public var supervisedQuestions: Int
    /// Fictional worlds of the graph's shape whose questions are practised besides the real ones; never evaluated on.
    public var practiceWorlds: Int
    /// Their questions that the teacher shows.
    public var practiceSupervisedQuestions: Int
    /// What `synthesize` keeps of the demonstrations and how it writes them; `nil` for recipes without `teacher`.
    public var filters: FilterSection?
    public var dataset: DatasetSection?
    /// How `synthesize` refines the questions with models, and which benchmarks it keeps out.
    public var difficulty: DifficultySection?
    public var rewriting: RewritingSection?
    public var contamination: ContaminationSection?

    init(_ section: RecipeSection, writesDataset: Bool) {
        if section.has("wording") {
            wording = section.choice("wording", default: QuestionSynthesizer.Wording.phrases) ?? .phrases
        }
        section.knows("wording")
        minimumHops = section.integer("minimum_hops", default: 2, in: 2...8)
        maximumHops = section.integer("maximum_hops", default: 4, in: 2...8)
        maximumCandidatesPerStep = section.integer("maximum_candidates_per_step", default: 1, in: 1...1000)
        if section.has("conjunction_share") {
            conjunctionShare = section.number("conjunction_share", default: 0, in: 0...0.95)
        }
        section.knows("conjunction_share")
        excludedRelations = section.texts(
            "exclude_relations", default: ["inheritance", "onset", "transmitted_by"])
        heldOutQuestions = section.integer("held_out_questions", default: 128, in: 0...1_000_000)
        supervisedQuestions = section.integer("supervised_questions", default: 200, in: 0...1_000_000)
        practiceWorlds = section.integer("practice_worlds", default: 0, in: 0...10_000)
        practiceSupervisedQuestions = section.integer("practice_supervised_questions", default: 0, in: 0...1_000_000)
        filters = writesDataset ? FilterSection(section.section("filters")) : nil
        dataset = writesDataset ? DatasetSection(section.section("dataset")) : nil
        if writesDataset {
            difficulty = section.optionalSection("difficulty").map { DifficultySection($0) }
            rewriting = section.optionalSection("rewriting").map { RewritingSection($0) }
            contamination = section.optionalSection("contamination").map { ContaminationSection($0) }
        }
        section.finish()
        if conjunctionShare > 0, wording == .phrases {
            section.reader.complain(
                section.place(of: "conjunction_share"),
                "synthesis.conjunction_share is \(conjunctionShare); expected 0, or `wording: english`, because nested phrases "
                    + "cannot word several constraints")
        }
        if minimumHops > maximumHops {
            section.reader.complain(
                section.place,
                "synthesis.minimum_hops (\(minimumHops)) must not exceed synthesis.maximum_hops (\(maximumHops))")
        }
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
