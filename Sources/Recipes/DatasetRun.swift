import Agents
import Foundation
import Knowledge
import Primitives
import Retrieval
import Storage
import Synthesis
import Tokenizers
import Training

/// Makes the supervised data set of a recipe with a `teacher`.
public struct DatasetRun: Sendable {
    /// What was made.
    public struct Result: Sendable {
        public var statistics: SynthesisStatistics
        public var directory: String
        public var refinement: RefinementRecord?
        public var contamination: ContaminationReport?
    }

    /// How far a run is.
    public enum Progress: Sendable {
        case refining(RefinementProgress)
        case demonstrating(SynthesisProgress)
    }

    private let recipe: Recipe
    private let teacher: TeacherSection
    private let stop: StopSignal
    public let directory: String

    /// - Parameter output: the directory to write to; the recipe's run directory where not given.
    public init(_ recipe: Recipe, teacher: TeacherSection, output: String?, stop: StopSignal) {
        self.recipe = recipe
        self.teacher = teacher
        self.stop = stop
        directory = output ?? recipe.runDirectory
    }

    /// Runs to the end, or until it is asked to stop; another run with the same recipe and directory goes on.
    public func run(report: @escaping @Sendable (Progress) -> Void) async throws -> Result {
        let graph = try KnowledgeGraph.load(directory: recipe.knowledge.graph)
        try FileStore.createDirectory(directory)
        let index = DocumentIndex(documents: MonographComposer().documents(of: graph))
        // Before anything is paid for: a key that is not set, a tokenizer that is not there.
        let model = try teacher.model.map { try $0.server.languageModel(directory: directory, role: "teacher") }
        let counter = try counter()
        let preparation = QuestionPreparation(
            recipe: recipe, graph: graph, index: index, directory: directory, concurrency: teacher.concurrency,
            stop: stop)
        let prepared = try await preparation.prepare { report(.refining($0)) }
        let agentTools = try await AgentTools.open(recipe, graph: graph, search: index)
        do {
            let statistics = try await demonstrate(
                prepared, graph: graph, tools: agentTools.router, model: model, counter: counter, report: report)
            await agentTools.close()
            return Result(
                statistics: statistics, directory: directory, refinement: prepared.refinement,
                contamination: prepared.contamination)
        } catch {
            await agentTools.close()
            throw error
        }
    }

    private func demonstrate(
        _ prepared: QuestionPreparation.Result, graph: KnowledgeGraph, tools: ToolRouter, model: RecipeLanguageModel?,
        counter: TokenCounter, report: @escaping @Sendable (Progress) -> Void
    ) async throws -> SynthesisStatistics {
        let runner = DemonstrationRunner(
            teacher: teacher(model, relations: graph.relations), tools: tools, relations: graph.relations,
            budgets: teacher.budgets, failures: teacher.failures, systemPrompt: teacher.systemPrompt,
            counter: counter)
        let rewrites = teacher.model?.rewritesThoughts == true
        let rewriter = rewrites ? model.map { ThoughtRewriter(model: $0, seed: recipe.seed) } : nil
        let pipeline = SynthesisPipeline(
            plan: plan(prepared, graph: graph, tools: tools), runner: runner, rewriter: rewriter,
            directory: directory)
        try FileStore.writeAtomically(Array(recipe.resolvedYAML.utf8), to: directory + "/recipe.yaml")
        let stop = stop
        return try await pipeline.run(isStopRequested: { stop.isRequested }) { report(.demonstrating($0)) }
    }

    private func teacher(_ model: RecipeLanguageModel?, relations: [Relation]) -> any Teacher {
        guard let model else {
            return ListFollowingTeacher(relations: relations, callsInParallel: teacher.parallelCalls)
        }
        return LanguageModelTeacher(
            model: model, format: teacher.callFormat.format, temperature: teacher.temperature, topP: teacher.topP)
    }

    private func counter() throws -> TokenCounter {
        guard let path = recipe.model.tokenizer ?? (recipe.model.base.isEmpty ? nil : recipe.model.base) else {
            return .estimate
        }
        return TokenCounter(try Tokenizer.load(path: path + "/tokenizer.json"), name: path)
    }

    private func plan(_ prepared: QuestionPreparation.Result, graph: KnowledgeGraph, tools: ToolRouter) -> SynthesisPlan
    {
        var plan = SynthesisPlan(questions: prepared.questions, graph: graph, seed: recipe.seed)
        plan.refinement = prepared.refinement
        plan.contamination = prepared.contamination
        plan.leavesOutContaminated = recipe.synthesis.contamination?.hits == .drop
        plan.rollouts = teacher.rollouts
        plan.guidedShare = teacher.guidedShare
        plan.concurrency = teacher.concurrency
        plan.tools = tools.descriptions.map(\.json)
        if let filters = recipe.synthesis.filters { plan.filters = filters.settings }
        if let dataset = recipe.synthesis.dataset {
            plan.balance = dataset.balance
            plan.maximumPerQuestion = dataset.maximumPerQuestion
            plan.validationShare = dataset.validationShare
            plan.exportsOpenAI = dataset.exportsOpenAI
            plan.exportsShareGPT = dataset.exportsShareGPT
        }
        plan.inputs = ["tool_version": .string(ToolVersion.current), "teacher_settings": .string(settingsHash)]
        return plan
    }

    /// Of everything that a demonstration depends on besides graph, questions and seed. What only filters, writes or limits
    /// the speed or the cost may change between launches.
    private var settingsHash: String {
        var budgets = teacher.budgets
        budgets.maximumTime = nil
        let text = [
            "\(budgets)", "\(teacher.failureRate)", teacher.failureKinds.map(\.rawValue).joined(separator: ","),
            "\(teacher.parallelCalls)", teacher.callFormat.rawValue, "\(teacher.temperature)", "\(teacher.topP)",
            teacher.systemPrompt ?? "", "\(recipe.agent.passages)", teacher.model?.server.url ?? "",
        ]
        return SHA256.hex(Array(text.joined(separator: "\n").utf8))
    }
}
