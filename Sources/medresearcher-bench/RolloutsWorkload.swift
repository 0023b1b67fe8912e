import Agents
import Backends
import Evaluation
import Knowledge
import Primitives
import Rewards
import Synthesis
import Tokenizers

/// Questions, a policy's canned turns and the environment that plays and scores them.
struct RolloutsWorkload: Sendable {
    /// Turns of an episode with tools: a call in each but the last.
    static let toolTurns = 4

    let environment: ResearchEnvironment
    let search: SampledSequence
    let answer: SampledSequence
    /// Begins each observation of the chat format.
    let responseMark: TokenID
    let promptTokens: Int
    let vocabularySize: Int
    private let certificate: Certificate

    var answerTokens: Int { answer.tokens.count }
    var answerTokenIDs: [TokenID] { answer.tokens }

    init(tokenizerPath: String) throws {
        let tokenizer = try Tokenizer.load(path: tokenizerPath)
        let renderer = try Qwen3Renderer(tokenizer: tokenizer)
        guard let mark = tokenizer.tokenID("<tool_response>") else {
            throw PythonPeer.Failure(description: "the tokenizer has no <tool_response>; give one of Qwen3's")
        }
        let runner = EpisodeRunner(
            renderer: renderer, tokenizer: tokenizer, tools: ToolRouter(tools: [CannedTool()]),
            budgets: EpisodeBudgets(
                maximumTurns: 8, maximumTokensPerTurn: 512, maximumEpisodeTokens: 16_384,
                maximumObservationTokens: 1024))
        environment = ResearchEnvironment(
            runner: runner, reward: CompositeReward(),
            systemPrompt: "You are a careful medical researcher. Use the tools, think step by step, and give the final "
                + "answer between <answer> and </answer>.")
        let thought = String(repeating: "The passage names a drug that treats the disease in question. ", count: 18)
        let call = "{\"name\": \"search\", \"arguments\": {\"query\": \"drug of first choice in asthma\"}}"
        answer = Self.turn("<think>\n\(thought)\n</think>\n\n<answer>salbutamol</answer><|im_end|>", tokenizer)
        search = Self.turn(
            "<think>\n\(thought.prefix(400))\n</think>\n\n<tool_call>\n\(call)\n</tool_call><|im_end|>", tokenizer)
        responseMark = mark
        vocabularySize = tokenizer.vocabularySize
        certificate = try Self.certificate()
        let first = Question(
            id: "q", text: Self.text(0), gold: Self.gold, chains: [], specialty: nil, split: .reinforcement,
            certificate: certificate)
        promptTokens = try renderer.prompt(
            messages: first.prompt(systemPrompt: environment.systemPrompt), tools: runner.tools.descriptions
        ).count
    }

    func question(_ number: Int) -> Question {
        Question(
            id: "q\(number)", text: Self.text(number), gold: Self.gold, chains: [["asthma", "salbutamol"]],
            specialty: nil, split: .reinforcement, certificate: certificate)
    }

    private static let gold = Gold(type: .entity, value: "Salbutamol", aliases: ["albuterol"])

    private static func text(_ number: Int) -> String {
        "Case \(number / 8): which drug is of first choice for the relief of the disease of the airways that is caused by "
            + "a hyperreactive bronchial system and treated with inhaled steroids in the long run?"
    }

    private static func turn(_ text: String, _ tokenizer: Tokenizer) -> SampledSequence {
        let tokens = tokenizer.encode(text, splitSpecialTokens: false)
        var random = CounterRandom(seed: 9, stage: .sampling)
        return SampledSequence(
            tokens: tokens, logprobs: tokens.map { _ in Float(-3 * random.uniform()) }, stopReason: .stop)
    }

    /// Of a graph of one fact.
    private static func certificate() throws -> Certificate {
        let treats = Relation(
            name: "treats", inverseName: "treated_by", domain: ["drug"], range: ["disease"], isTransitive: false,
            isAcyclic: false, inheritedAlong: nil,
            forward: RelationPhrases(sentence: "{subject} treats {object}.", phrase: "what {x} treats"),
            inverse: RelationPhrases(sentence: "{subject} is treated by {object}.", phrase: "what treats {x}"))
        let graph = try KnowledgeGraph(
            relations: [treats],
            entities: [
                Entity(id: "asthma", name: "asthma", type: "disease"),
                Entity(id: "salbutamol", name: "salbutamol", type: "drug"),
            ],
            triples: [
                Triple(
                    head: 1, relation: 0, tail: 0,
                    evidence: Evidence(source: "benchmark", licence: "CC0-1.0", document: "doc:0"))
            ])
        let step = Step(relation: 0, isInverse: true)
        switch graph.certify(ChainQuery(anchor: 0, steps: [step])) {
        case .success(let certificate): return certificate
        case .failure(let failure): throw PythonPeer.Failure(description: "\(failure)")
        }
    }
}

/// Answers every query with the same passage.
private struct CannedTool: Tool {
    private static let passage = String(
        repeating: "Salbutamol is a short-acting agonist at the beta-2 adrenergic receptor. ", count: 6)

    var description: ToolDescription {
        ToolDescription(
            name: "search", description: "Searches the medical library and returns the best passages.",
            parameters: [
                "type": "object",
                "properties": ["query": ["type": "string", "description": "What to look for."]],
                "required": ["query"],
            ])
    }

    func call(arguments: JSONValue) async -> ToolResult { ToolResult(content: Self.passage) }
}
