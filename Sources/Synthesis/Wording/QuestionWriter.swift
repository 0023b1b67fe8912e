import Knowledge
import Primitives

/// What a question set's style of wording decides: the text and the specialty.
struct QuestionWriter {
    private let style: QuestionSynthesizer.Wording
    private let graph: KnowledgeGraph
    private let phrases: QuestionWording
    private let english: EnglishWording
    private let specialties: SpecialtyAssignment?

    init(_ style: QuestionSynthesizer.Wording, graph: KnowledgeGraph) {
        self.style = style
        self.graph = graph
        phrases = QuestionWording(relations: graph.relations)
        english = EnglishWording(graph: graph)
        specialties = style == .english ? SpecialtyAssignment(graph: graph) : nil
    }

    func text(of certificate: Certificate, random: inout CounterRandom) -> String {
        switch style {
        case .phrases:
            // The configuration sees to it that questions in this style are chains.
            certificate.query.constraints.map { chain in
                phrases.question(
                    anchor: graph.entity(chain.anchor).name, steps: chain.steps,
                    opening: random.integer(below: QuestionWording.openings.count))
            }.joined(separator: " ")
        case .english:
            english.question(for: EntityDescription(certificate.query), random: &random)
        }
    }

    /// Whether the text gives the answer or an intermediate entity away.
    func leaks(_ question: Question) -> Bool {
        !LeakCheck(text: question.text).findings(for: question.certificate.sought.map { graph.entity($0) }).isEmpty
    }

    func specialty(of certificate: Certificate) -> String? {
        if let specialties { return specialties.specialty(ofChain: certificate.entities) }
        return certificate.entities.lazy.compactMap { graph.entity($0).specialty }.first
    }
}
