import Knowledge
import Primitives
import Retrieval
import Storage
import Synthesis
import Training

/// Takes the questions of a data set from the graph to where they can be demonstrated: refined by models where the recipe
/// says so, and audited against benchmarks.
///
/// A finished refinement is kept with its questions and read back by later launches. An unfinished one is made again from the
/// answers that are kept, so that nothing is asked twice.
struct QuestionPreparation {
    let recipe: Recipe
    let graph: KnowledgeGraph
    /// What agents search.
    let index: DocumentIndex
    let directory: String
    let concurrency: Int
    let stop: StopSignal

    /// Questions for demonstrations, and how they came to be as they are.
    struct Result {
        var questions: [Question]
        var refinement: RefinementRecord?
        var contamination: ContaminationReport?
    }

    func prepare(report: (RefinementProgress) -> Void) async throws -> Result {
        let given = try QuestionSynthesizer(configuration: recipe.synthesis.configuration)
            .questions(of: graph, seed: recipe.seed).questions.filter { $0.split != .heldOut }
        var result = Result(questions: given)
        // Before any model is asked: a benchmark that cannot be read should cost nothing.
        let benchmarks = try recipe.synthesis.contamination?.items() ?? []
        if recipe.synthesis.difficulty != nil || recipe.synthesis.rewriting != nil {
            let (record, questions) = try await refined(given, report: report)
            guard !questions.isEmpty else { throw SynthesisError.noQuestionsLeft(reason: record.summary) }
            (result.refinement, result.questions) = (record, questions)
        }
        if let section = recipe.synthesis.contamination {
            let audit = section.audit(result.questions, for: benchmarks)
            result.contamination = audit
            let bytes = audit.json.serialized() + [UInt8(ascii: "\n")]
            try FileStore.writeAtomically(bytes, to: directory + "/contamination.json")
            if section.hits == .drop { result.questions.removeAll { audit.contaminated.contains($0.id) } }
            guard !result.questions.isEmpty else { throw SynthesisError.noQuestionsLeft(reason: audit.summary) }
        }
        return result
    }

    private func refined(
        _ given: [Question], report: (RefinementProgress) -> Void
    ) async throws -> (RefinementRecord, [Question]) {
        let inputs = try inputs(given)
        if let kept = try RefinementRecord.read(directory: directory, inputs: inputs, graph: graph) { return kept }
        let models = try RefinementModels(recipe.synthesis, directory: directory)
        let refinement = QuestionRefinement(
            graph: graph, calibrator: calibrator(models), rewriter: try rewriter(models), seed: recipe.seed,
            concurrency: concurrency)
        var latest: RefinementProgress?
        let result: QuestionRefinement.Result
        do {
            let stop = stop
            result = try await refinement.refine(given, isStopRequested: { stop.isRequested }) { progress in
                var progress = progress
                progress.cost = models.cost
                latest = progress
                report(progress)
            }
        } catch {
            switch error {
            case .cancelled:
                throw SynthesisError.refinementInterrupted(
                    directory: directory, finished: latest?.finished ?? 0, total: latest?.total ?? given.count)
            case .spendLimitReached(let reason): throw SynthesisError.refinementSpendLimitReached(reason: reason)
            case .failed(let reason), .unavailable(let reason): throw SynthesisError.model(reason: reason)
            }
        }
        let record = RefinementRecord(inputs: inputs, given: given, result: result, models: models.usage)
        try record.write(result, given: given, graph: graph, directory: directory)
        return (record, result.questions)
    }

    private func calibrator(_ models: RefinementModels) -> DifficultyCalibrator? {
        recipe.synthesis.difficulty.map { section in
            DifficultyCalibrator(
                graph: graph, index: index,
                panel: SolverPanel(solvers: models.solvers, configuration: section.panel),
                configuration: section.configuration)
        }
    }

    private func rewriter(_ models: RefinementModels) throws(SynthesisError) -> QuestionRewriter? {
        guard let section = recipe.synthesis.rewriting, let writer = models.rewriter, let reader = models.reader else {
            return nil
        }
        var definitions: [EntityIndex: String] = [:]
        if let path = section.definitions { definitions = try EntityDefinitions.read(path, graph: graph) }
        return QuestionRewriter(
            model: writer, reader: reader, graph: graph, definitions: definitions,
            configuration: section.configuration)
    }

    /// What refined questions are a function of besides the models' answers.
    private func inputs(_ given: [Question]) throws(StorageError) -> JSONObject {
        let rewriting = recipe.synthesis.rewriting
        var definitions: String?
        if let path = rewriting?.definitions { definitions = try SHA256.hex(file: path) }
        return [
            "tool_version": .string(ToolVersion.current), "graph": .string(graph.digest),
            "seed": .integer(Int64(bitPattern: recipe.seed)), "questions": .string(RefinementRecord.hash(of: given)),
            "passages": .integer(recipe.agent.passages), "difficulty": recipe.synthesis.difficulty?.inputs ?? .null,
            "rewriting": rewriting?.inputs(definitions: definitions) ?? .null,
        ]
    }
}

/// The models that refine questions, and what they took.
private struct RefinementModels {
    private(set) var solvers: [RecipeLanguageModel] = []
    private(set) var rewriter: RecipeLanguageModel?
    private(set) var reader: RecipeLanguageModel?
    private var meters: [(role: String, server: ChatServerSection, meter: UsageMeter)] = []

    init(_ section: SynthesisSection, directory: String) throws {
        func model(_ server: ChatServerSection, _ role: String, file: String) throws -> RecipeLanguageModel {
            let meter = UsageMeter()
            meters.append((role, server, meter))
            return try server.languageModel(directory: directory, role: file, meter: meter)
        }
        if let difficulty = section.difficulty {
            solvers = try zip(difficulty.solvers, difficulty.roles).map { try model($0, "solver", file: $1) }
        }
        if let rewriting = section.rewriting {
            rewriter = try model(rewriting.rewriter, "rewriter", file: "rewriter")
            reader = try model(rewriting.reader, "reader", file: "reader")
        }
    }

    /// US dollars of all models.
    var cost: Double { meters.reduce(0) { $0 + $1.server.price.cost($1.meter.usage) } }

    var usage: [RefinementRecord.Model] {
        meters.map { role, server, meter in
            let tokens = meter.usage
            return RefinementRecord.Model(
                role: role, name: server.model, usage: ModelUsage(tokens: tokens, cost: server.price.cost(tokens)))
        }
    }
}
