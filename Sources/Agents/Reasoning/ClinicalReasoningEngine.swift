import Foundation
import Knowledge

/// Bayesian differential diagnosis over a knowledge graph: P(D | s, c) ∝ P(D | c) ∏ P(s | D, c), in log space.
///
/// The hypotheses are the candidates, which are the diseases that the graph or a table describes by findings, and
/// "something else", which stands for every other disease and shows each finding as often as diseases do on average.
/// They are taken to exclude one another, and findings to be independent given the disease; of findings that imply each
/// other only one counts. See ``CasePriors`` and ``FindingModel`` for the two kinds of probability.
///
/// A result depends on the case as a set of findings, not on their order.
public struct ClinicalReasoningEngine: Sendable {
    public let graph: KnowledgeGraph
    public let parameters: ReasoningParameters
    /// What of the tables names nothing that the graph describes.
    public let unmatchedRows: [String]

    let candidates: [EntityIndex]
    private let candidateNumber: [EntityIndex: Int32]
    /// The place of each candidate in the order of ids.
    private let rank: [Int32]
    private let kinds: [FindingLinks]
    private let hierarchy: Hierarchy
    private let resolver: CaseResolver
    private let priors: CasePriors
    private let frequencies: FrequencyTable
    /// The candidates' manifestations, by candidate.
    private let manifestations: [[EntityIndex]]
    /// The kind of the relation `onset` and its values with their ages.
    private let onsets: (kind: Int, values: [(entity: EntityIndex, ages: Range<Double>)])?

    public init(
        graph: KnowledgeGraph, frequencies: FrequencyTable = FrequencyTable(), priors table: PriorTable = PriorTable(),
        parameters: ReasoningParameters = ReasoningParameters()
    ) {
        self.graph = graph
        self.parameters = parameters
        self.frequencies = frequencies
        hierarchy = Hierarchy(graph: graph, relation: parameters.hierarchy)
        let builder = FindingLinksBuilder(
            graph: graph, parameters: parameters, hierarchy: hierarchy, table: frequencies)
        (candidates, kinds) = builder.build()
        candidateNumber = Dictionary(
            uniqueKeysWithValues: candidates.enumerated().map { ($1, Int32($0)) })
        let ids = candidates.map { graph.id(of: $0) }
        var rank = [Int32](repeating: 0, count: ids.count)
        for (place, number) in ids.indices.sorted(by: { ids[$0] < ids[$1] }).enumerated() {
            rank[number] = Int32(place)
        }
        self.rank = rank
        var linked: Set<EntityIndex> = []
        for links in kinds { linked.formUnion(links.findings) }
        let names = FindingNames(graph: graph, findings: linked.sorted())
        resolver = CaseResolver(graph: graph, names: names, kinds: kinds, hierarchy: hierarchy)
        priors = CasePriors(
            graph: graph, candidates: candidates, candidateNumber: candidateNumber, kinds: kinds, table: table,
            parameters: parameters)
        unmatchedRows = builder.unmatched + priors.unmatched
        var manifestations = [[EntityIndex]](repeating: [], count: candidates.count)
        for finding in kinds[0].findings {
            for link in kinds[0][finding] where link.frequency != nil {
                manifestations[Int(link.candidate)].append(finding)
            }
        }
        self.manifestations = manifestations
        onsets = Self.onsets(of: kinds, in: graph)
    }

    private static func onsets(
        of kinds: [FindingLinks], in graph: KnowledgeGraph
    ) -> (kind: Int, values: [(entity: EntityIndex, ages: Range<Double>)])? {
        guard let kind = kinds.firstIndex(where: { $0.kind == "onset" }) else { return nil }
        let values = kinds[kind].findings.compactMap { value in
            OnsetPeriod.ages(ofOnset: graph.name(of: value)).map { (entity: value, ages: $0) }
        }
        return (kind, values)
    }

    public var candidateCount: Int { candidates.count }

    /// Weighs the case.
    /// - Parameters:
    ///   - limit: the most hypotheses that the result explains.
    ///   - questionLimit: the most questions that it asks.
    public func diagnose(_ patient: ClinicalCase, limit: Int = 5, questionLimit: Int = 5) -> Differential {
        let (findings, unused) = resolver.resolve(patient)
        let evidence = evidence(findings, patient)
        let priors = priors.priors(for: patient)
        let posterior = Posterior(priors: priors, elsePrior: parameters.elsePrior, evidence: evidence)
        let order = candidates.indices.sorted { left, right in
            posterior.scores[left] == posterior.scores[right]
                ? rank[left] < rank[right] : posterior.scores[left] > posterior.scores[right]
        }
        let top = order.prefix(max(0, limit))
        let category = category(order: order, priors: priors, posterior: posterior)
        let verdict = verdict(evidence: evidence, leader: order.first, category: category, posterior: posterior)
        return Differential(
            verdict: verdict,
            hypotheses: top.map { hypothesis($0, prior: priors[$0], posterior: posterior, evidence: evidence) },
            elsePrior: parameters.elsePrior, elsePosterior: posterior.other, candidateCount: candidates.count,
            findings: evidence.map { Differential.Finding(text: $0.text, isPresent: $0.isPresent) }, unused: unused,
            questions: questions(findings, about: order.prefix(10), posterior, limit: questionLimit),
            category: verdict == .supported || evidence.isEmpty ? nil : category,
            priors: self.priors.statement(for: patient))
    }

    /// Every candidate's posterior in the order of ``candidates``, and that of something else.
    func posterior(_ patient: ClinicalCase) -> Posterior {
        let (findings, _) = resolver.resolve(patient)
        return Posterior(
            priors: priors.priors(for: patient), elsePrior: parameters.elsePrior,
            evidence: evidence(findings, patient))
    }

    private func model(_ entities: [EntityIndex], kind: Int) -> FindingModel {
        FindingModel(
            entities, in: kinds[kind], hierarchy: hierarchy, candidates: candidates,
            candidateNumber: candidateNumber, parameters: parameters)
    }

    private func evidence(_ findings: [ResolvedFinding], _ patient: ClinicalCase) -> [Posterior.Evidence] {
        var evidence = findings.map { finding in
            Posterior.Evidence(
                text: finding.text, isPresent: finding.isPresent, isCircumstance: !kinds[finding.kind].isManifestation,
                model: model(finding.entities, kind: finding.kind))
        }
        if let age = patient.onsetAge, let onsets {
            let values = onsets.values.filter { $0.ages.contains(age) }.map(\.entity)
            if !values.isEmpty {
                evidence.append(
                    Posterior.Evidence(
                        text: "onset at \(age == age.rounded() ? String(Int(age)) : String(age)) years",
                        isPresent: true, isCircumstance: true,
                        model: model(values, kind: onsets.kind)))
            }
        }
        return evidence
    }

    private func verdict(
        evidence: [Posterior.Evidence], leader: Int?, category: Differential.Category?, posterior: Posterior
    ) -> Differential.Verdict {
        guard let leader else { return .notEnoughInformation(.noCandidate) }
        guard evidence.contains(where: { !$0.isCircumstance }) else { return .notEnoughInformation(.noKnownFinding) }
        let best = posterior.probability(of: leader)
        if best >= parameters.minimumPosterior, best > posterior.other { return .supported }
        if let category, category.posterior > posterior.other,
            graph.index(id: category.id).flatMap({ candidateNumber[$0] }) != nil
        {
            return .supportedCategory
        }
        if posterior.other >= best { return .notEnoughInformation(.somethingElseLeads) }
        return .notEnoughInformation(.leaderBelow(parameters.minimumPosterior))
    }

    // MARK: Explanation

    private func hypothesis(
        _ candidate: Int, prior: Double, posterior: Posterior, evidence: [Posterior.Evidence]
    ) -> Differential.Hypothesis {
        Differential.Hypothesis(
            id: graph.id(of: candidates[candidate]), name: graph.name(of: candidates[candidate]), prior: prior,
            posterior: posterior.probability(of: candidate),
            factors: evidence.map { evidence in
                let probability = evidence.model.probability(of: candidate)
                return Differential.Factor(
                    finding: Differential.Finding(text: evidence.text, isPresent: evidence.isPresent),
                    probability: probability,
                    logLikelihoodRatio: FindingModel.logLikelihood(probability, isPresent: evidence.isPresent)
                        - FindingModel.logLikelihood(evidence.model.other, isPresent: evidence.isPresent),
                    basis: basis(evidence.model.entry(of: candidate), evidence))
            })
    }

    private func basis(_ entry: FindingModel.Entry?, _ evidence: Posterior.Evidence) -> Differential.Basis {
        guard let entry else { return .noLink }
        guard let link = entry.link else { return .circumstance("other values are stated") }
        let basis: Differential.Basis =
            switch link.basis {
            case .identity: .identity
            case .row(let row):
                .table(
                    disease: graph.name(of: link.holder), finding: graph.name(of: link.finding),
                    source: frequencies.rows[Int(row)].source)
            case .edge(let relation):
                .fact(
                    relation: graph.relations[Int(relation)].name, disease: graph.name(of: link.holder),
                    finding: graph.name(of: link.finding),
                    evidence: graph.evidence(of: Fact(head: link.holder, relation: relation, tail: link.finding)))
            }
        return entry.isPartial ? .category(basis) : basis
    }

    /// The findings of the leading candidates that the case does not speak of, by what their presence is expected to
    /// tell: the mutual information of the finding and the hypotheses, in bits.
    private func questions(
        _ findings: [ResolvedFinding], about leaders: ArraySlice<Int>, _ posterior: Posterior, limit: Int
    ) -> [Differential.Question] {
        guard limit > 0 else { return [] }
        var settled: Set<EntityIndex> = []
        var denied: Set<EntityIndex> = []
        for finding in findings {
            settled.formUnion(finding.isPresent ? finding.generalizations : Set(finding.entities))
            if !finding.isPresent { denied.formUnion(finding.entities) }
        }
        var open: Set<EntityIndex> = []
        for leader in leaders {
            for finding in manifestations[leader] where !settled.contains(finding) { open.insert(finding) }
        }
        let candidates = open.sorted().filter { finding in
            denied.isEmpty || !hierarchy.ancestors(of: finding).contains(where: denied.contains)
        }
        let questions = candidates.map { finding in
            (finding: finding, bits: posterior.information(of: model([finding], kind: 0)))
        }
        return questions.sorted { ($1.bits, $0.finding) < ($0.bits, $1.finding) }.prefix(limit).map {
            Differential.Question(finding: plainName($0.finding), bits: $0.bits)
        }
    }

    private func plainName(_ entity: EntityIndex) -> String {
        let entity = graph.entity(entity)
        return FindingNames.plainName(entity.name, type: entity.type)
    }

    /// The narrowest category whose kinds together reach the bound, and at least double their prior.
    private func category(order: [Int], priors: [Double], posterior: Posterior) -> Differential.Category? {
        var masses: [EntityIndex: Double] = [:]
        for candidate in order {
            let mass = posterior.probability(of: candidate)
            if mass < 1e-4 { break }
            for entity in [candidates[candidate]] + hierarchy.ancestors(of: candidates[candidate]) {
                masses[entity, default: 0] += mass
            }
        }
        var best: (entity: EntityIndex, mass: Double, prior: Double)?
        for (entity, mass) in masses.sorted(by: { $0.key < $1.key }) where mass >= parameters.minimumPosterior {
            let members = [entity] + hierarchy.descendants(of: entity)
            let prior = members.reduce(0) { $0 + (candidateNumber[$1].map { priors[Int($0)] } ?? 0) }
            if mass >= 2 * prior, prior < best?.prior ?? .infinity { best = (entity, mass, prior) }
        }
        return best.map {
            Differential.Category(id: graph.id(of: $0.entity), name: graph.name(of: $0.entity), posterior: $0.mass)
        }
    }
}
