import Knowledge
import Primitives

/// What a synthesis makes of which questions.
public struct SynthesisPlan: Sendable {
    public var questions: [Question]
    public var graph: KnowledgeGraph
    public var seed: UInt64
    /// Trajectories per question.
    public var rollouts = 1
    /// The share of trajectories whose teacher is given guidance; the others explore.
    public var guidedShare = 0.5
    /// Demonstrations under way at the same time.
    public var concurrency = 4
    public var filters = FilterSettings()
    public var balance = SpecialtyBalance()
    /// At most so many trajectories of one question are taken; `nil` takes all that pass.
    public var maximumPerQuestion: Int?
    /// The share of answers whose conversations are for validation.
    public var validationShare = 0.05
    public var exportsOpenAI = true
    public var exportsShareGPT = true
    /// The tools as each row lists them.
    public var tools: [JSONValue] = []
    /// What the demonstrations are a function of besides, for example the recipe's hash.
    public var inputs: JSONObject = [:]
    /// How the questions came to be as they are, for the card.
    public var refinement: RefinementRecord?
    public var contamination: ContaminationReport?
    /// Whether questions that overlap with a benchmark are not among `questions`.
    public var leavesOutContaminated = false

    public init(questions: [Question], graph: KnowledgeGraph, seed: UInt64) {
        self.questions = questions
        self.graph = graph
        self.seed = seed
    }

    /// One trajectory to be made.
    struct Item: Sendable, Hashable {
        /// The question's index.
        var question: Int
        var rollout: Int
        var isGuided: Bool
    }

    /// Every trajectory, question by question. Which are guided is drawn by their keys.
    var items: [Item] {
        questions.indices.flatMap { question in
            (0..<rollouts).map { rollout in
                var random = TrajectoryKey(seed: seed, question: question, rollout: rollout).random(.guidance)
                return Item(question: question, rollout: rollout, isGuided: random.uniform() < guidedShare)
            }
        }
    }

    func key(of item: Item) -> TrajectoryKey {
        TrajectoryKey(seed: seed, question: item.question, rollout: item.rollout)
    }

    /// The names that guidance masks: of every entity that has to be found, ending with the answer.
    func maskedNames(of question: Question) -> [[String]] { names(of: question.certificate.sought) }

    /// The name and synonyms of every entity of the question, ending with the answer.
    func names(of question: Question) -> [[String]] { names(of: question.certificate.entities) }

    private func names(of entities: [EntityIndex]) -> [[String]] {
        entities.map { index in
            let entity = graph.entity(index)
            return [entity.name] + entity.synonyms
        }
    }
}
