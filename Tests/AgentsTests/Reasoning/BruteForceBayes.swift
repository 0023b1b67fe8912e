/// Bayes' rule by plain products over a list of facts, written from the model's description and independent of its
/// tables: no logarithms, no indices, sets of names only.
struct BruteForceBayes {
    struct Result {
        var candidates: [String: Double]
        var other: Double
    }

    let facts: [(String, String, String)]
    let diseases: [String]
    let frequency = 0.6, leakShare = 0.5, excluded = 0.1, match = 0.8, otherPrior = 0.1

    init(_ facts: [(String, String, String)]) {
        self.facts = facts
        var diseases: Set<String> = []
        func above(_ name: String) -> Set<String> {
            var all: Set<String> = [name]
            for fact in facts where fact.0 == name && fact.1 == "is_a" { all.formUnion(above(fact.2)) }
            return all
        }
        for name in Set(facts.flatMap { [$0.0, $0.2] }) where name.hasPrefix("D") {
            let describes = facts.contains {
                $0.1 == "has_phenotype" && above(name).contains($0.0) || $0.1 == "lacks_phenotype" && $0.0 == name
            }
            if describes { diseases.insert(name) }
        }
        self.diseases = diseases.sorted()
    }

    private func above(_ name: String) -> Set<String> {
        var all: Set<String> = [name]
        for fact in facts where fact.0 == name && fact.1 == "is_a" { all.formUnion(above(fact.2)) }
        return all
    }

    private func below(_ name: String) -> Set<String> {
        Set(facts.flatMap { [$0.0, $0.2] }).filter { above($0).contains(name) }
    }

    func has(_ disease: String, _ relation: String, _ value: String) -> Bool {
        facts.contains { $0.1 == relation && $0.2 == value && above(disease).contains($0.0) }
    }

    /// What is said of a disease and exactly this phenotype: the disease's own word first, and of one disease an
    /// exclusion before a statement.
    private func states(_ disease: String, _ phenotype: String) -> Bool? {
        if facts.contains(where: { $0 == (disease, "lacks_phenotype", phenotype) }) { return false }
        return has(disease, "has_phenotype", phenotype) ? true : nil
    }

    /// P(phenotype | each disease), and for something else.
    func probabilities(of phenotype: String) -> (diseases: [String: Double], other: Double) {
        let kinds = below(phenotype)
        let linked = diseases.filter { disease in kinds.contains { states(disease, $0) == true } }
        let background = (Double(linked.count) * frequency + 0.5 * frequency) / Double(diseases.count + 1)
        let leak = leakShare * background
        var result: [String: Double] = [:]
        for disease in diseases {
            if linked.contains(disease) {
                result[disease] = 1 - (1 - frequency) * (1 - leak)
                continue
            }
            let categories = above(phenotype).subtracting(kinds)
            if states(disease, phenotype) == false || categories.contains(where: { states(disease, $0) == false }) {
                result[disease] = excluded * leak
                continue
            }
            var best = 0.0
            for category in categories where states(disease, category) == true {
                let general = diseases.filter { states($0, category) != nil }.count
                best = max(best, (Double(linked.count) + 0.5) / Double(linked.count + general + 1))
            }
            result[disease] = 1 - (1 - best * frequency) * (1 - leak)
        }
        return (result, 1 - (1 - background) * (1 - leak))
    }

    func onsetProbabilities(_ value: String) -> (diseases: [String: Double], other: Double) {
        let described = diseases.filter { has($0, "onset", "Childhood onset") || has($0, "onset", "Adult onset") }
        let linked = described.filter { has($0, "onset", value) }
        let background = (Double(linked.count) + 0.5) / Double(described.count + 1)
        var result: [String: Double] = [:]
        for disease in diseases {
            result[disease] =
                !described.contains(disease)
                ? background
                : linked.contains(disease) ? match + (1 - match) * background : (1 - match) * background
        }
        return (result, background)
    }

    /// - Parameter evidence: phenotypes or onsets, and whether they are there; none implies another.
    func posterior(_ evidence: [(String, Bool)]) -> Result {
        var weights = Dictionary(uniqueKeysWithValues: diseases.map { ($0, (1 - otherPrior) / Double(diseases.count)) })
        var other = otherPrior
        for (finding, isPresent) in evidence {
            let likelihood = finding.hasSuffix("onset") ? onsetProbabilities(finding) : probabilities(of: finding)
            for (disease, probability) in likelihood.diseases {
                weights[disease, default: 0] *= isPresent ? probability : 1 - probability
            }
            other *= isPresent ? likelihood.other : 1 - likelihood.other
        }
        let total = weights.values.reduce(other, +)
        return Result(candidates: weights.mapValues { $0 / total }, other: other / total)
    }
}
