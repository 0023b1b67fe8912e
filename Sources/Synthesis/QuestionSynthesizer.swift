import Knowledge
import Primitives
import Rewards

/// Makes questions from every certified chain of a graph, and from conjunctions of chains, and divides them into splits.
public struct QuestionSynthesizer: Sendable {
    /// How chains become text.
    public enum Wording: String, Sendable, Hashable, CaseIterable {
        /// The relations' own noun phrases, nested. The rule-based teacher reads these back.
        case phrases
        /// `EnglishWording`, with specialties by `SpecialtyAssignment`.
        case english
    }

    public struct Configuration: Sendable, Hashable {
        public var wording = Wording.phrases
        /// How many hops a question may have.
        public var hops = 2...4
        /// Relations that no question uses in either direction. The default ones lead to a handful of entities, whose
        /// names could be guessed.
        public var excludedRelations = ["inheritance", "onset", "transmitted_by"]
        /// 1 asks for chains that are unambiguous at every hop.
        public var maximumCandidatesPerStep = 1
        /// The share of questions with several constraints, as far as the graph gives enough of them. They need `english`.
        public var conjunctionShare = 0.0
        /// At least so many questions are held out.
        public var heldOutCount = 128
        /// So many questions go to the supervised stage; what is left goes to reinforcement.
        public var supervisedCount = 300
        /// `nil` keeps all.
        public var reinforcementLimit: Int?

        public init() {}
    }

    public var configuration: Configuration

    public init(configuration: Configuration = Configuration()) { self.configuration = configuration }

    /// The questions of a graph; the same for the same graph, configuration and seed.
    ///
    /// Ids and order follow the graph alone, so that another seed changes wording and splits but not which chain has
    /// which id.
    public func questions(of graph: KnowledgeGraph, seed: UInt64) throws(SynthesisError) -> QuestionSet {
        try validate(for: graph)
        let steps = Set(graph.allSteps.filter { !configuration.excludedRelations.contains(graph.relation($0).name) })
        let sampler = ChainSampler(
            hops: configuration.hops, allowedSteps: steps,
            maximumCandidatesPerStep: configuration.maximumCandidatesPerStep)
        let sample = sampler.sample(graph)
        let certificates =
            sample.certificates + conjunctions(of: graph, steps: steps, chainCount: sample.certificates.count)
        var counts = QuestionSet.Counts()
        counts.certified = certificates.count
        counts.truncatedAnchors = sample.truncatedAnchors.count

        let writer = QuestionWriter(configuration.wording, graph: graph)
        var questions: [Question] = []
        for (number, certificate) in certificates.enumerated() {
            let question = try question(
                number: number, certificate: certificate, graph: graph, writer: writer, seed: seed)
            if writer.leaks(question) { counts.leaking += 1 } else { questions.append(question) }
        }
        guard questions.count > configuration.heldOutCount else {
            throw .tooFewQuestions(found: questions.count, requested: configuration.heldOutCount)
        }
        split(&questions, counts: &counts, seed: seed)
        return QuestionSet(questions: questions, counts: counts)
    }

    private func validate(for graph: KnowledgeGraph) throws(SynthesisError) {
        if configuration.hops.lowerBound < 1 {
            throw .invalidConfiguration(field: "hops", found: "\(configuration.hops)", expected: "at least 1")
        }
        for (field, value, least) in [
            ("maximum_candidates_per_step", configuration.maximumCandidatesPerStep, 1),
            ("held_out", configuration.heldOutCount, 0), ("supervised", configuration.supervisedCount, 0),
        ] where value < least {
            throw .invalidConfiguration(field: field, found: "\(value)", expected: "at least \(least)")
        }
        guard (0...1).contains(configuration.conjunctionShare) else {
            throw .invalidConfiguration(
                field: "conjunction_share", found: "\(configuration.conjunctionShare)", expected: "a share from 0 to 1")
        }
        if configuration.conjunctionShare > 0, configuration.wording == .phrases {
            throw .invalidConfiguration(
                field: "wording", found: "phrases", expected: "english, because nested phrases cannot word conjunctions"
            )
        }
        for name in configuration.excludedRelations where graph.relationIndex(name: name) == nil {
            throw .unknownRelation(name: name, known: graph.relations.map(\.name))
        }
    }

    /// As many conjunctions as make up their share beside the chains. Like the chains they are those of the graph, whatever
    /// the seed.
    private func conjunctions(of graph: KnowledgeGraph, steps: Set<Step>, chainCount: Int) -> [Certificate] {
        let share = configuration.conjunctionShare
        guard share > 0 else { return [] }
        let sampler = QuerySampler(
            hops: configuration.hops.clamped(to: 2...max(2, configuration.hops.upperBound)), allowedSteps: steps,
            conjunctionShare: 1, maximumPerEntity: Self.conjunctionsPerAnswer,
            maximumCandidates: max(2, configuration.maximumCandidatesPerStep), seed: 0)
        let count = share < 1 ? (Double(chainCount) * share / (1 - share)).rounded() : .infinity
        return sampler.sample(graph.asserted, count: count < 1e9 ? Int(count) : .max)
    }

    private static let conjunctionsPerAnswer = 8

    private func question(
        number: Int, certificate: Certificate, graph: KnowledgeGraph, writer: QuestionWriter, seed: UInt64
    ) throws(SynthesisError) -> Question {
        var random = CounterRandom(seed: seed, stage: .synthesis, step: number)
        let answer = graph.entity(certificate.answer)
        let digits = String(number)
        let id = "q" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        let gold = Gold(type: .entity, value: answer.name, aliases: answer.synonyms)
        do throws(RewardError) { try gold.validate() } catch { throw .unusableGold(question: id, reason: error) }
        return Question(
            id: id,
            text: writer.text(of: certificate, random: &random),
            gold: gold, chains: certificate.names(in: graph), specialty: writer.specialty(of: certificate),
            split: .reinforcement, certificate: certificate)
    }

    /// Sets every question's split and removes those that no split takes.
    private func split(_ questions: inout [Question], counts: inout QuestionSet.Counts, seed: UInt64) {
        var random = CounterRandom(seed: seed, stage: .synthesis, group: 1)
        let selection = HeldOutSelection(
            candidates: questions.map { question in
                HeldOutSelection.Candidate(
                    entities: question.certificate.sought, hops: question.hops, specialty: question.specialty,
                    form: question.certificate.query.constraints.flatMap(\.steps))
            }, count: configuration.heldOutCount, random: &random)
        let entangled = selection.entangled
        counts.entangled = entangled.count

        var free = questions.indices.filter { !selection.chosen.contains($0) && !entangled.contains($0) }
        random.shuffle(&free)
        let supervised = Set(free.prefix(configuration.supervisedCount))
        let rest = free.dropFirst(configuration.supervisedCount)
        let reinforcement = Set(rest.prefix(configuration.reinforcementLimit ?? rest.count))
        counts.surplus = rest.count - reinforcement.count

        questions = questions.indices.compactMap { index in
            var question = questions[index]
            if selection.chosen.contains(index) {
                question.split = .heldOut
            } else if supervised.contains(index) {
                question.split = .supervised
            } else if reinforcement.contains(index) {
                question.split = .reinforcement
            } else {
                return nil
            }
            return question
        }
    }
}
