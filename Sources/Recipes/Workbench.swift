import Agents
import Evaluation
import Knowledge
import Primitives
import Retrieval
import Rewards
import Storage
import Synthesis
import Tokenizers
import Training

/// Everything of a two-stage run that is a function of the recipe alone: facts, documents, questions, tools, reward.
struct Workbench: Sendable {
    let recipe: Recipe
    let graph: KnowledgeGraph
    let questions: QuestionSet
    /// Fictional worlds to practise on besides.
    let practice: PracticeWorlds
    let tokenizer: Tokenizer
    let renderer: any ChatRenderer
    private let agentTools: AgentTools
    let environment: ResearchEnvironment
    let tokenizerFile: String
    /// The conversations that the supervised stage takes from files.
    let dataset: SupervisedDataset?

    /// Entities of a practice world.
    private static let practiceWorldSize = 400

    /// Makes a workbench for the time that `body` takes.
    static func with<Value>(_ recipe: Recipe, _ body: (Workbench) async throws -> Value) async throws -> Value {
        let bench = try await Workbench(recipe)
        do {
            let value = try await body(bench)
            await bench.agentTools.close()
            return value
        } catch {
            await bench.agentTools.close()
            throw error
        }
    }

    private init(_ recipe: Recipe) async throws {
        self.recipe = recipe
        graph = try KnowledgeGraph.load(directory: recipe.knowledge.graph)
        questions = try QuestionSynthesizer(configuration: recipe.synthesis.configuration)
            .questions(of: graph, seed: recipe.seed)
        practice = try PracticeWorlds(
            like: graph, configuration: recipe.synthesis.configuration, count: recipe.synthesis.practiceWorlds,
            size: Self.practiceWorldSize, seed: recipe.seed)
        for question in questions.questions + practice.questions { try question.gold.validate() }
        tokenizerFile = recipe.tokenizerDirectory + "/tokenizer.json"
        tokenizer = try Tokenizer.load(path: tokenizerFile)
        renderer = try recipe.model.rendering.renderer(tokenizer, modelPath: recipe.tokenizerDirectory)
        try recipe.checkPacking()
        if let section = recipe.supervised, let files = section.dataset {
            dataset = try await SupervisedDataset(
                files, encoder: recipe.conversationEncoder(section, files, renderer: renderer))
        } else {
            dataset = nil
        }
        let composer = MonographComposer()
        let documents = ([graph] + practice.graphs).flatMap { composer.documents(of: $0) }
        let reward = CompositeReward(composition: recipe.reinforcement?.reward.composition ?? RewardComposition())
        let weighsExpert = reward.composition.weights.expert > 0
        let expert = try weighsExpert ? recipe.judge?.expert(in: recipe.runDirectory) : nil
        let undecided = try recipe.judge?.undecided(in: recipe.runDirectory)
        // Last, because what was opened has to be closed.
        agentTools = try await AgentTools.open(recipe, graph: graph, search: DocumentIndex(documents: documents))
        let runner = EpisodeRunner(
            renderer: renderer, tokenizer: tokenizer, tools: agentTools.router, budgets: recipe.agent.budgets,
            rules: recipe.agent.rules, describesTools: recipe.agent.describesTools,
            selection: recipe.agent.selection == .all
                ? nil : recipe.agent.selection.policy(limit: recipe.agent.toolsOffered))
        environment = ResearchEnvironment(
            runner: runner, reward: reward, systemPrompt: nil, expert: expert, undecided: undecided)
    }

    var tools: ToolRouter { agentTools.router }

    /// The fingerprints of what the run reads besides the recipe.
    func inputs() throws(StorageError) -> [RunDescription.Input] {
        var inputs: [RunDescription.Input] = [
            .init(name: "knowledge", sha256: graph.digest),
            .init(name: "tokenizer", sha256: try SHA256.hex(file: tokenizerFile)),
        ]
        if recipe.backend.kind == .embedded {
            inputs.append(.init(name: "base", sha256: try SHA256.hex(file: recipe.model.base + "/model.safetensors")))
        }
        if let template = recipe.model.rendering.templateFile(modelPath: recipe.tokenizerDirectory) {
            inputs.append(.init(name: "chat_template", sha256: try SHA256.hex(file: template)))
        }
        return inputs + (dataset?.inputs ?? []) + (try AgentTools.inputs(of: recipe))
    }

    /// The held-out questions that are asked, spread evenly over all of them.
    var evaluationQuestions: [Question] {
        let all = questions.heldOut
        let wanted = recipe.evaluation.questions
        guard wanted > 0, wanted < all.count else { return all }
        return (0..<wanted).map { all[$0 * all.count / wanted] }
    }

    /// What the teacher shows: real questions, and as many of the fictional worlds as the recipe says.
    var supervisedQuestions: [Question] {
        questions.supervised + practice.supervised.prefix(recipe.synthesis.practiceSupervisedQuestions)
    }

    /// What the policy tries: real questions and those of the fictional worlds.
    var reinforcementQuestions: [Question] { questions.reinforcement + practice.reinforcement }

    /// The environment of training rollouts.
    /// - Parameter tokens: the most tokens that an episode may write; `nil` leaves it at the agent's budgets.
    func rolloutEnvironment(cutAfter tokens: Int?) -> ResearchEnvironment {
        guard let tokens else { return environment }
        var environment = environment
        environment.runner.budgets.maximumResponseTokens = min(
            tokens, environment.runner.budgets.maximumResponseTokens ?? .max)
        return environment
    }

    func evaluator() -> Evaluator<ResearchEnvironment> {
        Evaluator(
            environment: environment, questions: evaluationQuestions, temperature: recipe.evaluation.temperature,
            maximumConcurrency: recipe.agent.concurrency, seed: recipe.seed,
            failures: recipe.reinforcement?.failures ?? FailurePolicy())
    }

    /// Lets a teacher answer the supervised questions with the real tools.
    func trajectories() async throws(CancellationError) -> TrajectorySet {
        let asksForLists = recipe.synthesis.maximumCandidatesPerStep > 1 || recipe.synthesis.conjunctionShare > 0
        let teacher: any Teacher =
            asksForLists
            ? ListFollowingTeacher(relations: graph.relations) : RuleBasedTeacher(relations: graph.relations)
        let synthesizer = TrajectorySynthesizer(
            teacher: teacher, tools: tools, relations: graph.relations, maximumTurns: recipe.agent.budgets.maximumTurns)
        return try await synthesizer.trajectories(for: supervisedQuestions)
    }

    /// The trajectories as token sequences with a weight for each token.
    func examples(_ trajectories: TrajectorySet) throws -> [SupervisedSequence] {
        let descriptions = recipe.agent.describesTools ? tools.descriptions : []
        let mask = (recipe.supervised?.trainOn ?? .allAssistantMessages).mask
        return try trajectories.examples.map { example in
            let rendered = try renderer.trainingExample(
                messages: example.messages, tools: descriptions, mask: mask)
            return SupervisedSequence(tokens: rendered.tokens, weights: rendered.weights)
        }
    }
}

extension Recipe {
    /// Where `tokenizer.json` is.
    var tokenizerDirectory: String { model.tokenizer ?? model.base }
}

extension SynthesisSection {
    var configuration: QuestionSynthesizer.Configuration {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.wording = wording
        configuration.hops = minimumHops...maximumHops
        configuration.excludedRelations = excludedRelations
        configuration.maximumCandidatesPerStep = maximumCandidatesPerStep
        configuration.conjunctionShare = conjunctionShare
        configuration.heldOutCount = heldOutQuestions
        configuration.supervisedCount = supervisedQuestions
        return configuration
    }
}
